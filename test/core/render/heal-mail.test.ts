import type { Telling } from '../../../lambda/core/incident/incident';
import { renderDigest, renderTelling, type ToldIncident } from '../../../lambda/core/render/incident-mail';
import { SOURCE_KEY } from '../evidence-fixture';
import { after, wrongWith } from './fixture';
import {
  approval,
  at,
  busy,
  CHANGE,
  DONE,
  key,
  made,
  removable,
  retried,
  ROLLBACK,
  shown,
  unasked,
  vault,
  WAITING,
  withRetry,
  type Case,
} from './heal-fixture';

/** What each telling finds. */
const ROWS: readonly (readonly [name: string, Telling, ToldIncident, one?: Case])[] = [
  ['asked, key', 'opened', key.told, key],
  ['asked, copies are started without asking', 'opened', after(vault.told, { ...vault.told.incident, retry: 'auto' })],
  ['asked, nothing is copied again', 'opened', after(vault.told, { ...vault.told.incident, retry: 'never' })],
  [
    'asked, as autoApply does not hold',
    'opened',
    after(vault.told, { ...vault.told.incident, because: 'The cause "vault-policy-lacks-source" is not confirmed.' }),
  ],
  ['waiting', 'opened', after(busy.told, { ...busy.told.incident, ...WAITING }), busy],
  ['approved, copies are started', 'approved', withRetry(key, { state: 'approved' }), key],
  ['stale, a moment before it was made', 'stale', withRetry(vault, { state: 'stale' })],
  ['applied as decided', 'applied', made({ state: 'settling', decision: approval(vault.told, false) })],
  ['applied unasked', 'applied', unasked({ state: 'settling' })],
  ['applied unasked, copies are started', 'applied', unasked({ state: 'settling', retry: 'auto' })],
  ['refused', 'refused', withRetry(vault, { state: 'refused', because: 'AWS refused it. AWS said: AccessDenied' })],
  ['refused, unasked', 'refused', unasked({ state: 'refused', change: undefined, because: 'Not now' })],
  [
    'not seen',
    'refused',
    withRetry(vault, { state: 'refused', notSeen: true, because: 'AWS took the change, but it is not seen.' }),
  ],
  ['in place, copies are started', 'in-place', withRetry(key, { state: 'settling', settledFrom: at('11:59') }), key],
  ['in place, nobody was asked', 'in-place', withRetry(vault, { state: 'settling', decision: undefined })],
  [
    'left out',
    'left-out',
    made(
      { state: 'applied' },
      { retried: retried({ leftOut: { 'role-not-listed': 2, 'recovery-point-gone': 1, 'older-point': 9 } }) },
    ),
  ],
  [
    'left out, as the plan runs again',
    'left-out',
    made({ state: 'applied' }, { retried: retried({ leftOut: { 'next-run': 12 } }), counted: DONE }),
  ],
  [
    'reopened',
    'reopened',
    made(
      { state: 'reopened', others: ['A'.repeat(16), 'B'.repeat(16)] },
      {
        retried: retried({ copied: 3, bytes: 3_000_000_000, failed: 2 }),
        counted: DONE,
      },
    ),
  ],
  ['not cured', 'not-cured', made({ state: 'not-cured' }, { retried: retried({ failed: 1 }) })],
  [
    'not cured, made by its owner',
    'not-cured',
    withRetry(
      key,
      { state: 'not-cured', because: '2 copies run for more than 7 days' },
      { retried: retried({ running: 2 }) },
    ),
    key,
  ],
  [
    'not cured by waiting',
    'not-cured',
    after(
      busy.told,
      { ...busy.told.incident, state: 'not-cured', failedRounds: 5 },
      { retried: retried({ failed: 5 }) },
    ),
    busy,
  ],
  [
    'resolved',
    'resolved',
    made({ state: 'resolved' }, { retried: retried({ copied: 5, bytes: 1_234_567_890_123 }), counted: DONE }),
  ],
  [
    'resolved, without some',
    'resolved',
    unasked(
      { state: 'resolved' },
      { retried: retried({ copied: 3, leftOut: { attempts: 1, 'older-point': 7, refused: 1 } }), counted: DONE },
    ),
  ],
  ['rollback proposed', 'rollback-proposed', removable('rollback-proposed')],
  [
    'rollback refused',
    'rollback-refused',
    removable('applied', { because: 'Statement "X" was changed by somebody else.' }),
  ],
  ['rollback not seen', 'rollback-refused', removable('applied', { notSeen: true, because: 'The answer was lost.' })],
  ['rollback expired', 'rollback-expired', removable('applied')],
  [
    'rolled back',
    'rolled-back',
    removable('rolled-back', {
      change: undefined,
      rollback: { ...ROLLBACK, decision: { ...approval(vault.told), at: at('14:05') } },
    }),
  ],
];

describe.each(ROWS.map(([name, ...row]) => ({ name, row })))('$name', ({ row }) => {
  const [telling, told, { stored, context } = vault] = row;

  it.each(['full', 'short'] as const)('in %s', (mailDetail) => {
    const message = renderTelling(telling, [told], stored, { ...context, mailDetail, now: at('12:01') });
    expect(shown(message)).toMatchSnapshot();
    expect(wrongWith(message)).toEqual([]);
  });
});

it('a digest puts what is to be decided first, and calls each thing by what happened', () => {
  const rows = ROWS.map(([, tell, told], index) =>
    after(told, { ...told.incident, tell, id: String.fromCodePoint(65 + (index % 26)).repeat(16) }),
  );
  expect(shown(renderDigest(rows, { ...vault.context, now: at('12:01') }))).toMatchSnapshot();
  expect(wrongWith(renderDigest(rows, { ...vault.context, mailDetail: 'short' }))).toEqual([]);
});

it('a digest of news alone asks for nothing', () => {
  const news = ROWS.filter(([name]) => /^(waiting|applied|resolved|in place|rolled back|left out, as)/.test(name));
  const rows = news.map(([, tell, told]) => after(told, { ...told.incident, tell }));
  const { mail } = renderDigest(rows, vault.context);
  expect(mail.subject).toBe(`[Info] News of ${news.length} incidents`);
  expect(mail.body).not.toContain('TO DO');
});

describe('the JSON', () => {
  const json = (telling: Telling, told: ToldIncident, mailDetail: 'full' | 'short') => {
    const message = renderTelling(telling, [told], vault.stored, { ...vault.context, mailDetail });
    const { kind, incidents } = JSON.parse(message.json) as { kind: string; incidents: Record<string, unknown>[] };
    return { message: kind, ...incidents[0] };
  };
  const told = removable('rollback-proposed', { others: ['A'.repeat(16)], because: `not ${SOURCE_KEY}` });
  const result = { ...told, retried: retried({ copied: 2 }) };

  it('holds what came of it', () => {
    expect(json('rollback-proposed', result, 'full')).toMatchObject({
      message: 'notice',
      change: CHANGE,
      retried: retried({ copied: 2 }),
      others: ['A'.repeat(16)],
      rollback: ROLLBACK,
      because: `not ${SOURCE_KEY}`,
    });
  });

  it('leaves names and ids out of a short one', () => {
    const short = json('rollback-proposed', result, 'short');
    expect(short).toMatchObject({ change: { at: CHANGE.at }, rollback: { requestedAt: ROLLBACK.requestedAt } });
    expect(JSON.stringify(short)).not.toMatch(/\d{12}|arn:|jane|because/);
  });

  it('of a change that nobody was asked about is a diagnosis: it is the first that anybody hears', () => {
    expect(json('applied', unasked({ state: 'settling' }), 'full')).toMatchObject({ message: 'diagnosis' });
    expect(json('applied', made({ state: 'settling' }), 'full')).toMatchObject({ message: 'notice' });
  });
});
