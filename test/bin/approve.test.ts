import { DESTINATION, REGION, SOURCE } from '../core/evidence-fixture';
import { cli, expectOneLine } from './cli-harness';
import {
  AT,
  atTerminal,
  begin,
  closeHub,
  decisions,
  hub,
  id,
  nextIncident,
  openHub,
  plan,
  PROD,
  STRANGER,
} from './hub-fixture';

beforeAll(openHub);
afterAll(closeHub);
beforeEach(nextIncident);

describe('at a terminal', () => {
  test('shows everything but the hash, asks for it, and decides', async () => {
    const { code, stdout, stderr } = await atTerminal([begin()], 'approve', id, ...PROD, '--reason', 'CHG-4711');
    expect([code, stderr.includes('unexpected')]).toEqual([0, false]);
    const screen = stdout.slice(0, stdout.indexOf('Decided'));
    expect(screen).toMatchSnapshot();
    expect(`${screen}${stderr}`).not.toContain(begin());
    expect(stderr).toContain('type the first 12 characters of the plan');
    expect(stdout).toContain(
      `The owner makes the change, with a profile of account ${DESTINATION} as OWNER:\n` +
        `  npx --no-install copy-doctor apply ${id} --region ${REGION} --account ${SOURCE} --profile OWNER\n` +
        `Unless account ${DESTINATION}, or your role in it, is among the deployment's approvers, add --hub-profile`,
    );
    expect(await decisions()).toEqual([
      expect.objectContaining({ decision: 'approved', planHash: plan.hash, revision: 1, reason: 'CHG-4711' }),
    ]);
    expect(hub.queue.messages.map(({ body }) => body)).toEqual([JSON.stringify({ incident: id })]);
  });

  test('rejects in the same way', async () => {
    const { code, stdout } = await atTerminal([begin()], 'reject', id, ...PROD);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Decided: incident \w+, revision 1, is rejected\.\n.*\n.*\n\nNothing is changed\./);
    expect(await decisions()).toMatchObject([{ decision: 'rejected' }]);
  });

  test('one mistake is forgiven; the whole hash and capitals are taken', async () => {
    const { code, stderr } = await atTerminal(['yes', plan.hash.toUpperCase()], 'approve', id, ...PROD);
    expect(code).toBe(0);
    expect(stderr).toContain("This is not how the plan's hash begins.");
  });

  test.each([
    [
      'two mistakes',
      () => ['000000000000', begin().slice(0, 11), begin()],
      'these characters are not those of this plan',
    ],
    ['nothing', () => [''], 'nothing was typed'],
    ['an end of input', () => [], 'nothing was typed'],
  ])('%s: nothing is decided', async (_, lines, why) => {
    const { code, stderr } = await atTerminal(lines(), 'approve', id, ...PROD);
    expect(code).toBe(2);
    expect(stderr.endsWith(`\ncopy-doctor: ${why}: nothing was done\n`)).toBe(true);
    expect(await decisions()).toEqual([]);
  });

  test('what a template owns comes first', async () => {
    const told = { kind: 'told', at: hub.hoursAgo(1), telling: 'opened' } as const;
    await hub.incidents.change(id, { ...told, template: { stack: 'vaults\u001b[31m', logicalId: 'Dr' } });
    const { stdout } = await atTerminal([], 'approve', id, ...PROD);
    expect(stdout).toMatch(/^The CloudFormation stack vaults\[31m owns this resource, there called Dr\.\n/);
    expect(stdout).toContain(`\nHow: npx --no-install copy-doctor show ${id} ${PROD.join(' ')} --as cfn\n`);
    expect(stdout).toMatch(/State +proposed, waits for a decision until \d{4}-\d\d-\d\d \d\d:\d\d UTC\n/);
  });

  test('with --json only JSON is on stdout', async () => {
    const { code, stdout, stderr } = await atTerminal([begin()], 'approve', id, ...PROD, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ incident: id, status: 'put', decision: { decision: 'approved' } });
    expect(stderr).toContain('THE EXACT CHANGE');
  });
});

describe('in a script', () => {
  test('--plan and --yes decide without a question', async () => {
    const { code, stdout, stderr } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes', '--json');
    expect([code, stderr]).toEqual([0, `Reading incident ${id}...\n`]);
    expect(JSON.parse(stdout)).toEqual({
      incident: id,
      state: 'proposed',
      status: 'put',
      decision: expect.objectContaining({ planHash: plan.hash }),
      madeBy: 'owner',
      next: `npx --no-install copy-doctor apply ${id} --region ${REGION} --account ${SOURCE} --profile OWNER`,
    });
  });

  test.each<[string, string[], RegExp]>([
    ['no terminal', [], /no terminal.*--plan HASH --yes/],
    ['--yes alone', ['--yes'], /--yes needs --plan/],
    ['--plan alone', ['--plan', '0'.repeat(12)], /goes with --yes/],
    ['too little of a hash', ['--plan', '0'.repeat(11), '--yes'], /at least 12/],
    ['no hash', ['--plan', 'latest\u0007', '--yes'], /--plan latest is no hash/],
    ['a long reason', ['--plan', '0'.repeat(12), '--yes', '--reason', 'x'.repeat(501)], /501 characters/],
  ])('%s is wrong input, before AWS is asked', async (_, options, words) => {
    hub.sandbox.clearCalls();
    const ran = await cli('approve', id, ...PROD, ...options);
    expect(ran.code).toBe(2);
    expectOneLine(ran, words);
    expect(hub.sandbox.calls).toEqual([]);
  });

  test('another plan than the one that is meant', async () => {
    const { code, stderr } = await cli('approve', id, ...PROD, '--plan', '0'.repeat(12), '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(/has another plan than --plan 0{12}: nothing was decided\. Next: npx --no-install .* show /);
    expect(await decisions()).toEqual([]);
  });
});

describe('what was decided before', () => {
  const approve = (profile = 'prod') => cli('approve', id, ...AT, '--profile', profile, '--plan', begin(), '--yes');

  test('the same way: says so, and passes it on once more', async () => {
    await approve();
    hub.queue.messages.length = 0;
    const { code, stdout } = await approve();
    expect(code).toBe(0);
    expect(stdout).toContain(`Decided before: incident ${id}, revision 1, is approved.`);
    expect(hub.queue.messages).toHaveLength(1);
    const other = await approve('stranger');
    expect(other.code).toBe(0);
    expect(other.stdout).toMatch(/Decided before.*\n +By +arn:aws:iam::1{12}/);
    expect(await decisions()).toHaveLength(1);
  });

  test('the same way, and taken up since', async () => {
    await approve();
    const decision = await hub.incidents.decision(id, 1);
    if (!decision) throw new Error('not decided');
    await hub.incidents.change(id, { kind: 'decided', at: decision.at, decision });
    const { code, stdout } = await approve();
    expect([code, stdout.includes('Decided before')]).toEqual([0, true]);
  });

  test('the other way: says who, and changes nothing', async () => {
    await cli('reject', id, ...PROD, '--plan', begin(), '--yes', '--reason', 'too wide');
    const { code, stderr } = await approve();
    expect(code).toBe(1);
    expect(stderr).toMatch(/was rejected by arn:aws:\S+ at [-\d]+ [\d:]+ UTC \("too wide"\)\. That stands/);
    expect(await decisions()).toMatchObject([{ decision: 'rejected' }]);
  });
});

describe('what cannot be decided', () => {
  test('an incident that is not there', async () => {
    const { code, stderr } = await cli('approve', 'ZZZZZZZZ77777777', ...PROD, '--plan', begin(), '--yes');
    expect(code).toBe(2);
    expect(stderr).toMatch(/has no incident ZZZZZZZZ77777777/);
  });

  test('one that has expired, with the next step', async () => {
    await hub.incidents.change(id, { kind: 'told', at: hub.hoursAgo(73), telling: 'opened' });
    const { code, stderr } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /time to decide on incident \w+ is over since [-\d]+ [:\d]+ UTC\. .* Next: npx --no-install .* show /,
    );
    expect(await decisions()).toEqual([]);
  });

  test('one that is settled already', async () => {
    await hub.incidents.change(id, { kind: 'looked', at: new Date().toISOString(), policy: 'in-place', listed: false });
    const { code, stderr } = await atTerminal([begin()], 'approve', id, ...PROD);
    expect([code, stderr.includes('is in place. Nothing waits for this decision.')]).toEqual([1, true]);
  });

  test('a plan that is not what its hash names', async () => {
    await hub.incidents.putPlan(id, 1, { ...plan, after: { ...plan.after, Statement: [] } });
    const { code, stderr } = await atTerminal([begin()], 'approve', id, ...PROD);
    expect([code, stderr.includes('is not the one that its hash names. Do not decide')]).toEqual([1, true]);
    expect(await decisions()).toEqual([]);
  });

  test('a decision that could not be passed on is told as recorded', async () => {
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    hub.sandbox.faults.add({ service: 'sqs', operation: 'SendMessage', error });
    const { code, stderr } = await cli('approve', id, ...PROD, '--plan', begin(), '--yes');
    expect(code).toBe(1);
    expect(stderr).toMatch(/copy-doctor: The decision is recorded.*Run the same command again\.\n$/);
  });
});

test("people of other accounts decide in the approver role's name, which holds theirs", async () => {
  const { code, stdout } = await atTerminal([begin()], 'approve', id, ...AT, '--profile', 'stranger');
  expect(code).toBe(0);
  const [decision] = await decisions();
  expect(decision?.['by']).toMatch(
    new RegExp(`^arn:aws:sts::${SOURCE}:assumed-role/copy-doctor-${REGION}-approver/${STRANGER}\\+`),
  );
  expect(stdout).toContain(String(decision?.['by']));
});

describe('usage', () => {
  test('the help lists the commands in the order of their use', async () => {
    const { code, stdout } = await cli('--help');
    expect(code).toBe(0);
    const commands = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout)?.[1] ?? '';
    expect(commands.match(/(?<=^ {2})[\w-]+/gm)).toEqual([
      'diagnose',
      'incidents',
      'show',
      'approve',
      'reject',
      'apply',
      'rollback',
      'backfill',
      'unknown-messages',
      'drill',
      'checks',
      'explain',
      'resource-types',
      'help',
    ]);
    expect(commands.match(/^ {2}\w+.*? {2,}\S.*$/gm)).toHaveLength(14);
  });

  test.each([['approve'], ['reject']])('%s --help has examples and exit codes', async (command) => {
    const { code, stdout, stderr } = await cli(command, '--help');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`Examples:\\n {2}npx --no-install copy-doctor ${command} `));
    expect(stdout).toMatch(/Exit codes: 0 .*; 1 .*; 2 /);
  });

  test.each<[string[], RegExp]>([
    [['approve'], /missing required argument 'incident'/],
    [['approve', 'x', '--region', REGION], /"x" is not an incident's id/],
    [['approve', 'A'.repeat(16), '--account', '1'], /12 digits/],
    [['reject', 'A'.repeat(16), '--region', 'Ireland'], /eu-west-1/],
    [['reject', 'A'.repeat(16), 'B'], /too many arguments/],
    [['aprove'], /aprove.*approve/],
  ])('%j is one line and exit code 2', async (argv, words) => {
    const ran = await cli(...argv);
    expect(ran.code).toBe(2);
    expectOneLine(ran, words);
  });
});
