import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import type { Incident, Telling } from '../../../lambda/core/incident/incident';
import { proposalsOf } from '../../../lambda/core/incident/proposals';
import { reduce } from '../../../lambda/core/incident/reduce';
import type { Counted, StoredEvidence } from '../../../lambda/core/incident/shown';
import type { PlanSettings } from '../../../lambda/core/plan/plan';
import { textsOf, type MailContext, type Message, type ToldIncident } from '../../../lambda/core/render/incident-mail';
import { copyOf } from '../../../lambda/core/evidence';

const FAILED_AT = '2026-06-01T10:15:00.000Z';
const READ_AT = '2026-06-01T10:16:00.000Z';
/** The first mail goes out a minute after the diagnosis. */
export const TOLD_AT = '2026-06-01T10:17:00.000Z';

const ONE_COPY: Counted = { copies: 1, resources: 1, bytes: 22548578304, withoutSize: 0 };

export const settingsOf = (evidence: Evidence, more: Partial<PlanSettings> = {}): PlanSettings => ({
  destinations: [copyOf(evidence).destinationVaultArn],
  keyGrantee: 'role',
  retry: 'ask',
  ...more,
});

/** The deployment that the documentation shows. */
export const contextOf = (evidence: Evidence, more: Partial<MailContext> = {}): MailContext => ({
  deployment: {
    name: 'eu-west-1',
    stackName: 'copy-doctor-eu-west-1',
    region: 'eu-west-1',
    hubAccount: '111111111111',
    organizationId: '',
    destinations: settingsOf(evidence).destinations,
  },
  mailDetail: 'full',
  now: TOLD_AT,
  ...more,
});

export const storedOf = (evidence: Evidence): StoredEvidence => ({
  evidence,
  readAt: READ_AT,
  copyJobId: evidence.failure.copyJobId,
  revision: 1,
});

/** The incidents that a failure opens, as the first mail finds them. */
export function incidentsOf(
  evidence: Evidence,
  settings: PlanSettings = settingsOf(evidence),
  counted: Counted = ONE_COPY,
): readonly ToldIncident[] {
  return proposalsOf(evidence, diagnose(evidence), settings).map(({ proposal, planned }) => {
    const { incident } = reduce(undefined, {
      kind: 'failed',
      at: READ_AT,
      failedAt: FAILED_AT,
      copyJobId: evidence.failure.copyJobId,
      readAt: READ_AT,
      proposal,
    });
    if (!incident) throw new Error('a failure opens an incident');
    return { incident, counted, ...(planned?.ok ? { plan: planned.plan } : {}) };
  });
}

/** The same, further on. */
export const after = (told: ToldIncident, incident: Incident | undefined, more: Partial<ToldIncident> = {}) => {
  if (!incident) throw new Error('no incident');
  return { ...told, incident, ...more };
};

export const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

/** What SNS, a mail program or a person would stumble over. */
export function wrongWith(message: Message): readonly string[] {
  const { subject, body } = message.mail;
  const texts = textsOf(message);
  return [
    ...(/^[\x20-\x7e]{1,99}$/.test(subject) ? [] : [`subject: ${subject}`]),
    ...(/^\[(Approve|Action|Info|Drill)\] /.test(subject) ? [] : [`prefix: ${subject}`]),
    ...(/[\0-\x09\x0b-\x1f\x7f-\x9f\p{Cf}\p{Cs}]/u.test(body)
      ? ['a control character, a bidi override or half a character']
      : []),
    ...(/\bundefined\b|\[object|\bNaN\b/.test(body) ? ['a value that is none'] : []),
    ...(bytes(JSON.stringify(texts)) < 200_000 ? [] : ['too large']),
    ...(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(texts.sqs) ? ['a control character in the JSON'] : []),
    ...(typeof JSON.parse(texts.sqs) === 'object' ? [] : ['no JSON']),
  ];
}

export const TELLINGS: readonly Telling[] = Object.keys({
  opened: true,
  reminder: true,
  expired: true,
  approved: true,
  rejected: true,
  stale: true,
  applied: true,
  refused: true,
  'in-place': true,
  'left-out': true,
  reopened: true,
  'not-cured': true,
  resolved: true,
  'rollback-proposed': true,
  'rollback-refused': true,
  'rollback-expired': true,
  'rolled-back': true,
  drill: true,
} satisfies Record<Telling, true>) as Telling[];
