import { wantsRetry, type Decision, type Incident, type RetrySetting } from './incident';

export type MayRetry =
  /** `by`: ARN of whoever decided; undefined: a setting. */
  { readonly ok: true; readonly by: string | undefined } | { readonly ok: false; readonly because: string };

/** Whether copies may be started for an incident: by the setting and the DECISION item, never by what HEAD says. */
export function mayRetry(
  incident: Pick<Incident, 'id' | 'revision' | 'kind' | 'planHash'>,
  retry: RetrySetting | undefined,
  item: Decision | undefined,
): MayRetry {
  const decision = isFor(item, incident) ? item : undefined;
  if (wantsRetry({ retry, kind: incident.kind, decision })) return { ok: true, by: decision?.by };
  return {
    ok: false,
    because:
      retry === 'ask'
        ? 'Nobody has decided that the failed copies are started again.'
        : 'The setting `retry` says that no copy is started again.',
  };
}

const isFor = (
  item: Decision | undefined,
  { id, revision, planHash }: Pick<Incident, 'id' | 'revision' | 'planHash'>,
) =>
  item !== undefined &&
  item.incident === id &&
  item.revision === revision &&
  (item.about ?? 'change') === 'change' &&
  item.decision === 'approved' &&
  item.planHash === planHash;
