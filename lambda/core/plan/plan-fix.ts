import { createTwoFilesPatch } from 'diff';
import { checks } from '../checks';
import { accountsInDifferentOrganizations } from '../checks/accounts-in-different-organizations';
import { aboutKey } from '../copy-keys';
import type { Cause, Diagnosis } from '../diagnose';
import { copyOf, type Evidence } from '../evidence';
import type { PolicyDocument } from '../policy/policy';
import { text } from '../text/en/plan';
import { canonicalJson, visible } from './canonical-json';
import { draftKeyPolicy, draftVaultPolicy, type Draft, type Drafted } from './draft';
import { extendPolicy } from './extend-policy';
import { bytesOf, hashOf, normalForm } from './normal-form';
import type { Plan, PlanKind, PlanResult, PlanSettings } from './plan';
import { otherGains, ownerCanChange, type Change } from './proof';
import { lockOf, neverPlanned, notByThisPolicy } from './refusals';
import { notStorable } from './storable';

/** https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html#key-policy-limit */
const MOST_BYTES = 32_768;

const CAUSES: Readonly<Record<PlanKind, readonly string[]>> = {
  'vault-policy': ['vault-policy-lacks-source'],
  'key-policy': ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
};

/**
 * One plan, or the reason why there is none, for each policy document that a proven cause names. Nothing is planned
 * from a message alone or without the job's own record.
 */
export function planFixes(evidence: Evidence, diagnosis: Diagnosis, settings?: PlanSettings): readonly PlanResult[] {
  if (!copyOf(evidence).recorded || !diagnosis.copy.recorded) return [];
  const kinds: readonly PlanKind[] = ['vault-policy', 'key-policy'];
  return kinds.flatMap((kind) => {
    const causes = diagnosis.causes.filter(
      ({ id, byMessageOnly, confidence }) => CAUSES[kind].includes(id) && !byMessageOnly && confidence !== 'possible',
    );
    const resources = [...new Set(causes.map(({ resource }) => resource))];
    return resources.map((resource) => {
      const own = causes.filter((cause) => cause.resource === resource);
      return planFix(resource === undefined ? evidence : aboutKey(evidence, resource), kind, own, settings);
    });
  });
}

function planFix(
  evidence: Evidence,
  kind: PlanKind,
  causes: readonly Cause[],
  settings: PlanSettings | undefined,
): PlanResult {
  const ids = causes.map(({ id }) => id);
  const refused = (reason: string): Extract<PlanResult, { ok: false }> => ({
    ok: false,
    kind,
    resource: causes[0]?.resource ?? '',
    causes: ids,
    reason,
  });
  try {
    const never = neverPlanned(evidence, settings);
    if (never !== undefined) return refused(never);
    const notByThis = notByThisPolicy(evidence, kind);
    if (notByThis !== undefined) return { ...refused(notByThis), ofType: true };
    const drafted: Drafted =
      kind === 'vault-policy'
        ? draftVaultPolicy(evidence)
        : draftKeyPolicy(evidence, ids, settings?.keyGrantee ?? 'role');
    if (!drafted.ok) return refused(drafted.reason);
    const made = prove(drafted.draft, ids);
    if (!made.ok) return refused(made.reason);
    // The check knows better than the plan whether a person mends this by hand.
    if (causes.some(({ fix }) => fix !== kind)) return refused(made.plan.warnings[0] ?? text.refused.manual);
    const { plan } = made;
    return { ok: true, plan: { ...plan, warnings: [...plan.warnings, ...unreadOrganizations(evidence)] } };
  } catch {
    // Others' documents; what does not work out is not offered.
    return refused(text.refused.failed);
  }
}

/** A person may know what nobody could read. */
function unreadOrganizations(evidence: Evidence): readonly string[] {
  const { status } = accountsInDifferentOrganizations.evaluate(evidence);
  const { sourceAccount, destinationAccount } = copyOf(evidence);
  return status === 'unknown' ? [text.warnings.organizations(sourceAccount, destinationAccount)] : [];
}

type Proven = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly reason: string };

/** Nothing is offered that the evaluator does not prove first. */
function prove(draft: Draft, causes: readonly string[]): Proven {
  const no = (reason: string): Proven => ({ ok: false, reason });
  const { kind, resource, owner, before, grantee } = draft;
  const { partition } = draft.copy;
  const words = text.refused;

  const old = notStorable(before?.Statement ?? [], kind, owner);
  if (old !== undefined) return no(old);
  const lock = before ? lockOf(before, { resource, owner, partition }, draft.putAction) : {};
  if (lock.refused !== undefined) return no(lock.refused);

  const extended = extendPolicy(before, draft.statements, partition);
  if (!extended.ok) return no(extended.reason);
  const { after, added } = extended;
  if (added.length === 0) return no(words.alreadyThere(resource));

  const change: Change = { partition, resource, owner, grantee, before, after, added };
  if (kind === 'key-policy') {
    const bytes = bytesOf(JSON.stringify(after));
    if (bytes > MOST_BYTES) return no(words.tooLarge(bytes, MOST_BYTES));
    if (!ownerCanChange(change, draft.putAction)) return no(words.lockedOut(owner));
  }
  const open = causes.find((id) => !cured(id, draft.evidenceWith(after)));
  if (open !== undefined) return no(words.notCured(open));
  const gains = otherGains(change);
  if (gains !== undefined) return no(gains);

  return { ok: true, plan: planOf(draft, causes, change, lock.warning === undefined ? [] : [lock.warning]) };
}

/** The check passes with the new policy: for the one key that it changes, where an image has several. */
const cured = (id: string, evidence: Evidence): boolean =>
  checks.find((check) => check.id === id)?.evaluate(evidence).status === 'ok';

function planOf(draft: Draft, causes: readonly string[], change: Change, warnings: readonly string[]): Plan {
  const { kind, resource, owner, region, before, grantee, permits, doesNotPermit } = draft;
  const { after, added, partition } = change;
  return {
    kind,
    causes,
    resource,
    owner,
    region,
    partition,
    grantee: grantee.account,
    before,
    after,
    added,
    diff: diffOf(before, after),
    hash: planHash(resource, before, after, partition),
    permits,
    doesNotPermit,
    undo: text.undo(
      added.map(({ Sid }) => Sid ?? ''),
      before === null,
    ),
    warnings,
  };
}

/** What a decision is bound to: the same resource, policy before, policy after; and the one request for a rollback. */
export const planHash = (
  resource: string,
  before: PolicyDocument | null,
  after: PolicyDocument,
  partition: string,
  askedAt?: string,
): string =>
  hashOf({
    resource,
    before: before && normalForm(before, partition),
    after: normalForm(after, partition),
    ...(askedAt === undefined ? {} : { askedAt }),
  });

export function diffOf(before: PolicyDocument | null, after: PolicyDocument): string {
  const lines = (document: PolicyDocument | null) => (document ? `${visible(canonicalJson(document))}\n` : '');
  const { before: from, after: to } = text.diff;
  const patch = createTwoFilesPatch(from, to, lines(before), lines(after), undefined, undefined, { context: 3 });
  return patch.replace(/^=+\n/, '');
}
