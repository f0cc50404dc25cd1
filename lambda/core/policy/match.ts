import { any, listOf, maybe, not, NO, YES } from './tri';
import type { Tri } from './tri';
import type { PolicyDocument, Statement } from './policy';

/**
 * Whether the whole text matches a pattern with `*` (any run, also an empty one) and `?` (one character).
 * Two pointers, no regular expression: policy texts are others' input, and `*a*a*a*…` must not stall us.
 */
export function glob(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = t;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[t])) {
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

/**
 * The first policy variable of a text. Only the 2012-10-17 version knows variables; in older documents (and without
 * a Version, which means 2008-10-17) `${…}` is plain text.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function variableIn(text: string, version: PolicyDocument['Version']): string | undefined {
  if (version !== '2012-10-17') return undefined;
  return /\$\{[^}]*\}/.exec(text)?.[0];
}

/** The six parts of an ARN (or of a pattern for one): everything behind the fifth colon is the resource. */
export function arnParts(text: string): string[] {
  const parts = text.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Part by part, each with wildcards; undefined when one of the two has no six parts. */
export function matchArnParts(pattern: string, arn: string): boolean | undefined {
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  if (wanted.length !== 6 || given.length !== 6) return undefined;
  return wanted.every((part, i) => glob(part, given[i] ?? ''));
}

/**
 * Action names are not case-sensitive.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
function matchAction(pattern: string, action: string): Tri {
  if (pattern === '*' || pattern === '*:*') return YES;
  if (!glob(pattern.toLowerCase(), action.toLowerCase())) return NO;
  // Documented is `service:Action` with wildcards in the action only. A pattern that would have to span the colon,
  // or has a wildcard in the service, is none that AWS describes.
  const [service = '', name] = pattern.split(':');
  return name === undefined || /[*?]/.test(service) ? maybe(`action ${pattern}`) : YES;
}

/**
 * Resources are case-sensitive. Wildcards work within an ARN's colon-separated segments; only a `*` at the end of a
 * segment "can expand to match beyond the colon boundaries". Whatever else would have to span a colon is not settled.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
function matchResource(pattern: string, resource: string, version: PolicyDocument['Version']): Tri {
  const variable = variableIn(pattern, version);
  if (variable !== undefined) return maybe(`policy variable ${variable}`);
  if (!glob(pattern, resource)) return NO;
  if (matchArnParts(pattern, resource)) return YES;
  const endsOnly = !pattern.includes('?') && !/\*[^:*]/.test(pattern);
  return endsOnly ? YES : maybe(`resource ${pattern}`);
}

/** Action or NotAction of a statement. */
export function actionApplies(statement: Statement, action: string): Tri {
  const over = (patterns: string | readonly string[]): Tri =>
    any(listOf(patterns).map((pattern) => matchAction(pattern, action)));
  if (statement.Action !== undefined) return over(statement.Action);
  return statement.NotAction === undefined ? maybe('missing Action') : not(over(statement.NotAction));
}

/**
 * Resource or NotResource of a statement. Some resource policies were accepted without either; what such a statement
 * covers is for the service to say, so we do not guess.
 */
export function resourceApplies(statement: Statement, resource: string, version: PolicyDocument['Version']): Tri {
  const over = (patterns: string | readonly string[]): Tri =>
    any(listOf(patterns).map((pattern) => matchResource(pattern, resource, version)));
  if (statement.Resource !== undefined) return over(statement.Resource);
  return statement.NotResource === undefined ? maybe('missing Resource') : not(over(statement.NotResource));
}
