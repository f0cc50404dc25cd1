import { longestSerialChain } from '../sandbox';
import { fail, mismatch, play } from '../sandbox/demo/play';
import { confirmed, destinationVaultArn, likely, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World } from '../sandbox/demo/world';
import { coldHandler, run } from './run';

jest.setTimeout(60_000);

const named = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

describe('every scenario is diagnosed as what was broken', () => {
  let world: World;
  beforeAll(async () => {
    const destinations = [...new Set(scenarios.map(destinationVaultArn))];
    world = await createWorld({ destinations, now: scenarios[0]?.at ?? '', loadHandler: coldHandler });
  });
  afterAll(() => world.close());

  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const outcome = await play(world, scenario);

    expect(mismatch(outcome, scenario.expected)).toBeUndefined();
    expect(outcome.mail.subject).toMatch(/^\[Action\] Copy to [\w-]+ failed: [\x20-\x7e]+$/);
    expect(world.deadLetters()).toEqual([]);
  });
});

it('waits at most 4 round trips from a cold start to the verdict', async () => {
  const scenario = named('source-key-policy-lacks-grants');
  const world = await createWorld({ destinations: [destinationVaultArn(scenario)], loadHandler: coldHandler });
  const { sandbox } = world;
  await fail(world, scenario, async (event) => {
    sandbox.clearCalls();
    sandbox.latencyMs = 30;
    await world.deliver(event);
  });
  await world.close();

  const calls = sandbox.calls.filter(({ service }) => service !== 'sns');
  const chain = longestSerialChain(calls).map(({ operation }) => operation);
  expect(calls.some(({ operation }) => operation === 'AssumeRole')).toBe(true);
  expect(calls.some(({ operation }) => operation === 'GetKeyPolicy')).toBe(true);
  expect(chain.length).toBeGreaterThanOrEqual(3);
  expect(chain.length).toBeLessThanOrEqual(4);
});

describe('--json', () => {
  it('prints one document with exactly these members', async () => {
    const { code, out, err } = await run(['--json', '--scenario', 'destination-not-readable']);
    const document = JSON.parse(out);

    expect(code).toBe(0);
    expect(err).toContain('destination-not-readable');
    expect(Object.keys(document)).toEqual(['scenarios']);
    const [first] = document.scenarios;
    expect(Object.keys(first)).toEqual(['scenario', 'injected', 'causes', 'ruledOut', 'notCheckable', 'mail']);
    expect(first).toMatchObject({ scenario: 'destination-not-readable', injected: false });
    expect(Object.keys(first.causes[0])).toEqual(['id', 'confidence', 'fix']);
    expect(Object.keys(first.notCheckable[0])).toEqual(['id', 'missing']);
    expect(Object.keys(first.notCheckable[0].missing[0])).toEqual(['permission', 'account', 'reason']);
    expect(Object.keys(first.mail)).toEqual(['subject', 'body']);
    // What is mended first is said first.
    const [heading, ...lines] = first.mail.body.split('\n\n')[0].split('\n');
    expect(heading).toBe('THE DESTINATION ACCOUNT COULD NOT BE READ');
    expect(lines.join('\n')).toContain('aws cloudformation deploy --region eu-west-1 --template-file');
    expect(lines.join('\n')).toMatch(/VaultNames=dr-destination-not-readable$/);
  });

  it('marks what was injected', async () => {
    const { out } = await run(['--json', '--scenario', 'uncatalogued']);
    expect(JSON.parse(out).scenarios[0]).toMatchObject({ scenario: 'uncatalogued', injected: true });
  });
});

describe('exit code', () => {
  it('is 1 and says which, when one scenario is not diagnosed as what had been broken', async () => {
    const wrong = { ...named('vault-policy-denies'), expected: [confirmed('vault-policy-lacks-source')] };
    const { code, out, err } = await run([], [named('vault-policy-lacks-source'), wrong]);

    expect(code).toBe(1);
    expect(out).toContain('1 of 2 diagnosed');
    expect(err).toContain('vault-policy-denies: diagnosed as vault-policy-denies (confirmed) instead of');
  });

  it('is 1 when a copy does not fail at all', async () => {
    const { name, line, expected } = named('vault-policy-denies');
    const { code, err } = await run([], [{ name, line, expected }]);

    expect(code).toBe(1);
    expect(err).toContain('did not fail: COMPLETED');
  });

  test.each([
    ['fewer', [], [confirmed('vault-policy-denies')]],
    ['more', ['vault-policy-denies', 'tag-copy-failed'], [confirmed('vault-policy-denies')]],
    [
      'another order',
      ['tag-copy-failed', 'vault-policy-denies'],
      [confirmed('vault-policy-denies'), likely('tag-copy-failed')],
    ],
  ])('mismatch sees %s causes', (_, ids, expected) => {
    const causes = ids.map((id) => ({ id, confidence: 'confirmed', fix: 'manual' }));
    const outcome = {
      scenario: '',
      injected: false,
      causes,
      ruledOut: [],
      notCheckable: [],
      mail: { subject: '', body: '' },
    };
    expect(mismatch(outcome, expected)).toMatch(/^diagnosed as/);
  });
});

it('--serve prints the endpoint, accounts, keys and jobs', async () => {
  const { code, out } = await run(['--serve']);

  expect(code).toBe(0);
  expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  expect(out).toContain('222222222222  copies go here\n');
  expect(out.match(/^ {2}[0-9A-Fa-f-]{36} {2}[a-z-]+$/gm)).toHaveLength(6);
  expect(out).toMatch(/copy-doctor diagnose [0-9A-Fa-f-]{36} --profile source/);
});
