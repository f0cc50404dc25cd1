import type { Incident } from '../../../lambda/core/incident/incident';
import { judgeDecision, notOpen, readWanted } from '../../../lambda/core/incident/judge-decision';

const ID = 'K3QZ7MPA2X2VB4TC';
const HASH = '7f3c91b2a04e'.padEnd(64, '0');
const NOW = '2026-06-01T10:00:00.000Z';
const BY = 'arn:aws:sts::111111111111:assumed-role/Admin/alice';

const incident = (change: Partial<Incident> = {}): Incident => ({
  id: ID,
  kind: 'vault-policy',
  causes: ['vault-policy-lacks-source'],
  title: 'The destination vault does not allow copies from the source account',
  resource: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
  owner: '222222222222',
  region: 'eu-west-1',
  account: '111111111111',
  planHash: HASH,
  ask: true,
  revision: 2,
  state: 'proposed',
  since: NOW,
  openedAt: NOW,
  openedBy: 'job-1',
  readAt: NOW,
  reminders: 0,
  agenda: {},
  ...change,
});
const request = { incident: ID, decision: 'approved', planHash: HASH, revision: 2, by: BY } as const;

describe('judgeDecision', () => {
  test('binds the decision to revision, plan, caller and time', () => {
    const { by } = request;
    expect(judgeDecision(incident(), { ...request, reason: 'CHG-1' }, NOW)).toEqual({
      ok: true,
      decision: { incident: ID, revision: 2, planHash: HASH, decision: 'approved', by, at: NOW, reason: 'CHG-1' },
    });
  });

  test('before the first mail there is no time to answer, so nothing expires', () => {
    expect(judgeDecision(incident({ expiresAt: undefined }), request, '2030-01-01T00:00:00.000Z').ok).toBe(true);
  });

  test('the last moment counts, the next one does not', () => {
    const until = incident({ expiresAt: '2026-06-04T10:00:00.000Z' });
    expect(judgeDecision(until, request, '2026-06-04T09:59:59.999Z').ok).toBe(true);
    expect(judgeDecision(until, request, '2026-06-04T10:00:00.000Z')).toMatchObject({ ok: false, code: 'expired' });
  });

  test.each<[string, Incident | undefined, object, string]>([
    ['no incident', undefined, {}, 'not-found'],
    ['another incident', incident({ id: 'A'.repeat(16) }), {}, 'not-found'],
    ['an older revision', incident(), { revision: 1 }, 'another-plan'],
    ['a later revision', incident(), { revision: 3 }, 'another-plan'],
    ['another hash', incident(), { planHash: '0'.repeat(64) }, 'another-plan'],
    ['a plan that is gone', incident({ planHash: undefined }), {}, 'not-proposed'],
    ['expired already', incident({ state: 'expired' }), {}, 'expired'],
  ])('%s', (_, there, change, code) => {
    const judged = judgeDecision(there, { ...request, ...change }, NOW);
    expect(judged).toMatchObject({ ok: false, code });
    expect(judged.ok ? '' : judged.message).toMatch(/^[A-Z].{20,}\.$/);
  });

  test.each(['reported', 'approved', 'rejected', 'stale', 'settling', 'applied', 'resolved'] as const)(
    'nobody decides on what is %s',
    (state) => {
      expect(judgeDecision(incident({ state }), request, NOW)).toMatchObject({ ok: false, code: 'not-proposed' });
      expect(notOpen(incident({ state }))?.message).toContain(ID);
    },
  );

  test('says why no plan is offered', () => {
    const refused = 'The vault is not on the list.\u0007';
    const message = notOpen(incident({ state: 'reported', refused }))?.message;
    expect(message).toBe(
      `For incident ${ID} no plan is offered: The vault is not on the list. Nothing waits for a decision.`,
    );
  });
});

describe('readWanted', () => {
  const body = { decision: 'approved', planHash: HASH, revision: 2 } as const;

  test('reads a decision, with or without a reason', () => {
    expect(readWanted(body)).toEqual({ ok: true, wanted: body });
    expect(readWanted({ ...body, reason: 'why' })).toEqual({ ok: true, wanted: { ...body, reason: 'why' } });
    expect(readWanted({ ...body, reason: ' \u0000 ' })).toEqual({ ok: true, wanted: body });
  });

  test('a reason is one line without control characters and overrides; markup stays the text that it is', () => {
    const read = readWanted({ ...body, reason: 'a\u001b[31mb\u202e\r\nc<script>alert(1)</script>' });
    expect(read.ok && read.wanted.reason).toBe('a[31mb c<script>alert(1)</script>');
  });

  test.each<[unknown, RegExp]>([
    [undefined, /not a JSON object/],
    [null, /not a JSON object/],
    [[body], /not a JSON object/],
    ['approved', /not a JSON object/],
    [{}, /"decision"/],
    [{ ...body, decision: 'APPROVED' }, /"decision"/],
    [{ ...body, decision: ['approved'] }, /"decision"/],
    [{ ...body, planHash: HASH.slice(0, 12) }, /"planHash"/],
    [{ ...body, planHash: HASH.toUpperCase() }, /"planHash"/],
    [{ ...body, planHash: [HASH] }, /"planHash"/],
    [{ ...body, revision: '2' }, /"revision"/],
    [{ ...body, revision: 0 }, /"revision"/],
    [{ ...body, revision: 1.5 }, /"revision"/],
    [{ ...body, revision: 1e300 }, /"revision"/],
    [{ ...body, reason: 1 }, /"reason"/],
    [{ ...body, reason: null }, /"reason"/],
    [{ ...body, reason: 'x'.repeat(501) }, /"reason" has 501/],
    [{ ...body, by: 'arn:aws:iam::111111111111:root' }, /the member "by"/],
    [{ ...body, at: NOW }, /the member "at"/],
    [JSON.parse(`{"__proto__": {"decision": "approved"}}`), /the member "__proto__"/],
  ])('refuses %j', (given, words) => {
    const read = readWanted(given);
    expect(read).toMatchObject({ ok: false, code: 'bad-request' });
    expect(read.ok ? '' : read.message).toMatch(words);
    expect(read.ok ? '' : read.message).toMatch(/Nothing was decided\.$/);
  });
});
