import { readCaseFile } from '../../lambda/core/case-file';
import type { Proposal } from '../../lambda/core/incident/incident';
import { renderPlan, type PlanForm } from '../../lambda/core/plan/render-plan';
import { failedEvent, failureOf } from '../aws/incidents-fixture';
import { DESTINATION, SOURCE } from '../core/evidence-fixture';
import { cli, cliOn, expectOneLine, fileOf } from './cli-harness';
import { AT, closeHub, hub, id, nextIncident, openHub, plan, PROD } from './hub-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

beforeAll(openHub);
afterAll(closeHub);
beforeEach(nextIncident);

const show = (...more: readonly string[]) => cli('show', id, ...PROD, ...more);
describe('on the screen', () => {
  test('the change, how it came to it, and what can be done', async () => {
    await hub.incidents.change(id, { kind: 'told', at: hub.hoursAgo(50), telling: 'opened' });
    await hub.incidents.change(id, { kind: 'remind', at: hub.hoursAgo(25) });
    const { code, stdout } = await show();
    expect(code).toBe(0);
    const headings = stdout.split('\n').filter((line) => /^[A-Z][A-Z ]+( {3}|$)/.test(line));
    expect(headings.map((line) => line.split('   ')[0])).toEqual([
      'THE EXACT CHANGE',
      'PERMITS',
      'DOES NOT PERMIT',
      'TO UNDO',
      'STOPPED COPIES',
      'PLAN',
      'CAUSES',
      'WHAT HAPPENED',
      'LOG',
      'EVIDENCE',
      'NEXT',
    ]);
    // What `approve` asks for.
    expect(stdout).toContain(`PLAN\n  ${plan.hash.slice(0, 12)}   (${plan.hash})\n`);
    expect(stdout).toMatch(/vault-policy-lacks-source: The destination vault does not allow copies/);
    expect(stdout).toMatch(/It was opened at .* UTC by copy job job-1, from what was read at .* UTC\./);
    expect(stdout).toMatch(/People were told at .* UTC, and reminded once\./);
    expect(stdout).toMatch(/The change waits for a decision until .* UTC\./);
    expect(stdout).toContain('Next, within minutes, the service looks again');
    expect(stdout).toMatch(/LOG\n {2}\d{4}.* UTC {2}proposed\n {2}.* UTC {2}told opened\n {2}.* UTC {2}reminder due\n/);
    expect(stdout).toContain(`  npx --no-install copy-doctor show ${id} ${PROD.join(' ')} --evidence > case.json\n`);
    for (const verb of ['approve', 'reject', 'apply']) {
      expect(stdout).toContain(
        `  npx --no-install copy-doctor ${verb} ${id} ${AT.join(' ')}${verb === 'apply' ? ' --profile OWNER' : ' --profile prod'}\n`,
      );
    }
    expect(stdout).toContain('2 copies of 2 resources');
  });

  test('who decided, why, and what comes then', async () => {
    const decision = {
      incident: id,
      revision: 1,
      planHash: plan.hash,
      decision: 'approved' as const,
      by: `arn:aws:iam::${SOURCE}:user/jane`,
      at: hub.hoursAgo(10),
      reason: 'CHG-4711\u202e\u001b[2J',
    };
    await hub.incidents.change(id, { kind: 'decided', at: hub.hoursAgo(10), decision });
    const { stdout } = await show();
    expect(stdout).toMatch(/Approved by arn:aws:iam::111111111111:user\/jane at .* UTC: "CHG-4711\[2J"\./);
    expect(stdout).toContain('The change waits for the owner of the resource, who makes it.');
    expect(stdout).toMatch(/UTC {2}approved {14}proposed -> approved {4}by arn:aws:iam::111111111111:user\/jane\n/);
    expect(stdout).toContain(`The owner makes the change, with a profile of account ${DESTINATION} as OWNER:`);
    expect(stdout).not.toContain('copy-doctor approve');
  });

  test('how old the newest good copies are, the worst first, as of when that was looked at', async () => {
    const target = { destinationVaultArn: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr' };
    const volume = (name: string) => `arn:aws:ec2:eu-west-1:111111111111:volume/vol-${name}`;
    const begunAt = new Date(Date.now() - 3.5 * 86_400_000).toISOString();
    const newest = {
      readAt: hub.hoursAgo(5),
      resources: 4,
      without: 1,
      unread: 1,
      oldest: begunAt,
      worst: [
        { resourceArn: volume('a'), ...target },
        { resourceArn: volume('b'), ...target, begunAt },
      ],
    };
    expect(JSON.parse((await show('--json')).stdout).newest).toBeNull();
    await hub.incidents.putNewest(id, newest);
    const { stdout } = await show();
    expect(stdout).toContain(
      'NEWEST GOOD COPY\n  vol-a in the vault dr: none in the last 30 days\n  vol-b in the vault dr: 3 days old, begun ',
    );
    expect(stdout).toMatch(
      /\n {2}and 1 more, none of them older\n {2}Of 1 more resource it is not known\.\n.*30 days.*\n {2}Looked at .* UTC\.\n/,
    );
    expect(JSON.parse((await show('--json')).stdout).newest).toEqual(newest);
  });

  test('a template that owns it, with the commands', async () => {
    const template = { stack: 'vaults', logicalId: 'Dr' };
    await hub.incidents.change(id, { kind: 'told', at: hub.hoursAgo(50), telling: 'opened', template });
    const { stdout } = await show();
    expect(stdout).toContain(
      'THE TEMPLATE OWNS IT\n  The CloudFormation stack vaults owns this resource, there called Dr.',
    );
    expect(stdout).toContain(`  npx --no-install copy-doctor show ${id} ${PROD.join(' ')} --as cfn\n`);
    expect(stdout.match(/owns this resource/g)).toHaveLength(1);
    expect(stdout.indexOf('THE TEMPLATE OWNS IT')).toBe(0);
    // As printed, it is not refused.
    expect(stdout).toContain('--profile OWNER --even-though-a-template-owns-it\n');
  });

  test('no plan: why, and where the steps are', async () => {
    const other = 'Q'.repeat(16);
    const proposal = {
      id: other,
      kind: 'manual' as const,
      causes: ['source-key-unusable'],
      ask: false,
      planHash: undefined,
    };
    await hub.incidents.change(other, failedEvent({ proposal: { ...proposal, refused: 'It is locked.' } }));
    const { code, stdout } = await cli('show', other, ...PROD);
    expect(code).toBe(0);
    expect(stdout).toContain('NO PLAN\n  It is locked.\n');
    expect(stdout).toMatch(
      /Nobody was told yet; the mail is due at .* UTC: the tick sends it, once somebody has confirmed/,
    );
    expect(stdout).toContain('There is nothing to decide: no change is proposed.');
    expect(stdout).toContain('None: every resource was copied since, or is not copied again.');
    expect(stdout).toContain('  npx --no-install copy-doctor explain source-key-unusable\n');
    expect(stdout).not.toContain('EVIDENCE');
  });

  let made = 0;
  const many = ['source-key-policy-denies', 'source-key-unusable'];
  test.each<[string, Partial<Proposal>, string]>([
    [
      'mended by hand',
      {},
      'it is mended by hand, as `npx --no-install copy-doctor explain source-key-unusable` shows.',
    ],
    ['one of several', { causes: many }, 'it is not settled which of 2 possible causes it is.'],
    ['only possible', { title: 'Possible cause: A' }, 'it is not settled that this is the cause; `npx'],
    ['not known', { causes: ['uncatalogued'] }, 'no cause is known that matches.'],
    ['passing', { kind: 'retry-later' }, 'it passes by itself.'],
    [
      'of a policy that is not read yet',
      { kind: 'vault-policy' },
      'its policy is read again when the next copy fails.',
    ],
  ])('no plan, and nothing refused: %s', async (_, more, why) => {
    const other = String.fromCharCode(65 + (made += 1)).repeat(15) + '7';
    const proposal = { id: other, kind: 'manual' as const, causes: ['source-key-unusable'], planHash: undefined };
    await hub.incidents.change(other, failedEvent({ proposal: { ...proposal, ask: false, ...more } }));
    const { stdout } = await cli('show', other, ...PROD);
    expect(stdout).toContain(`\nNO PLAN\n  Copy Doctor proposes no change for this: ${why}`);
    const bare = await cli('show', other, ...PROD, '--as', 'cli');
    expect(bare.stderr).toContain(`incident ${other} has no plan: ${why.replace(/\.$/, '')}`);
  });

  test('colours are for a terminal, and texts bring none', async () => {
    const other = 'R'.repeat(16);
    const proposal = {
      id: other,
      title: 'red \u001b[31mtitle',
      refused: 'no\u0007',
      causes: ['\u001b]0;x'],
      planHash: undefined,
    };
    await hub.incidents.change(other, failedEvent({ proposal }));
    expect((await cli('show', other, ...PROD)).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const { stdout } = await cliOn({ isTTY: true, env: {} }, 'show', other, ...PROD);
    expect(stdout).toContain('\u001b[1mCAUSES\u001b[22m');
  });
});

describe('--as', () => {
  test.each<PlanForm>(['cli', 'cdk', 'cfn', 'terraform'])('%s prints the change alone', async (form) => {
    const { code, stdout } = await show('--as', form);
    expect([code, stdout]).toEqual([0, renderPlan(plan, form)]);
  });

  test('a form that is none', async () => {
    const ran = await show('--as', 'yaml');
    expect(ran.code).toBe(2);
    expectOneLine(ran, /Allowed choices are cli, cdk, cfn, terraform/);
  });

  test('no plan to print', async () => {
    const other = 'S'.repeat(16);
    const proposal = { id: other, ask: false, planHash: undefined, refused: 'It is locked.' };
    await hub.incidents.change(other, failedEvent({ proposal }));
    const ran = await cli('show', other, ...PROD, '--as', 'cli');
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(`copy-doctor: incident ${other} has no plan: It is locked\n`);
  });
});

describe('a plan that is not the one its hash names', () => {
  beforeEach(async () => {
    const forged = { ...plan, after: { ...plan.after, Statement: [] } };
    await hub.incidents.putPlan(id, 1, { ...forged, hash: plan.hash });
  });

  test('is not shown', async () => {
    const { code, stdout, stderr } = await show();
    expect(code).toBe(1);
    expect(stdout).toContain('NO PLAN\n  The plan cannot be read, or is not the one that its hash names.');
    expect(stdout).not.toMatch(/THE EXACT CHANGE|copy-doctor (approve|apply)/);
    expect(stderr).toContain('copy-doctor: warning: the plan of incident');
  });

  test('is not in the JSON', async () => {
    const { code, stdout, stderr } = await show('--json');
    expect([code, stderr.includes('Do not use it')]).toEqual([1, true]);
    expect(JSON.parse(stdout)).toMatchObject({ incident: { id }, plan: null });
  });

  test('is not printed for use', async () => {
    const { code, stdout, stderr } = await show('--as', 'cli');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('Do not use it');
  });
});

test('--evidence is a case file that diagnose takes', async () => {
  const { code, stdout } = await show('--evidence');
  expect(code).toBe(0);
  const document = JSON.parse(stdout) as Record<string, unknown>;
  const read = readCaseFile(document);
  expect(read).toMatchObject({ ok: true, value: { failure: JSON.parse(JSON.stringify(failureOf())) as object } });
  expect(document['readAt']).toMatch(/Z$/);
  const replayed = await cli('diagnose', '--case', fileOf(stdout), '--json');
  expect(replayed.code).toBe(0);
});

test('--json has everything but the answers of AWS', async () => {
  const { code, stdout } = await show('--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    // As in `incidents --json`: null where there is none.
    incident: { id, state: 'proposed', revision: 1, planHash: plan.hash, rollbackHash: null, because: null },
    plan: { hash: plan.hash },
    counted: { copies: 2, resources: 2, withoutSize: 1 },
    evidence: [{ copyJobId: 'job-1', revision: 1, answers: 0 }],
    log: [{ what: 'proposed', to: 'proposed' }],
  });
});

describe('who may not read the table', () => {
  test('sees what the approve function says', async () => {
    hub.sandbox.clearCalls();
    const { code, stdout, stderr } = await cli('show', id, ...AT, '--profile', 'stranger');
    expect(code).toBe(0);
    expect(stdout).toContain(`PLAN\n  ${plan.hash.slice(0, 12)}`);
    expect(stdout).not.toContain('\nLOG\n');
    expect(stderr).toContain('You may not read the table');
    expect(hub.sandbox.calls.some(({ operation }) => operation === 'InvokeFunctionUrl')).toBe(true);
  });

  test('hears of any other trouble in one line', async () => {
    const error = { code: 'ResourceNotFoundException', message: 'Requested resource not found', status: 400 };
    hub.sandbox.faults.add({ service: 'dynamodb', operation: 'Query', error });
    const { code, stderr } = await show();
    expect(code).toBe(1);
    expect(stderr).toMatch(/copy-doctor: DynamoDB, table incidents: ResourceNotFoundException: Requested resource/);
  });
});

test('an incident that is not there', async () => {
  const ran = await cli('show', 'ZZZZZZZZZZZZZZZ2', ...PROD);
  expect(ran.code).toBe(2);
  expect(ran.stderr).toContain(`incidents ${PROD.join(' ')} --all\` lists all\n`);
  const odd = await cli('show', 'not-an-id', ...PROD);
  expect(odd.code).toBe(2);
  expectOneLine(odd, /is not an incident's id/);
});

test.each([
  [['--as', 'cli', '--evidence'], /--as and --evidence do not go together/],
  [['--as', 'cli', '--json'], /--as prints no JSON/],
])('%j do not go together', async (options, reason) => {
  const ran = await show(...options);
  expect(ran.code).toBe(2);
  expectOneLine(ran, reason);
});

test('--help', async () => {
  const { code, stdout } = await cli('show', '--help');
  expect(code).toBe(0);
  for (const word of ['--as', '--evidence', '--json', 'Examples:', 'Exit codes:']) expect(stdout).toContain(word);
});
