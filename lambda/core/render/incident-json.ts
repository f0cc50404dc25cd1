import type { Diagnosis } from '../diagnose';
import type { Rollback, Telling } from '../incident/incident';
import { ownCauses } from '../incident/own-causes';
import { diagnosisBody, jsonText } from './json';
import { sentSize, type Message } from './message';
import type { MailContext, ToldIncident } from './told';

// What machines are told. Versioned; members are only added.

export interface ToTell {
  readonly kind: Message['kind'];
  readonly telling?: Telling;
  readonly told: readonly ToldIncident[];
  readonly diagnosis?: Diagnosis | undefined;
}

/** As much as fits: first without the diagnosis, then with fewer and fewer incidents. */
export function incidentJson({ kind, telling, told, diagnosis }: ToTell, context: MailContext, room: number): string {
  const full = context.mailDetail === 'full';
  const incidents = told.map((one) => incidentBody(one, full, diagnosis));
  const body = (count: number, more: object = {}) => {
    const left = incidents.length - count;
    const cut = left > 0 || (full && diagnosis !== undefined && Object.keys(more).length === 0);
    return jsonText({
      ...more,
      version: 1,
      kind,
      ...(telling === undefined ? {} : { telling }),
      incidents: incidents.slice(0, count),
      ...(cut ? { cut: true } : {}),
      ...(left > 0 ? { leftOut: left } : {}),
    });
  };
  if (full && diagnosis) {
    const whole = body(incidents.length, diagnosisBody(diagnosis));
    if (sentSize(whole) <= room) return whole;
  }
  for (let count = incidents.length; count > 0; count = Math.floor(count * 0.75)) {
    const text = body(count);
    if (sentSize(text) <= room) return text;
  }
  return body(0);
}

function incidentBody(
  { incident, counted, newest, retried }: ToldIncident,
  full: boolean,
  diagnosis: Diagnosis | undefined,
): object {
  const { id, revision, state, tell, kind, title, resource, owner, region, account } = incident;
  const { planHash, refused, openedAt, expiresAt, decision, template } = incident;
  const { change, others, rollback, because } = incident;
  const own = ownCauses(incident, diagnosis?.causes ?? []);
  const causes = incident.causes.map((cause) => {
    const found = own.find((one) => one.id === cause);
    return { id: cause, ...(found ? { confidence: found.confidence, fix: found.fix } : {}) };
  });
  return {
    id,
    revision,
    state,
    ...(tell === undefined ? {} : { tell }),
    kind,
    title,
    causes,
    region,
    counted,
    openedAt,
    expiresAt,
    // Who and why may hold names and ids of any kind.
    ...(decision ? { decision: full ? decision : { decision: decision.decision, at: decision.at } } : {}),
    ...(change ? { change: full ? change : { at: change.at } } : {}),
    ...(newest ? { newest: full ? newest : { ...newest, worst: [] } } : {}),
    retried,
    others,
    ...(rollback ? { rollback: full ? rollback : rollbackInShort(rollback) } : {}),
    ...(full ? { resource, owner, account, planHash, refused, template, because } : {}),
  };
}

const rollbackInShort = ({ requestedAt, decision }: Rollback) => ({
  requestedAt,
  ...(decision ? { decision: { decision: decision.decision, at: decision.at } } : {}),
});
