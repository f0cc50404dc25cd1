import { mkdtempSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Io } from '../../bin/cli/run';
import type { Proposal } from '../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../lambda/core/incident/incident-event';
import type { Evidence } from '../../lambda/core/evidence';
import type { Plan } from '../../lambda/core/plan/plan';
import { proposalOf } from '../aws/incidents-fixture';
import { DESTINATION_VAULT, policyText, REGION, SOURCE, SOURCE_KEY } from '../core/evidence-fixture';
import { AUDIT, KEEP, ownerOnly, planFor, vaultWith } from '../core/plan/fixture';
import { cli, type Ran } from './cli-harness';
import { hubFixture, type HubFixture } from './hub-fixture';

export const AT = ['--region', REGION, '--account', SOURCE];
export const OWNER = [...AT, '--profile', 'dr', '--hub-profile', 'prod'];
export const BEFORE = policyText(AUDIT, KEEP);
export const KEY_BEFORE = policyText(...ownerOnly);

export interface ApplyState {
  hub: HubFixture;
  /** The key that the evidence is about. */
  key: { policy: string };
  /** Each test has an incident of its own, and a folder. */
  id: string;
  folder: string;
}

/** What a test works on; `open`, `renew` and `close` keep it. */
export const t = { id: '', folder: '' } as ApplyState;
let incidents = 0;

export async function open(): Promise<void> {
  t.hub = await hubFixture();
  const keyId = SOURCE_KEY.split('/').at(-1) ?? '';
  t.key = t.hub.sandbox.addKey({ account: SOURCE, region: REGION, id: keyId, policy: KEY_BEFORE });
}
export const close = () => t.hub.close();

export function renew(): void {
  nextIncident();
  t.folder = mkdtempSync(join(tmpdir(), 'copy-doctor-apply-'));
  t.hub.sandbox.faults.clear();
  t.hub.sandbox.clearCalls();
}

/** Another incident, and the policies as they were. */
export function nextIncident(): void {
  const letters = [...String(incidents++).padStart(3, '0')].map((digit) => 'ABCDEFGHIJ'[Number(digit)]);
  t.id = `APPLYTEST${letters.join('')}AAAA`;
  t.hub.dr.policy = BEFORE;
  t.key.policy = KEY_BEFORE;
}

/** An incident with this evidence; by default it waits for a decision on the vault's policy. */
export async function propose(
  evidence: Evidence = vaultWith([AUDIT, KEEP]),
  change: Partial<Proposal> = {},
  stored = (plan: Plan): Plan => plan,
): Promise<Plan> {
  const plan = planFor(evidence, { destinations: [DESTINATION_VAULT], keyGrantee: 'role' });
  const { kind, causes, resource, owner, region, hash } = plan;
  const time = t.hub.hoursAgo(2);
  const proposal = proposalOf({
    id: t.id,
    kind,
    causes,
    resource,
    owner,
    region,
    planHash: hash,
    ask: true,
    ...change,
  });
  const event = { kind: 'failed', at: time, failedAt: time, copyJobId: 'job', readAt: time, proposal } as const;
  await t.hub.incidents.change(t.id, event, async ({ revision }) => {
    await t.hub.incidents.putPlan(t.id, revision, stored(plan));
    await t.hub.incidents.putEvidence(t.id, 1, { evidence, readAt: time, copyJobId: 'job', revision });
  });
  return plan;
}
export const happens = (event: IncidentEvent) => t.hub.incidents.change(t.id, event);
export const yes = (plan: Plan) => ['--plan', plan.hash.slice(0, 12), '--yes', '--out', t.folder];
export const apply = (plan: Plan, ...more: string[]) =>
  cli('apply', t.id, ...(more.length > 0 ? more : OWNER), ...yes(plan));
export const writes = () =>
  t.hub.sandbox.calls.filter(({ operation }) => /^(Put|Update|Delete|SendMessage|BatchWrite)/.test(operation));
export const puts = () => writes().filter(({ service }) => service === 'backup' || service === 'kms');
export const file = (number = '') => join(t.folder, `copy-doctor-${t.id}-before${number}.json`);

/** At a terminal: `meanwhile` happens while it asks. */
export async function typing(line: string, argv: readonly string[], meanwhile = () => {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const out = (name: keyof typeof written) => ({
    isTTY: true,
    write(text: string) {
      written[name] += text;
      if (!text.includes('type the first')) return;
      meanwhile();
      stdin.write(`${line}\n`);
    },
  });
  const io: Io & { stdin: typeof stdin } = {
    stdout: out('stdout'),
    stderr: out('stderr'),
    env: { NO_COLOR: '1' },
    stdin,
  };
  return { code: await run(argv, io), ...written };
}

export function expectNotChanged({ code, stdout, stderr }: Ran, ...words: (string | RegExp)[]): void {
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/\ncopy-doctor: not changed: [^\n]+\n$/);
  for (const word of words) expect(stderr).toMatch(word);
  expect([t.hub.dr.policy, t.key.policy]).toEqual([BEFORE, KEY_BEFORE]);
}
