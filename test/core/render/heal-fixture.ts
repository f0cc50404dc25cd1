import type { Decision, Incident } from '../../../lambda/core/incident/incident';
import type { Retried, StoredEvidence } from '../../../lambda/core/incident/shown';
import type { MailContext, ToldIncident } from '../../../lambda/core/render/incident-mail';
import { evidenceOf, SOURCE } from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, vaultWith } from '../plan/fixture';
import { after, contextOf, incidentsOf, settingsOf, storedOf, TOLD_AT } from './fixture';

export const counted = { copies: 12, resources: 5, bytes: 1_234_567_890_123, withoutSize: 1 };
export const DONE = { copies: 0, resources: 0, bytes: 0, withoutSize: 0 };
export const TEMPLATE = { stack: 'backup-vaults', logicalId: 'DrVault' };
export const JANE = `arn:aws:sts::${SOURCE}:assumed-role/Admin/jane`;
export const at = (time: string) => `2026-06-01T${time}:00.000Z`;

export interface Case {
  readonly told: ToldIncident;
  readonly stored: StoredEvidence;
  readonly context: MailContext;
}

export function caseOf(evidence: Parameters<typeof storedOf>[0]): Case {
  const [told] = incidentsOf(evidence, settingsOf(evidence), counted);
  if (!told) throw new Error('no incident');
  return { told, stored: storedOf(evidence), context: contextOf(evidence) };
}
export const vault = caseOf(vaultWith([AUDIT, KEEP]));
export const key = caseOf(keyWith(ownerOnly));
export const busy = caseOf(
  evidenceOf({
    detail: { statusMessage: 'You have reached the maximum concurrent number of copies, which is 30.' },
  }),
);

export const approval = ({ incident }: ToldIncident, retry?: boolean): Decision => ({
  incident: incident.id,
  revision: 1,
  planHash: incident.planHash ?? '',
  decision: 'approved',
  by: JANE,
  at: at('11:02'),
  reason: 'change window 42',
  ...(retry === undefined ? {} : { retry }),
});
export const CHANGE = { at: at('11:03'), requestId: '0a1b2c3d-0000-4000-8000-000000000001' };
export const retried = (more: Partial<Retried> = {}): Retried => ({
  copied: 0,
  bytes: 0,
  running: 0,
  failed: 0,
  leftOut: {},
  ...more,
});

export const withRetry = (one: Case, more: Partial<Incident> = {}, rest: Partial<ToldIncident> = {}): ToldIncident =>
  after(
    one.told,
    { ...one.told.incident, decision: approval(one.told, true), toldAt: TOLD_AT, since: at('12:00'), ...more },
    rest,
  );
export const made = (more: Partial<Incident> = {}, rest: Partial<ToldIncident> = {}) =>
  withRetry(vault, { change: CHANGE, settledFrom: CHANGE.at, ...more }, rest);
export const unasked = (more: Partial<Incident> = {}, rest: Partial<ToldIncident> = {}) =>
  made({ decision: undefined, toldAt: undefined, auto: true, ...more }, rest);

export const ROLLBACK = {
  from: 'applied' as const,
  requestedBy: JANE,
  requestedAt: at('14:00'),
  planHash: 'ab'.repeat(32),
};
export const rollbackPlan = vault.told.plan && {
  ...vault.told.plan,
  hash: ROLLBACK.planHash,
  added: [],
  removed: vault.told.plan.added,
  diff: vault.told.plan.diff.replace(/^\+(?!\+)/gm, '-'),
  permits: [],
  doesNotPermit: [],
  warnings: [`3 copies of account ${SOURCE} into dr completed since 2026-06-01 11:03 UTC and may rely on this.`],
};
export const removable = (state: Incident['state'], more: Partial<Incident> = {}) =>
  made(
    { state, rollback: ROLLBACK, agenda: { expire: '2026-06-04T14:00:00.000Z' }, ...more },
    { rollbackPlan, counted: DONE },
  );

export const WAITING = { state: 'waiting' as const, agenda: { retry: at('10:33') } };

export const shown = ({ mail }: { readonly mail: { readonly subject: string; readonly body: string } }): string =>
  `Subject: ${mail.subject}\n\n${mail.body}`;
