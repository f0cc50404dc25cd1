import { evaluate } from '../../../lambda/core/policy/evaluate';
import type { Verdict } from '../../../lambda/core/policy/policy';
import { evaluate as matcher } from '../../sandbox/matcher';
import { baseOf, DIFFERENCES } from './differences';
import { ask, type Answer, type Engine, type Pair } from './engine';
import { UNSETTLED } from './unsettled';

const count = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);

/** What was compared, and how it came out. */
export class Tally {
  compared = 0;
  readonly failures: string[] = [];
  readonly decisions = new Map<string, number>();
  readonly differences = new Map<string, number>();
  readonly unsettled = new Map<string, number>();
  readonly sandbox = new Map<string, number>();
  /** How often each operator stood in a pair that was answered for certain. */
  readonly operators = new Map<string, number>();

  constructor(readonly group: string) {}

  fail(what: string, pair: Pair, more: object = {}): void {
    this.failures.push(`${this.group}: ${what}\n${JSON.stringify({ ...more, ...pair }, null, 1)}`);
  }
}

/** The engine's answer, after the named differences if need be; they are counted only where they decide. */
export function agrees(engine: Engine, pair: Pair, answer: Answer, tally: Tally): Answer {
  const theirs = ask(engine, pair);
  if (theirs === answer) return theirs;
  let changed = pair;
  const used: string[] = [];
  for (const { name, rewrite } of DIFFERENCES) {
    const next = rewrite(changed);
    if (JSON.stringify(next) !== JSON.stringify(changed)) used.push(name);
    changed = next;
  }
  const after = ask(engine, changed);
  if (after !== answer) return theirs;
  // The ones without which the engine does not come to our answer.
  const needed = used.filter((name) => {
    const others = DIFFERENCES.filter((one) => one.name !== name).reduce((now, one) => one.rewrite(now), pair);
    return ask(engine, others) !== answer;
  });
  for (const name of needed.length > 0 ? needed : used.slice(0, 1)) count(tally.differences, name);
  return answer;
}

/** A pair of which everything is known: the engine agrees, or we say what AWS has left open. */
export function compareFull(engine: Engine, pair: Pair, tally: Tally): void {
  const verdict = evaluate(pair.policy, pair.request);
  count(tally.decisions, verdict.decision);
  if (verdict.decision === 'CannotTell') {
    accountFor(verdict, pair, tally);
    return;
  }
  tally.compared++;
  const named = pair.policy.Statement.flatMap(({ Condition }) => Object.keys(Condition ?? {}));
  for (const operator of new Set(named.map(baseOf))) count(tally.operators, operator);
  const theirs = agrees(engine, pair, verdict.decision, tally);
  if (theirs !== verdict.decision) tally.fail('the engine differs', pair, { ours: verdict.decision, theirs });
  compareMatcher(pair, verdict.decision, tally);
}

function accountFor({ undecided }: Verdict, pair: Pair, tally: Tally): void {
  for (const reason of undecided) {
    const known = UNSETTLED.find(([, pattern]) => pattern.test(reason));
    if (known) count(tally.unsettled, known[0]);
    else tally.fail('cannot tell a full request', pair, { reason });
  }
}

const SANDBOX: Readonly<Record<string, Answer>> = {
  allowed: 'Allowed',
  explicitDeny: 'ExplicitlyDenied',
  implicitDeny: 'ImplicitlyDenied',
};

const THROWS: readonly (readonly [string, RegExp])[] = [
  ['does not know the operator', /^matcher: operator /],
  ['does not know the variable', /^matcher: policy variable /],
  ['has no several values without a set operator', /^matcher: \w+ on a key with several values$/],
  ['takes no odd number', / is not a number$/],
];

/** The sandbox's own matcher throws at what it does not know. */
function compareMatcher({ policy, request }: Pair, answer: Answer, tally: Tally): void {
  const { principal, action, resource } = request;
  if (principal.hasPermissionsBoundary) {
    count(tally.sandbox, 'has no permissions boundaries');
    return;
  }
  const context = Object.fromEntries(
    Object.entries(request.context).map(([key, value]) => [
      key,
      value === null ? undefined : typeof value === 'string' ? value : [...value],
    ]),
  );
  const arn = principal.arn ?? '';
  const caller = {
    account: principal.account,
    arn,
    ...(principal.service === undefined ? {} : { service: principal.service }),
  };
  try {
    const decision = SANDBOX[matcher([policy], { principal: caller, action, resource, context })];
    if (decision === answer) count(tally.sandbox, 'agrees');
    else tally.fail('the sandbox differs', { policy, request }, { ours: answer, sandbox: decision });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = THROWS.find(([, pattern]) => pattern.test(message));
    if (known) count(tally.sandbox, known[0]);
    else tally.fail('the sandbox throws', { policy, request }, { message });
  }
}
