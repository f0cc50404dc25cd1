import { listOf } from './tri';
import type { Principal, Statement } from './policy';

/** A statement in the words of a mail. */
export interface StatementSummary {
  /** The Sid, or `statement 2` (counted from one). */
  readonly label: string;
  readonly effect: Statement['Effect'];
  readonly actions: string;
  readonly principals: string;
}

const SHOWN = 3;

/** `index` counts from zero, as in a verdict. */
export function describeStatement(statement: Statement, index: number): StatementSummary {
  return {
    label: statement.Sid || `statement ${index + 1}`,
    effect: statement.Effect,
    actions: actionsOf(statement),
    principals: principalsOf(statement),
  };
}

function actionsOf({ Action, NotAction }: Statement): string {
  const text = (actions: readonly string[]): string =>
    actions.some((action) => action === '*' || action === '*:*') ? 'all actions' : capped(actions);
  if (Action !== undefined) return text(listOf(Action));
  return NotAction === undefined ? 'no actions' : `all actions except ${text(listOf(NotAction))}`;
}

function principalsOf({ Principal, NotPrincipal }: Statement): string {
  if (Principal !== undefined) return capped(namesOf(Principal));
  return NotPrincipal === undefined ? 'nobody' : `everyone except ${capped(namesOf(NotPrincipal))}`;
}

function namesOf(principal: Principal): readonly string[] {
  if (principal === '*') return ['everyone'];
  if (typeof principal === 'string') return [principal];
  const names = Object.entries(principal).flatMap(([type, values]) => listOf(values).map((one) => nameOf(type, one)));
  return names.includes('everyone') ? ['everyone'] : names;
}

function nameOf(type: string, value: string): string {
  if (value === '*') return type === 'AWS' ? 'everyone' : `every ${type} principal`;
  return /^arn:aws[a-z-]*:iam::(\d{12}):root$/.exec(value)?.[1] ?? value;
}

function capped(items: readonly string[]): string {
  const unique = [...new Set(items)];
  if (unique.length === 0) return 'none';
  // "and 1 more" is no shorter than the one.
  if (unique.length <= SHOWN + 1) return unique.join(', ');
  return `${unique.slice(0, SHOWN).join(', ')} and ${unique.length - SHOWN} more`;
}
