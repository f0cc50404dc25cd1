import type { Diagnosis } from '../diagnose';
import type { Incident } from '../incident/incident';
import type { PolicyDocument } from '../policy/policy';
import { sameContent, sameDocument } from './normal-form';
import type { Plan } from './plan';

/** How the live policy stands to a plan: as it was, all that was to be added is there, or neither. */
export type PolicyStands = 'before' | 'after' | 'other';

/** `live`: null where the resource has no policy, undefined where it has one that cannot be parsed. */
export function policyStands(
  live: PolicyDocument | null | undefined,
  { before, added, partition }: Pick<Plan, 'before' | 'added' | 'partition'>,
): PolicyStands {
  if (live === undefined) return 'other';
  if (live === null) return before === null ? 'before' : 'other';
  if (before !== null && sameDocument(live, before, partition)) return 'before';
  const there = added.every((ours) => live.Statement.some((theirs) => sameContent(theirs, ours, partition)));
  return there && added.length > 0 ? 'after' : 'other';
}

/** Faults of the policy that a plan extends; a vault's lock or a key's state is mended apart from it. */
const ABOUT_THE_POLICY = /^(vault|source-key)-policy-/;

/**
 * What a new diagnosis says of an incident: its causes are gone, they cannot be judged because something could not be
 * read, or it has to be told again.
 */
export function causesStand(
  { causes, resource }: Pick<Incident, 'causes' | 'resource'>,
  diagnosis: Diagnosis,
): 'gone' | 'unknown' | 'open' {
  // Without the job's own record the same fault would be told once more, as a mere possibility.
  if (!diagnosis.copy.recorded) return 'unknown';
  const unread = diagnosis.notCheckable.some(({ id, missing }) => causes.includes(id) && missing.length > 0);
  if (unread) return 'unknown';
  // "lacks an Allow" is ruled out by a Deny too, and then nothing is mended.
  const another = diagnosis.causes.some(
    (cause) => !cause.byMessageOnly && cause.resource === resource && ABOUT_THE_POLICY.test(cause.id),
  );
  return !another && causes.every((id) => diagnosis.ruledOut.includes(id)) ? 'gone' : 'open';
}
