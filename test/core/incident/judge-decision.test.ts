import type { Incident, IncidentState } from '../../../lambda/core/incident/incident';
import {
  judgeDecision as judge,
  judgeRollbackRequest,
  notOpen,
  readWanted,
  readWantedBack,
  retryOf,
  type Wanted,
} from '../../../lambda/core/incident/judge-decision';

const ID = 'K3QZ7MPA2X2VB4TC';
const HASH = '7f3c91b2a04e'.padEnd(64, '0');
const NOW = '2026-06-01T10:00:00.000Z';
const LATER = '2026-06-04T10:00:00.000Z';
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
const STATES: readonly IncidentState[] = [
  'reported',
  'waiting',
  'proposed',
  'approved',
  'applying',
  'refused',
  'rejected',
  'expired',
  'stale',
  'settling',
  'canary',
  'retrying',
  'applied',
  'reopened',
  'not-cured',
  'resolved',
  'rollback-proposed',
  'rollback-approved',
  'rolled-back',
];
const judgeDecision = (
  there: Incident | undefined,
  asked: Wanted & { readonly incident: string; readonly by: string },
  now: string,
) => judge(there, asked, { retry: 'ask' }, now);
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

  test.each(STATES.filter((state) => state !== 'proposed' && state !== 'expired'))(
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
      `For incident ${ID} no plan is offered: The vault is not on the list. Nothing waits for this decision.`,
    );
  });
});

describe('what goes with an approved change', () => {
  const asked = incident({ retry: 'ask', applies: 'service' });

  test('is kept with the decision', () => {
    const judged = judgeDecision(asked, { ...request, retry: true, evenThoughATemplateOwnsIt: true }, NOW);
    expect(judged).toMatchObject({ ok: true, decision: { retry: true, evenThoughATemplateOwnsIt: true } });
    expect(judgeDecision(asked, { ...request, retry: false }, NOW)).toMatchObject({ decision: { retry: false } });
  });

  test.each<[string, Incident, object, RegExp]>([
    ['copies are always copied again', incident({ retry: 'auto' }), { retry: false }, /"retry" is "auto"/],
    ['copies are never copied again', incident({ retry: 'never' }), { retry: true }, /"retry" is "never"/],
    ['it is of before the setting', incident(), { retry: true }, /"retry" is "never"/],
    [
      'the owner makes it',
      incident({ applies: 'owner' }),
      { evenThoughATemplateOwnsIt: true },
      /owner of the resource/,
    ],
  ])('is refused where %s', (_, there, more, words) => {
    const judged = judge(there, { ...request, ...more }, { retry: 'auto' }, NOW);
    expect(judged).toMatchObject({ ok: false, code: 'bad-request' });
    expect(judged.ok ? '' : judged.message).toMatch(words);
  });

  test.each([
    ['ask', 'ask', 'ask'],
    ['auto', 'auto', 'auto'],
    ['auto', 'ask', 'ask'],
    ['ask', 'auto', 'ask'],
    ['auto', 'never', 'never'],
    ['never', 'auto', 'never'],
    [undefined, 'ask', 'never'],
    ['ask', undefined, 'never'],
  ] as const)('proposed with %s, now %s: %s', (then, now, holds) => {
    expect(retryOf({ retry: then }, { retry: now })).toBe(holds);
  });
});

describe('a rollback', () => {
  const change = { at: NOW };
  const back = { from: 'resolved', requestedBy: BY, requestedAt: NOW, planHash: 'b'.repeat(64) } as const;
  const proposed = incident({ state: 'rollback-proposed', change, rollback: back, agenda: { expire: LATER } });
  const decision = { ...request, about: 'rollback', planHash: back.planHash } as const;

  test('is decided by its own hash, in its own time', () => {
    // The time to decide on the change itself ended long ago.
    const old = { ...proposed, expiresAt: '2026-01-01T00:00:00.000Z' };
    expect(judgeDecision(old, decision, NOW)).toEqual({
      ok: true,
      decision: {
        incident: ID,
        revision: 2,
        planHash: back.planHash,
        decision: 'approved',
        by: BY,
        at: NOW,
        about: 'rollback',
      },
    });
    expect(judgeDecision(proposed, { ...decision, decision: 'rejected' }, NOW).ok).toBe(true);
    const late = judgeDecision(proposed, decision, LATER);
    expect(late).toMatchObject({ ok: false, code: 'expired' });
    expect(late.ok ? '' : late.message).toMatch(/rollback of incident .* since .* UTC\. Ask for it again\.$/);
  });

  test.each<[string, Incident, object, string]>([
    ["the change's hash", proposed, { planHash: HASH }, 'another-plan'],
    ['a decision on the change', proposed, { about: undefined, planHash: HASH }, 'not-proposed'],
    ['another revision', proposed, { revision: 3 }, 'another-plan'],
    ['nothing is planned', { ...proposed, rollback: { ...back, planHash: undefined } }, {}, 'not-proposed'],
    ['it is approved already', { ...proposed, state: 'rollback-approved' }, {}, 'not-proposed'],
    ['the change itself is proposed', incident({ rollback: back }), {}, 'not-proposed'],
    ['it rests', { ...proposed, state: 'resolved' }, {}, 'not-proposed'],
  ])('is not decided: %s', (_, there, more, code) => {
    expect(judgeDecision(there, { ...decision, ...more }, NOW)).toMatchObject({ ok: false, code });
  });

  const asking = { incident: ID, revision: 2, by: BY, reason: 'CHG-2' };
  const MAY = ['resolved', 'not-cured', 'applied', 'reopened'];

  test.each(STATES)('is asked for in the state %s, or not', (state) => {
    const judged = judgeRollbackRequest(incident({ state, change }), asking, NOW);
    expect([state, judged.ok]).toEqual([state, MAY.includes(state)]);
    if (judged.ok) {
      expect(judged.decision).toEqual({
        ...asking,
        planHash: '',
        decision: 'approved',
        about: 'rollback-request',
        at: NOW,
      });
    } else expect(judged).toMatchObject({ code: 'no-rollback', message: expect.stringContaining(ID) as string });
  });

  test('is not asked for where another made the change, for another revision, or for nothing', () => {
    const resolved = incident({ state: 'resolved' });
    expect(judgeRollbackRequest(resolved, asking, NOW)).toMatchObject({ code: 'no-rollback' });
    const other = { ...asking, revision: 1 };
    expect(judgeRollbackRequest({ ...resolved, change }, other, NOW)).toMatchObject({ code: 'another-plan' });
    expect(judgeRollbackRequest(undefined, asking, NOW)).toMatchObject({ code: 'not-found' });
  });

  test('its request is read strictly', () => {
    expect(readWantedBack({ revision: 2, reason: 'why' })).toEqual({
      ok: true,
      wanted: { revision: 2, reason: 'why' },
    });
    for (const body of [{}, { revision: '2' }, { revision: 2, planHash: HASH }, { revision: 2, by: BY }, null]) {
      expect(readWantedBack(body)).toMatchObject({ ok: false, code: 'bad-request' });
    }
  });
});

describe('readWanted', () => {
  const body = { decision: 'approved', planHash: HASH, revision: 2 } as const;

  test('reads a decision, with or without a reason', () => {
    expect(readWanted(body)).toEqual({ ok: true, wanted: body });
    expect(readWanted({ ...body, reason: 'why' })).toEqual({ ok: true, wanted: { ...body, reason: 'why' } });
    expect(readWanted({ ...body, reason: ' \u0000 ' })).toEqual({ ok: true, wanted: body });
  });

  test('reads what it is about, and what goes with it', () => {
    expect(readWanted({ ...body, about: 'change', retry: false })).toEqual({
      ok: true,
      wanted: { ...body, retry: false },
    });
    expect(readWanted({ ...body, about: 'rollback' })).toEqual({ ok: true, wanted: { ...body, about: 'rollback' } });
    expect(readWanted({ ...body, evenThoughATemplateOwnsIt: false })).toEqual({ ok: true, wanted: body });
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
    [{ ...body, about: 'rollback-request' }, /"about"/],
    [{ ...body, retry: 'yes' }, /"retry" is not true or false/],
    [{ ...body, retry: null }, /"retry" is not true or false/],
    [{ ...body, evenThoughATemplateOwnsIt: 1 }, /"evenThoughATemplateOwnsIt" is not true or false/],
    [{ ...body, decision: 'rejected', retry: false }, /"retry" goes only with an approved change/],
    [{ ...body, about: 'rollback', retry: true }, /"retry" goes only with an approved change/],
    [
      { ...body, decision: 'rejected', evenThoughATemplateOwnsIt: true },
      /"evenThoughATemplateOwnsIt" goes only with an approved change/,
    ],
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
