import type { IncidentState } from '../../lambda/core/incident/incident';
import { failedEvent, ID, jobOf } from '../aws/incidents-fixture';
import { REGION, SOURCE } from '../core/evidence-fixture';
import { cli, cliOn, expectOneLine } from './cli-harness';
import { hubFixture, PROD, type HubFixture } from './hub-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

const idOf = (letter: string) => letter.repeat(16);
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-4111-8111-111111111111';

let hub: HubFixture;
beforeAll(async () => {
  hub = await hubFixture();
  await hub.propose(ID);
  // Told long ago, so its time to answer has begun; the other one waits for its mail.
  await hub.propose(idOf('B'));
  await hub.incidents.change(ID, { kind: 'told', at: hub.hoursAgo(99), telling: 'opened' });
  await reported(idOf('C'), 'source-key-unusable', KEY, 90);
  await reported(idOf('D'), 'uncatalogued', KEY, 80);
  await hub.incidents.change(idOf('D'), {
    kind: 'looked',
    at: hub.hoursAgo(70),
    policy: 'unknown',
    open: 0,
    listed: true,
  });
});
afterAll(() => hub.close());
afterEach(() => hub.sandbox.faults.clear());

async function reported(id: string, cause: string, resource: string, hours: number): Promise<void> {
  const event = failedEvent({
    proposal: {
      id,
      kind: 'manual',
      causes: [cause],
      resource,
      ask: false,
      planHash: undefined,
      title: 'A\u001b[31m b',
    },
  });
  const at = hub.hoursAgo(hours);
  await hub.incidents.change(id, { ...event, at, failedAt: at, readAt: at });
  for (const job of ['x1', 'x2', 'x3']) await hub.incidents.putJob(id, jobOf(job));
}

const json = async (...more: readonly string[]) => {
  const { code, stdout } = await cli('incidents', ...PROD, ...more, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout) as { id: string; state: IncidentState }[];
};
const ids = async (...more: readonly string[]) => (await json(...more)).map(({ id }) => id);

test('lists what is not over, most urgent first, and says what to do next', async () => {
  const { code, stdout } = await cli('incidents', ...PROD);
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^INCIDENT {10}STATE {5}SINCE {17}COPIES {2}RESOURCE +WHAT$/);
  expect(lines.slice(1, 4).map((line) => line.slice(0, 16))).toEqual([ID, idOf('B'), idOf('C')]);
  expect(lines[1]).toMatch(
    /proposed {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {7}2 {2}dr +The destination vault does not allow/,
  );
  expect(lines[3]).toMatch(/reported .* {7}3 {2}11111111-1111-4111-8111-111111111111 {2}A\[31m b$/);
  expect(lines.slice(4)).toEqual([
    '',
    '2 wait for a decision; this one ends first:',
    `  npx --no-install copy-doctor approve ${ID} ${PROD.join(' ')}`,
    'Everything about one:',
    `  npx --no-install copy-doctor show ${ID} ${PROD.join(' ')}`,
    '',
  ]);
  expect(stdout).not.toContain('\u001b');
});

test('colours are for a terminal', async () => {
  const { stdout } = await cliOn({ isTTY: true, env: {} }, 'incidents', ...PROD);
  expect(stdout).toContain('\u001b[33mproposed\u001b[39m');
});

test('JSON has what scripts need', async () => {
  expect((await json())[0]).toEqual({
    id: ID,
    state: 'proposed',
    revision: 1,
    since: expect.any(String) as string,
    kind: 'vault-policy',
    causes: ['vault-policy-lacks-source'],
    resource: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
    owner: '222222222222',
    account: SOURCE,
    planHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    rollbackHash: null,
    because: null,
    expiresAt: expect.any(String) as string,
    copies: 2,
  });
});

test.each([
  { more: ['--all'], expected: [ID, idOf('B'), idOf('C'), idOf('D')] },
  { more: ['--state', 'reported'], expected: [idOf('C')] },
  { more: ['--state', 'reported', 'resolved'], expected: [idOf('C'), idOf('D')] },
  { more: ['--state', 'reported', '--state', 'proposed'], expected: [ID, idOf('B'), idOf('C')] },
  { more: ['--resource', 'BACKUP-VAULT:DR'], expected: [ID, idOf('B')] },
  { more: ['--cause', 'source-key-unusable'], expected: [idOf('C')] },
  { more: ['--cause', 'uncatalogued', '--all'], expected: [idOf('D')] },
  { more: ['--cause', 'uncatalogued'], expected: [] },
])('$more lists $expected', async ({ more, expected }) => {
  expect(await ids(...more)).toEqual(expected);
});

test('nothing found is no error, and says where there may be more', async () => {
  const { code, stdout } = await cli('incidents', ...PROD, '--resource', 'nowhere');
  expect(code).toBe(0);
  expect(stdout).toBe(
    `No open incident of deployment ${REGION} (account ${SOURCE}, Region ${REGION}) matches.\nThose that are over too:\n` +
      `  npx --no-install copy-doctor incidents ${PROD.join(' ')} --all\n`,
  );
});

describe('wrong input', () => {
  test('a state that is none', async () => {
    const ran = await cli('incidents', ...PROD, '--state', 'propsed');
    expect(ran.code).toBe(2);
    expectOneLine(
      ran,
      /there is no state "propsed": did you mean proposed.*\? There are: proposed, rollback-proposed, approved, .*resolved, rolled-back$/m,
    );
  });

  test('a cause that is none', async () => {
    const ran = await cli('incidents', ...PROD, '--cause', 'vault-policy-lacks-sorce');
    expect(ran.code).toBe(2);
    expectOneLine(
      ran,
      /"vault-policy-lacks-sorce": did you mean vault-policy-lacks-source/,
      /\(all: `npx --no-install copy-doctor checks`\)$/m,
    );
  });
});

test('who may not read the table hears which policy that needs', async () => {
  hub.sandbox.faults.add({
    service: 'dynamodb',
    operation: 'Query',
    error: { code: 'AccessDeniedException', message: 'no', status: 400 },
  });
  const ran = await cli('incidents', ...PROD);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(
    `copy-doctor: you may not read table incidents in account ${SOURCE}, Region ${REGION}: use credentials of account ${SOURCE} ` +
      `that have the managed policy copy-doctor-${REGION}-operator\n`,
  );
});

test('--help shows options, examples and what it needs', async () => {
  const { code, stdout } = await cli('incidents', '--help');
  expect(code).toBe(0);
  for (const word of ['--state', '--resource', '--cause', '--all', '--json', '--stack', 'Examples:', 'Exit codes:']) {
    expect(stdout).toContain(word);
  }
});

test('what waits for somebody comes first, and what the service does itself waits for nobody', async () => {
  const [a, b, c] = [idOf('E'), idOf('F'), idOf('G')];
  for (const id of [a, b, c]) await hub.propose(id);
  await hub.become(a, { state: 'approved', agenda: { apply: hub.hoursAgo(0) } });
  const rollback = {
    from: 'resolved',
    requestedBy: 'x',
    requestedAt: hub.hoursAgo(1),
    planHash: 'd'.repeat(64),
  } as const;
  await hub.become(b, { state: 'rollback-proposed', rollback, agenda: { expire: hub.hoursAgo(-9) } });
  await hub.become(c, { state: 'not-cured', because: 'It failed again.', agenda: { 'look-again': hub.hoursAgo(-1) } });
  const args = ['--state', 'approved', 'rollback-proposed', 'not-cured'];
  expect(await ids(...args)).toEqual([b, a, c]);
  const { stdout } = await cli('incidents', ...PROD, ...args);
  expect(stdout).toContain(
    `\n1 rollback waits for a decision:\n  npx --no-install copy-doctor rollback ${b} ${PROD.join(' ')}\n`,
  );
  expect(stdout).not.toContain('copy-doctor apply');
  expect((await json(...args))[0]).toMatchObject({ rollbackHash: 'd'.repeat(64), because: null });
  expect((await json(...args))[2]).toMatchObject({ because: 'It failed again.' });
});
