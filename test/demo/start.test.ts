import { longestSerialChain } from '../sandbox';
import { fail, mismatch, notCured, play, type Outcome } from '../sandbox/demo/play';
import { confirmed, destinationVaultArn, likely, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World } from '../sandbox/demo/world';
import { run } from './run';

const named = (name: string): Scenario => {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}`);
  return found;
};

describe('every scenario is diagnosed as what was broken', () => {
  let world: World;
  beforeAll(async () => {
    const destinations = [...new Set(scenarios.map(destinationVaultArn))];
    world = await createWorld({ destinations, now: scenarios[0]?.at ?? '' });
  });
  afterAll(() => world.close());

  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const outcome = await play(world, scenario);

    expect(mismatch(outcome, scenario.expected)).toBeUndefined();
    expect(notCured(outcome)).toBeUndefined();
    // What passes by itself is neither asked for nor left to people.
    const passes = outcome.causes.every(({ fix }) => fix === 'retry-later');
    const curable = outcome.outcome === 'resolved' ? /^\[Approve\] / : /^\[Action\] /;
    expect(outcome.mail.subject).toMatch(passes ? /^\[Info\] / : curable);
    expect(outcome.resultMail?.subject ?? '').toMatch(outcome.outcome === 'resolved' ? /^\[Info\] Resolved/ : /^$/);
    expect(outcome.mail.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(world.deadLetters()).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  it('cures with policies what policies can cure', async () => {
    const states = (await world.table.items()).flatMap(({ sk, kind, state }) => (sk === 'HEAD' ? [[kind, state]] : []));
    const policies = states.filter(([kind]) => kind === 'vault-policy' || kind === 'key-policy');
    expect(policies.length).toBeGreaterThanOrEqual(5);
    // A Deny, or accounts in different organizations: those have no plan.
    expect(policies.filter(([, state]) => state !== 'resolved' && state !== 'reported')).toEqual([]);
  });
});

it('waits at most 4 round trips from a cold start to the verdict', async () => {
  const scenario = named('source-key-policy-lacks-grants');
  const world = await createWorld({ destinations: [destinationVaultArn(scenario)] });
  const { sandbox } = world;
  await fail(world, scenario, async ({ event }) => {
    sandbox.clearCalls();
    sandbox.latencyMs = 30;
    await world.deliver(event);
  });
  await world.close();

  // The verdict stands when the last read of an account is answered; what it becomes is written afterwards.
  const calls = sandbox.calls.filter(({ service }) => !['dynamodb', 'sqs', 'sns'].includes(service));
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
    expect(Object.keys(first)).toEqual([
      'scenario',
      'injected',
      'causes',
      'ruledOut',
      'notCheckable',
      'mail',
      'incident',
      'outcome',
      'finalPolicies',
      'retries',
      'resultMail',
    ]);
    expect(first).toMatchObject({ scenario: 'destination-not-readable', injected: false, outcome: 'reported' });
    expect(first.incident).toMatch(/^[A-Z2-7]{16}$/);
    expect(first).toMatchObject({ finalPolicies: [], retries: [], resultMail: null });
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

  it('has the copies that were started again and the last mail, where it is cured', async () => {
    const { out } = await run(['--json', '--scenario', 'vault-policy-lacks-source']);
    const [{ retries, resultMail, outcome, finalPolicies }] = JSON.parse(out).scenarios;
    expect({ outcome, retries }).toEqual({
      outcome: 'resolved',
      retries: [{ copyJobId: expect.any(String), state: 'COMPLETED' }],
    });
    expect(resultMail.subject).toMatch(/^\[Info\] Resolved/);
    expect(resultMail.body).toContain('WHAT HAPPENED');
    expect(finalPolicies[0]).toMatchObject({ before: null, after: { Statement: [{ Effect: 'Allow' }] } });
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
    expect(mismatch({ causes }, expected)).toMatch(/^diagnosed as/);
  });

  const statement = (Sid: string) => ({ Sid, Effect: 'Allow' });
  const policyChange = (before: readonly object[] | null, after: readonly object[]) => ({
    finalPolicies: [
      { resource: 'vault', before: before && { Statement: before }, after: { Statement: after } },
    ] as Outcome['finalPolicies'],
  });
  const cured: Outcome = {
    scenario: '',
    injected: false,
    causes: [{ id: 'vault-policy-lacks-source', confidence: 'confirmed', fix: 'vault-policy' }],
    ruledOut: [],
    notCheckable: [],
    mail: { subject: '', body: '' },
    incident: 'A',
    outcome: 'resolved',
    ...policyChange([statement('a'), statement('b')], [statement('a'), statement('b'), statement('ours')]),
    retries: [{ copyJobId: 'R', state: 'COMPLETED' }],
    resultMail: { subject: '', body: '' },
  };
  test.each<[string, Partial<Outcome>, RegExp | undefined]>([
    ['nothing lost', {}, undefined],
    ['no policy before', policyChange(null, [statement('ours')]), undefined],
    ['nothing copied again', { retries: [{ copyJobId: 'R', state: 'FAILED' }] }, /no copy/],
    ['nobody told', { resultMail: null }, /told/],
    ['not resolved', { outcome: 'applied' }, /ended applied/],
    ['a statement lost', policyChange([statement('a'), statement('b')], [statement('a'), statement('ours')]), /lost/],
    [
      'another order',
      policyChange([statement('a'), statement('b')], [statement('b'), statement('a'), statement('c')]),
      /lost/,
    ],
    ['nothing added', policyChange([statement('a')], [statement('a')]), /lost/],
    ['no policy cures it', { causes: [{ id: 'x', confidence: 'confirmed', fix: 'manual' }] }, /instead of reported/],
  ])('notCured: %s', (_, changes, problem) => {
    const found = notCured({ ...cured, ...changes });
    if (problem) expect(found).toMatch(problem);
    else expect(found).toBeUndefined();
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

it('--storm counts incidents, mails, reads and memory', async () => {
  const { code, out } = await run(['--storm', '60', '--json']);
  const result = JSON.parse(out) as Record<string, number>;

  expect(code).toBe(0);
  expect(Object.keys(result)).toEqual([
    'failures',
    'incidents',
    'mails',
    'readsPerFailure',
    'retries',
    'readsPerRetry',
    'resultMails',
    'calls',
    'peakMemoryMB',
    'seconds',
  ]);
  expect(result).toMatchObject({ failures: 60, incidents: 3, mails: 3, retries: 60, resultMails: 3 });
  expect(result['peakMemoryMB']).toBeGreaterThan(20);
  expect(result['peakMemoryMB']).toBeLessThan(256);
});

it('--storm with keys opens an incident a key', async () => {
  const { out } = await run(['--storm', '30', '--keys', '5', '--json']);
  const { incidents, mails, retries } = JSON.parse(out) as Record<string, number>;
  // More than 3 at once are one digest.
  expect({ incidents, mails, retries }).toEqual({ incidents: 5, mails: 1, retries: 30 });
});

it('--interactive prints the command for the decision and waits', async () => {
  const { code, out } = await run(['--interactive']);
  expect(code).toBe(1);
  expect(out).toMatch(/npx --no-install copy-doctor approve [A-Z2-7]{16} --region eu-west-1 --account 111111111111/);
  expect(out).toContain('AWS_SHARED_CREDENTIALS_FILE=');
});
