import { parseArn } from '../arn';
import type { PolicyDocument, Statement } from '../policy/policy';
import { statementName } from '../policy-questions';
import { clean } from '../text/clean';
import { notRemovable as words } from '../text/en/refusals';
import { removal } from '../text/en/rollback';
import { copyIntoStatement } from '../vault-questions';
import { keepsAll } from './extend-policy';
import { sameContent } from './normal-form';
import type { Plan } from './plan';
import { diffOf, planHash } from './plan-fix';
import { notStorable } from './storable';

export type RollbackResult =
  | { readonly ok: true; readonly plan: Plan }
  /** `gone`: nothing of ours is left to take away. */
  | { readonly ok: false; readonly gone: boolean; readonly reason: string };

/** Copies that completed since the change, which may have needed it; undefined: nobody can say. */
export interface Since {
  readonly at: string;
  readonly copies: number | undefined;
}

/**
 * What takes a change of the service back: the live policy without the statements that are still exactly ours, by
 * content and Sid. Everything else stays as it is and where it is. `live`: null where there is no policy, undefined
 * where it cannot be read as one. `plan`: the change as it was decided on.
 */
export function planRollback(live: PolicyDocument | null | undefined, plan: Plan, since?: Since): RollbackResult {
  const no = (reason: string, gone = false): RollbackResult => ({ ok: false, gone, reason });
  const ours = statementsOf(plan);
  if (ours === undefined) return no(words.notOurs);
  if (live === undefined) return no(words.unreadable);
  if (live === null) return no(words.gone, true);

  const { partition } = plan;
  const exactly = (theirs: Statement, one: Statement) => theirs.Sid === one.Sid && sameContent(theirs, one, partition);
  const removed: Statement[] = [];
  for (const one of ours) {
    const same = live.Statement.filter((theirs) => exactly(theirs, one));
    const [there, another] = same;
    if (another) return no(words.twice(nameOf(one)));
    if (there) {
      removed.push(there);
      continue;
    }
    const renamed = live.Statement.find((theirs) => sameContent(theirs, one, partition));
    if (renamed) return no(words.renamed(nameOf(one), placeOf(renamed, live)));
    if (live.Statement.some(({ Sid }) => Sid === one.Sid)) return no(words.changed(nameOf(one)));
  }
  if (removed.length === 0) return no(words.gone, true);

  const after: PolicyDocument = { ...live, Statement: live.Statement.filter((one) => !removed.includes(one)) };
  // AWS stores no policy without statements, and no role of the service may delete one.
  if (after.Statement.length === 0) return no(words.lastOne(plan));
  const old = notStorable(after.Statement, plan.kind, plan.owner);
  if (old !== undefined) return no(old);

  const still = after.Statement.find((theirs) => removed.some((one) => sameContent(theirs, one, partition)));
  return {
    ok: true,
    plan: {
      ...plan,
      before: live,
      after,
      added: [],
      removed,
      diff: diffOf(live, after),
      hash: planHash(plan.resource, live, after, partition, plan.askedAt),
      permits: [],
      doesNotPermit: [],
      undo: removal.undo(removed.map(nameOf)),
      warnings: [
        ...(since ? [removal.since(plan, since)] : []),
        ...(still ? [removal.still(plan.grantee, placeOf(still, live))] : []),
      ],
    },
  };
}

/**
 * The statements that the change added, worked out from its documents; undefined: this is no change of the service.
 * A stored plan may have been altered, so that nothing but the one fixed statement is ever ours.
 */
function statementsOf({ kind, resource, owner, region, grantee, partition, before, after, hash }: Plan) {
  const arn = parseArn(resource);
  if (kind !== 'vault-policy' || arn?.account !== owner || arn.region !== region) return undefined;
  if (planHash(resource, before, after, partition) !== hash || !keepsAll(before, after)) return undefined;
  const ours = after.Statement.slice(before?.Statement.length ?? 0);
  const fixed = copyIntoStatement({ partition, sourceAccount: grantee });
  // Its Sid carries a number where the name was taken.
  const named = ({ Sid = '' }: Statement) => Sid.replace(/\d*$/, '') === fixed.Sid?.replace(/\d*$/, '');
  const all = ours.length > 0 && ours.every((one) => named(one) && sameContent(one, fixed, partition));
  return all ? ours : undefined;
}

/** Ours have a Sid. */
const nameOf = ({ Sid = '' }: Statement): string => `statement "${clean(Sid, 100)}"`;

/** Where it stands in the live policy. */
const placeOf = (statement: Statement, { Statement }: PolicyDocument): string =>
  statementName({
    index: Statement.indexOf(statement),
    ...(statement.Sid === undefined ? {} : { sid: statement.Sid }),
  });
