import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaseFile } from '../../lambda/core/case-file';
import { diagnose } from '../../lambda/core/diagnose';
import type { Evidence } from '../../lambda/core/evidence';
import { unknownKind } from '../../lambda/core/messages/unknown';
import { withMadeUpAccounts } from '../../bin/cli/made-up';
import { caseOf } from '../../bin/cli/case-of';
import { failedEvent, ID, jobOf } from '../aws/incidents-fixture';
import { evidenceOf, REGION, SOURCE, type Overrides } from '../core/evidence-fixture';
import { cli, expectOneLine } from './cli-harness';
import { hubFixture, PROD, type HubFixture } from './hub-fixture';

// Everything here goes over HTTP, on a machine that may be busy.

const FLUX = 'The flux of 111111111111 exceeded its envelope.';
const OTHER_ID = 'B'.repeat(16);

let hub: HubFixture;
let folder: string;
beforeAll(async () => {
  hub = await hubFixture();
  folder = mkdtempSync(join(tmpdir(), 'unknown-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await hub.close();
});

const saying = (statusMessage: string, more: Overrides = {}): Evidence =>
  evidenceOf({ ...more, detail: { statusMessage }, job: { StatusMessage: statusMessage } });

async function count(text: string, more: object, times = 1): Promise<string> {
  const kind = unknownKind(text);
  if (!kind) throw new Error(`known: ${text}`);
  const example = { copyJobId: 'job-1', resourceType: 'EBS', incident: ID, causes: ['uncatalogued'], ...more };
  await hub.incidents.countUnknown({ kind, example, count: times, at: hub.hoursAgo(48) });
  return kind.id;
}

/** An incident with evidence of job-1 and failures job-1 and job-2. */
async function incident(id: string, evidence: Evidence): Promise<void> {
  const at = hub.hoursAgo(50);
  const event = failedEvent({
    proposal: { id, kind: 'manual', causes: ['uncatalogued'], ask: false, planHash: undefined },
  });
  await hub.incidents.change(id, { ...event, at, failedAt: at, readAt: at }, async ({ revision }) => {
    await hub.incidents.putEvidence(id, 1, { evidence, readAt: at, copyJobId: 'job-1', revision });
  });
  for (const job of ['job-1', 'job-2']) await hub.incidents.putJob(id, jobOf(job));
}

test('says so where there is none', async () => {
  const { code, stdout } = await cli('unknown-messages', ...PROD);
  expect(code).toBe(0);
  expect(stdout).toBe(
    `Every status message that deployment ${REGION} (account ${SOURCE}, Region ${REGION}) has met is known.\n`,
  );
  expect(JSON.parse((await cli('unknown-messages', ...PROD, '--json')).stdout)).toEqual({ messages: [], other: null });
});

describe('with some', () => {
  let flux: string;
  beforeAll(async () => {
    await incident(ID, saying(FLUX));
    flux = await count(FLUX, {}, 3);
    await count('Upside down', { copyJobId: 'job-2', causes: ['vault-policy-lacks-source', 'uncatalogued'] });
    await count('Gone with its incident', { copyJobId: 'job-9', incident: OTHER_ID });
  });

  test('lists them, most often first, masked, each with its example and the command for it', async () => {
    const { code, stdout, stderr } = await cli('unknown-messages', ...PROD);
    expect(code).toBe(0);
    expect(stderr).toBe(`Reading unknown messages of deployment ${REGION}...\n`);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('"The flux of <n> exceeded its envelope."');
    expect(lines[1]).toMatch(/^ {2}3 times, first \d{4}-\d\d-\d\d \d\d:\d\d UTC, last .* UTC\.$/);
    expect(lines[2]).toBe('  Example: copy job job-1 (EBS).');
    expect(lines[3]).toBe(`    npx --no-install copy-doctor show ${ID} ${PROD.join(' ')}`);
    expect(stdout).toContain('Example: copy job job-2 (EBS); what was read shows vault-policy-lacks-source.');
    expect(stdout).toContain(`npx --no-install copy-doctor unknown-messages ${PROD.join(' ')} --save-case unknown\n`);
  });

  test('--json is the same and nothing else', async () => {
    const { stdout } = await cli('unknown-messages', ...PROD, '--json');
    const { messages, other } = JSON.parse(stdout);
    expect(other).toBeNull();
    expect(messages).toHaveLength(3);
    expect(messages[0]).toEqual({
      id: flux,
      text: 'The flux of <n> exceeded its envelope.',
      count: 3,
      first: hub.hoursAgo(48),
      last: hub.hoursAgo(48),
      copyJobId: 'job-1',
      resourceType: 'EBS',
      incident: ID,
      causes: ['uncatalogued'],
      case: null,
    });
  });

  test('--save-case writes a file for each of which something is kept, for nobody else to read', async () => {
    const to = join(folder, 'new', 'deep');
    const { code, stdout } = await cli('unknown-messages', ...PROD, '--save-case', to);
    expect(code).toBe(0);
    expect(readdirSync(to).sort()).toHaveLength(2);
    const path = join(to, `unknown-${flux}.json`);
    expect(stdout).toContain(`  Case file: ${path}\n`);
    expect(stdout).toContain('  No case file: nothing is kept of the example.\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    expect(file['description']).toBe('Unknown status message: The flux of <n> exceeded its envelope.');
    const replayed = await cli('diagnose', '--case', path, '--json');
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.stdout).causes[0].id).toBe('uncatalogued');
    chmodSync(path, 0o644);
    expect((await cli('unknown-messages', ...PROD, '--save-case', to)).code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a folder that cannot be made is one line', async () => {
    const ran = await cli('unknown-messages', ...PROD, '--save-case', '/dev/null/x');
    expect(ran.code).toBe(2);
    expectOneLine(ran, '--save-case /dev/null/x');
  });

  test('tells of those beyond the kinds that are told apart', async () => {
    for (let index = 0; index < 199; index += 1) await count(`flow ${'y'.repeat(index + 1)}`, {});
    const { stdout } = await cli('unknown-messages', ...PROD);
    expect(stdout).toContain('Beyond 200 kinds, texts are counted together: 2 times, first ');
  }, 60_000);
});

describe('a case with made-up accounts', () => {
  const real = (evidence: Evidence): Evidence =>
    JSON.parse(
      JSON.stringify(evidence)
        .replaceAll('111111111111', '314159265358')
        .replaceAll('222222222222', '271828182845')
        .replaceAll('999999999999', '161803398874')
        .replaceAll('o-exampleorg', 'o-a1b2c3d4e5'),
    ) as Evidence;
  const stored = (evidence: Evidence) => ({ evidence, readAt: '2026-06-01T10:20:00Z', copyJobId: 'x', revision: 1 });
  const strange = real(
    saying(`${FLUX} Ask 'ops@acme.example.org', account 314159265358`, {
      responses: {
        'organizations:DescribeOrganization@source': {
          Organization: {
            Id: 'o-exampleorg',
            MasterAccountId: '999999999999',
            MasterAccountEmail: 'boss@acme.example.org',
          },
        },
        'backup:GetBackupVaultAccessPolicy@222222222222/eu-west-1': {
          Policy: '{"Statement":{"Effect":"Allow","Principal":{"AWS":"777788889999"},"Action":"*","Resource":"*"}}',
        },
      },
    }),
  );

  test('holds none of the ids and addresses, in keys neither', () => {
    const text = JSON.stringify(withMadeUpAccounts(caseOf(stored(strange))));
    expect(text).not.toMatch(/314159265358|271828182845|161803398874|777788889999|o-a1b2c3d4e5|acme/);
    expect(text).toContain('backup:GetBackupVaultAccessPolicy@222222222222/eu-west-1');
    expect(text).toContain('somebody@example.com');
    // Sizes and times stay.
    expect(text).toContain('22548578304');
  });

  test('is diagnosed as before', () => {
    for (const evidence of [
      strange,
      real(evidenceOf()),
      real(saying('Access Denied trying to call AWS Backup service')),
    ]) {
      const file = readCaseFile(withMadeUpAccounts(caseOf(stored(evidence))));
      if (!file.ok) throw new Error(file.reason);
      const of = (one: Evidence) => diagnose(one).causes.map(({ id, confidence, fix }) => [id, confidence, fix]);
      expect(of(file.value)).toEqual(of(evidence));
    }
  });

  test('within one account has one id, and more accounts than there are examples of stay apart', () => {
    const accounts = Array.from({ length: 12 }, (_, index) => `arn:aws:iam::${500_000_000_000 + index}:root`);
    const file = withMadeUpAccounts({
      event: {
        detail: {
          sourceBackupVaultArn: 'arn:aws:backup:eu-west-1:314159265358:backup-vault:a',
          destinationBackupVaultArn: 'arn:aws:backup:eu-west-1:314159265358:backup-vault:b',
          accounts,
        },
      },
      responses: {},
    });
    expect(JSON.stringify(file)).not.toMatch(/314159265358|222222222222|5000000000\d\d/);
    const { detail } = file.event as { detail: { accounts: string[] } };
    expect(new Set(detail.accounts).size).toBe(12);
  });
});
