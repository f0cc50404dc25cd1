import { cutTexts, headItem, headOf } from '../../lambda/aws/incident-items';
import { EFFECTS, type Agenda, type Decision, type Incident } from '../../lambda/core/incident/incident';
import { at, ID, proposalOf, T0 } from './incidents-fixture';

const long = '€'.repeat(5_000);
const decision: Decision = {
  incident: ID,
  revision: 100,
  planHash: 'a'.repeat(64),
  decision: 'approved',
  by: `arn:aws:sts::111111111111:assumed-role/${'r'.repeat(64)}/${'s'.repeat(64)}`,
  at: T0,
  reason: long,
  retry: true,
  evenThoughATemplateOwnsIt: true,
};

/** Everything that an incident with a plan can have, each as long as it gets. */
const largest: Incident = {
  ...proposalOf({
    causes: ['vault-policy-lacks-source', 'vault-policy-denies'],
    title: long,
    auto: true,
    retry: 'ask',
  }),
  resource: `arn:aws:backup:ap-southeast-2:222222222222:backup-vault:${'v'.repeat(50)}`,
  revision: 100,
  state: 'rollback-approved',
  since: T0,
  openedAt: T0,
  openedBy: '00000000-0000-0000-0000-000000000000',
  readAt: T0,
  expiresAt: T0,
  reminders: 2,
  tell: 'rollback-proposed',
  toldAt: T0,
  decision,
  template: { stack: 's'.repeat(128), logicalId: 'l'.repeat(100) },
  firstFailedAt: T0,
  change: { at: T0, requestId: '00000000-0000-0000-0000-000000000000' },
  because: long,
  notSeen: true,
  settledFrom: T0,
  canary: { copyJobId: 'c'.repeat(36), retryId: 'r'.repeat(36), at: T0 },
  failedRounds: 4,
  batches: { count: 1000, started: 999, ended: 998, at: T0 },
  startedAt: T0,
  others: Array.from({ length: 5 }, () => ID),
  rollback: {
    from: 'not-cured',
    requestedBy: decision.by,
    requestedAt: T0,
    planHash: 'b'.repeat(64),
    decision: { ...decision, about: 'rollback' },
    requestId: '00000000-0000-0000-0000-000000000000',
  },
  listedAt: T0,
  agenda: Object.fromEntries(EFFECTS.slice(0, 6).map((effect) => [effect, T0])) as Agenda,
};
const log = {
  at: at(1),
  what: 'rollback-approved',
  by: decision.by,
  from: 'rollback-proposed',
  to: 'rollback-approved',
};
const bytesOf = (incident: Incident) => Buffer.byteLength(JSON.stringify(headItem({ incident, version: 1000, log })));

test('HEAD stays under 4 KB, however long the texts', () => {
  const cut = cutTexts(largest);
  expect(bytesOf(cut)).toBeLessThan(4_096);
  for (const text of [cut.title, cut.because, cut.decision?.reason, cut.rollback?.decision?.reason]) {
    expect(text).toMatch(/^€{30,}…$/);
  }

  const without = {
    canary: undefined,
    batches: undefined,
    others: undefined,
    template: undefined,
    rollback: undefined,
  };
  const decided = cutTexts({ ...largest, ...without });
  expect(bytesOf(decided)).toBeLessThan(4_096);
  expect([decided.because?.length, decided.decision?.reason?.length]).toEqual([200, 200]);

  // Without a plan nothing is decided or made.
  const unplanned = { planHash: undefined, decision: undefined, rollback: undefined, change: undefined };
  const refused = cutTexts({ ...largest, ...unplanned, refused: long });
  expect(bytesOf(refused)).toBeLessThan(4_096);
  expect(refused.refused).toMatch(/^€{100,}…$/);
});

test('what is short stays as it is, and HEAD is read as it was written', () => {
  const incident: Incident = {
    ...largest,
    rollback: undefined,
    title: 'title',
    because: 'because',
    decision: { ...decision, reason: 'reason' },
  };
  expect(cutTexts(incident)).toEqual(incident);
  expect(headOf(headItem({ incident, version: 7, log }))).toEqual({ incident, version: 7, log });
});
