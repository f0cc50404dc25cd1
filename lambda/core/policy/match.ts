import { any, anyOf, listOf, maybe, not, NO, YES } from './tri';
import type { Tri } from './tri';
import { fill } from './variables';
import type { Pattern, Scope } from './variables';
import type { Statement } from './policy';

/**
 * Whether the whole text matches a pattern with `*` (any run, also an empty one) and `?` (one character).
 * Two pointers, no regular expression: policy texts are others' input, and `*a*a*a*…` must not stall us.
 */
export function glob(pattern: Pattern, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = t;
    } else if (wanted === '?' || wanted === text[t] || wanted?.[1] === text[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** The six parts of an ARN (or of a pattern for one): everything behind the fifth colon is the resource. */
function arnParts(text: Pattern): Pattern[] {
  if (typeof text === 'string') {
    const parts = text.split(':');
    return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
  }
  return text.reduce<string[][]>(
    (parts, piece) => {
      if (piece === ':' && parts.length < 6) parts.push([]);
      else parts.at(-1)?.push(piece);
      return parts;
    },
    [[]],
  );
}

/**
 * Part by part, each with wildcards; undefined when one of the two has no six parts, or a variable's value has a colon
 * before the resource.
 */
export function matchArnParts(pattern: Pattern, arn: string): boolean | undefined {
  const wanted = arnParts(pattern);
  const given = arn.split(':');
  if (wanted.length !== 6 || given.length < 6) return undefined;
  if (wanted.slice(0, 5).some((part) => part.includes('\\:'))) return undefined;
  return wanted.every((part, i) => glob(part, i < 5 ? (given[i] ?? '') : given.slice(5).join(':')));
}

/**
 * Action names are not case-sensitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
function matchAction(pattern: string, lower: string): Tri {
  if (pattern === '*') return YES;
  if (!glob(pattern.toLowerCase(), lower)) return NO;
  // Documented is `service:Action` with wildcards in the action only. A pattern that would have to span the colon,
  // or has a wildcard in the service, is none that AWS describes.
  const [service = '', name] = pattern.split(':');
  return name === undefined || /[*?]/.test(service) ? maybe(`action ${pattern}`) : YES;
}

const WILD_TYPE = /^([^:]*:){5}[^:/]*[*?][^:/]*[:/]/;

/**
 * Resources are case-sensitive. Wildcards work within an ARN's colon-separated segments; only a `*` at the end of a
 * segment "can expand to match beyond the colon boundaries". Whatever else would have to span a colon is not settled.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function matchResource(pattern: string, resource: string, scope: Scope): Tri {
  if (pattern === '*') return YES;
  const filled = fill(pattern, scope);
  if (filled === undefined) return NO;
  if (typeof filled === 'object') {
    if ('is' in filled) return filled;
    // "You can use a policy variable in the Resource element, but only in the resource portion of the ARN."
    if (pattern.slice(0, pattern.indexOf('${')).split(':').length < 6) return maybe(`resource ${pattern}`);
  }
  if (!glob(filled, resource)) return NO;
  if (matchArnParts(filled, resource)) {
    // No wildcard is to stand in the resource's type: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    const named = typeof filled !== 'string' || filled === resource;
    return named || !WILD_TYPE.test(filled) ? YES : maybe(`resource ${pattern}`);
  }
  const endsOnly = typeof filled === 'string' && !filled.includes('?') && !/\*[^:*]/.test(filled);
  return endsOnly ? YES : maybe(`resource ${pattern}`);
}

/** Action or NotAction of a statement. */
export function actionApplies(statement: Statement, action: string): Tri {
  const lower = action.toLowerCase();
  const over = (patterns: string | readonly string[]): Tri =>
    anyOf(listOf(patterns), (pattern) => matchAction(pattern, lower));
  if (statement.Action !== undefined) return over(statement.Action);
  return statement.NotAction === undefined ? maybe('missing Action') : not(over(statement.NotAction));
}

/**
 * Resource or NotResource of a statement. Some resource policies were accepted without either; what such a statement
 * covers is for the service to say, so we do not guess.
 */
export function resourceApplies(statement: Statement, resource: string, scope: Scope): Tri {
  const over = (patterns: string | readonly string[]): Tri =>
    anyOf(listOf(patterns), (pattern) => matchResource(pattern, resource, scope));
  if (statement.Resource !== undefined) return over(statement.Resource);
  if (statement.NotResource === undefined) return maybe('missing Resource');
  // A variable that has no value "will not match any resource"; what is then left out of NotResource is not documented.
  const none = listOf(statement.NotResource).find((pattern) => fill(pattern, scope) === undefined);
  const matched = over(statement.NotResource);
  return not(none === undefined ? matched : any([matched, maybe(`resource ${none}`)]));
}
