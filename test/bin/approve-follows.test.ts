import { cli } from './cli-harness';
import { AT, atTerminal, begin, closeHub, decisions, hub, id, nextIncident, openHub, PROD } from './hub-fixture';

beforeAll(openHub);
afterAll(closeHub);
beforeEach(nextIncident);

describe('who makes the change, and what follows', () => {
  const SERVICE = { applies: 'service', retry: 'ask' } as const;
  const APPLY = 'copy-doctor apply';

  test('the service: nothing is left to run; asks whether to copy again', async () => {
    await hub.become(id, SERVICE);
    const { code, stdout, stderr } = await atTerminal(['y', begin()], 'approve', id, ...PROD);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\nCOPYING AGAIN\n {2}2 copies of 2 resources failed\. Each resource once is 21\.0 GiB, and 1 resource of a size .*, from eu-west-1 \(account 1{12}\) to eu-west-1 \(account 2{12}\)\.\n/,
    );
    expect(stderr).toContain('Copy them again once the change has settled? [y/N] To approve this change, type');
    expect(stdout).toContain(
      '\n\nThe service makes the change within minutes; nothing is left to run.\n' +
        'Where the policy is another one by then, or a template owns the resource, it changes nothing and says so by mail.\n' +
        'Once the change has settled (a minute), one copy is started again first, then the others; a mail says what came of it.\n',
    );
    expect(stdout).not.toContain(APPLY);
    expect(await decisions()).toEqual([expect.objectContaining({ decision: 'approved', retry: true })]);
  });

  test.each([['n'], [''], ['yes please']])('%j is no yes', async (answer) => {
    await hub.become(id, SERVICE);
    const { code, stdout } = await atTerminal([answer, begin()], 'approve', id, ...PROD);
    expect([code, stdout.includes('No copy is started again: the next')]).toEqual([0, true]);
    expect(await decisions()).toEqual([expect.objectContaining({ retry: false })]);
  });

  test('an end of input at the question decides nothing', async () => {
    await hub.become(id, SERVICE);
    expect((await atTerminal([], 'approve', id, ...PROD)).code).toBe(2);
    expect((await atTerminal(['y'], 'approve', id, ...PROD)).code).toBe(2);
    expect(await decisions()).toEqual([]);
  });

  test.each([
    ['--retry', true],
    ['--no-retry', false],
  ])('%s is not asked for', async (flag, retry) => {
    await hub.become(id, SERVICE);
    const { stderr } = await atTerminal([begin()], 'approve', id, ...PROD, flag);
    expect(stderr).not.toContain('[y/N]');
    expect(await decisions()).toEqual([expect.objectContaining({ retry })]);
  });

  test('rejecting asks for no copies', async () => {
    await hub.become(id, SERVICE);
    const { code, stdout, stderr } = await atTerminal([begin()], 'reject', id, ...PROD);
    expect([code, stdout.includes('COPYING AGAIN'), stderr.includes('[y/N]')]).toEqual([0, false, false]);
    expect((await decisions())[0]).not.toHaveProperty('retry');
    expect((await cli('reject', id, ...PROD, '--retry')).stderr).toMatch(/unknown option '--retry'/);
  });

  test('in a script it has to be said', async () => {
    await hub.become(id, SERVICE);
    const yes = ['--plan', begin(), '--yes'];
    const unsaid = await cli('approve', id, ...PROD, ...yes);
    expect([unsaid.code, unsaid.stdout]).toEqual([2, '']);
    expect(unsaid.stderr).toMatch(/give --retry or --no-retry \(the setting "retry" is "ask"\)\n$/);
    expect(await decisions()).toEqual([]);
    const { code, stdout } = await cli('approve', id, ...PROD, ...yes, '--retry', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      incident: id,
      state: 'proposed',
      status: 'put',
      decision: expect.objectContaining({ retry: true }) as object,
      madeBy: 'service',
    });
    // The same once more is the same; another wish is not.
    expect((await cli('approve', id, ...PROD, ...yes)).code).toBe(0);
    const other = await cli('approve', id, ...PROD, ...yes, '--no-retry');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/was approved by .*; copies are started again\. That stands/);
  });

  test.each([
    ['never', '--retry', 'nothing is copied again'],
    ['never', '--no-retry', 'nothing is copied again'],
  ] as const)('where nothing is copied again (%s), %s is wrong', async (retry, flag, why) => {
    await hub.become(id, { ...SERVICE, retry });
    const { code, stderr } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes', flag);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`leave ${flag} out: the setting "retry" .* is "${retry}" .*, so ${why}`));
    expect(await decisions()).toEqual([]);
  });

  test('a template: the owner changes it, unless the person says otherwise', async () => {
    await hub.become(id, { ...SERVICE, retry: 'never' });
    const told = { kind: 'told', at: hub.hoursAgo(1), telling: 'opened' } as const;
    await hub.incidents.change(id, { ...told, template: { stack: 'vaults' } });
    const { stdout } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes');
    expect(stdout).toContain('The service changes nothing by itself here.\nThe CloudFormation stack vaults owns');
    expect(stdout).toContain(`${APPLY} ${id} ${AT.join(' ')} --profile OWNER --even-though-a-template-owns-it\n`);
    const again = await cli('approve', id, ...PROD, '--plan', begin(), '--yes', '--even-though-a-template-owns-it');
    expect([again.code, again.stderr.includes('That stands')]).toEqual([1, true]);
  });

  test('a template, all the same', async () => {
    await hub.become(id, { ...SERVICE, retry: 'never' });
    const told = { kind: 'told', at: hub.hoursAgo(1), telling: 'opened' } as const;
    await hub.incidents.change(id, { ...told, template: { stack: 'vaults' } });
    const even = '--even-though-a-template-owns-it';
    const { code, stdout } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes', even);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'The service makes the change within minutes; nothing is left to run.\nWhere the policy is another one by then, it',
    );
    expect(stdout).not.toContain(APPLY);
    expect(await decisions()).toEqual([expect.objectContaining({ evenThoughATemplateOwnsIt: true })]);
  });

  test('the owner: that option is for `apply`', async () => {
    const { code, stderr } = await cli(
      'approve',
      id,
      ...PROD,
      '--plan',
      begin(),
      '--yes',
      '--even-though-a-template-owns-it',
    );
    expect([code, stderr.includes('the owner of the resource makes this change; `apply` takes that option')]).toEqual([
      2,
      true,
    ]);
  });
});
