import { diagnose, type Diagnosis } from '../diagnose';
import type { Telling } from '../incident/incident';
import type { StoredEvidence } from '../incident/shown';
import { reportOn } from '../report';
import { digestMail } from './digest';
import { incidentJson, type ToTell } from './incident-json';
import type { Mail } from './layout';
import { roomForJson, type Message } from './message';
import { renderNotice } from './notice';
import { renderOpened } from './opened';
import { isUnasked, type MailContext, type ToldIncident } from './told';

export { textsOf, type Message, type Texts } from './message';
export type { MailContext, ToldIncident } from './told';
export type { Mail } from './layout';

/** What there is to tell about incidents that one failure opened: at least one. */
export function renderTelling(
  telling: Telling,
  told: readonly ToldIncident[],
  evidence: StoredEvidence | undefined,
  context: MailContext,
): Message {
  const diagnosis = evidence && diagnose(evidence.evidence);
  const mail = mailOf(telling, told, evidence, diagnosis, context);
  return message(mail, { kind: kindOf(telling, told), telling, told, diagnosis }, context);
}

/** One mail for many incidents, each with what it has to tell. */
export function renderDigest(told: readonly ToldIncident[], context: MailContext): Message {
  return message(digestMail(told, context), { kind: 'digest', told }, context);
}

const message = (mail: Mail, what: ToTell, context: MailContext): Message => ({
  mail,
  json: incidentJson(what, context, roomForJson(mail.body)),
  kind: what.kind,
});

function kindOf(telling: Telling, told: readonly ToldIncident[]): Message['kind'] {
  if (telling === 'drill') return 'drill';
  return telling === 'opened' || isFirst(telling, told) ? 'diagnosis' : 'notice';
}

/** Nobody has heard of the failure before: the setting `autoApply` mended it first. */
const isFirst = (telling: Telling, told: readonly ToldIncident[]): boolean =>
  telling === 'applied' && told.every(({ incident }) => isUnasked(incident));

function mailOf(
  telling: Telling,
  told: readonly ToldIncident[],
  evidence: StoredEvidence | undefined,
  diagnosis: Diagnosis | undefined,
  context: MailContext,
): Mail {
  if (!evidence || !diagnosis || context.mailDetail === 'short') return renderNotice(telling, told, evidence, context);
  if (telling === 'drill') return reportOn(evidence.evidence, evidence.readAt, context.deployment).mail;
  const anew = told.every(({ incident }) => incident.state !== 'stale');
  if (telling === 'opened' || (telling === 'applied' && isFirst(telling, told)) || (telling === 'stale' && anew)) {
    return renderOpened(told, evidence, diagnosis, telling, context);
  }
  return renderNotice(telling, told, evidence, context);
}
