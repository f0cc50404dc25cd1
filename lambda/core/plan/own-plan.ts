import { parseArn } from '../arn';
import { canonicalJson } from './canonical-json';
import type { Plan } from './plan';
import { diffOf, planHash } from './plan-fix';

/** A stored plan is the one that its hash names, what is shown of it follows from that, and that hash is `wanted`. */
export function isOwnPlan(plan: Plan, wanted: string | undefined): boolean {
  const { resource, owner, region, before, after, added, removed = [], diff, partition, askedAt, hash } = plan;
  if (hash !== wanted || hash !== planHash(resource, before, after, partition, askedAt)) return false;
  const arn = parseArn(resource);
  // What is told to have come, or gone, is all that one document has beyond the other.
  const old = before?.Statement ?? [];
  const [fewer, more] = removed.length > 0 ? [after.Statement, old] : [old, after.Statement];
  const between = removed.length > 0 ? removed : added;
  return (
    arn?.account === owner &&
    arn.region === region &&
    diff === diffOf(before, after) &&
    texts([...fewer, ...between]) === texts(more)
  );
}

const texts = (statements: readonly unknown[]): string =>
  statements
    .map((one) => canonicalJson(one))
    .sort()
    .join();
