import type { PolicyDocument } from './policy';
import type { Given } from './request-context';
import { maybe } from './tri';
import type { Tri } from './tri';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

/**
 * A text of a policy: as it stands, or one piece a character once variables are filled in. What came from a variable
 * is no wildcard and parts no ARN: `*`, `?` and `:` have a backslash before them there, within the same piece.
 */
export type Pattern = string | readonly string[];

/** What variables are filled in from. Only the 2012-10-17 version knows them; in older documents they are plain text. */
export interface Scope {
  readonly version: PolicyDocument['Version'];
  readonly given: (key: string) => Given;
}

/** `${*}`, `${?}`, `${$}`; a key; a key with a default value. Whatever else stands between the braces is none of AWS's. */
const VARIABLE = /^\$\{(?:([*?$])|([^,'{}$*?]+)(?:, '([^'*?]+)')?)\}$/;

/** Undefined: a variable's key is absent and has no default, so that the text equals nothing. */
export function fill(text: string, scope: Scope): Pattern | Tri | undefined {
  if (scope.version !== '2012-10-17' || !text.includes('${')) return text;
  const open: string[] = [];
  let absent = false;
  const pieces = text.split(/(\$\{[^}]*\}?)/).flatMap((piece, index) => {
    if (index % 2 === 0) return piece.split('');
    const value = valueOf(piece, scope);
    if (value === undefined) open.push(`policy variable ${piece}`);
    absent ||= value === null;
    return (value ?? '').split('').map((one) => ('*?:'.includes(one) ? `\\${one}` : one));
  });
  if (absent) return undefined;
  return open.length > 0 ? maybe(...open) : pieces;
}

/** Null: "effectively null". Undefined: it cannot be told, also of a key that has several values, or an empty one. */
function valueOf(variable: string, scope: Scope): string | null | undefined {
  const [, character, key = '', otherwise = null] = VARIABLE.exec(variable) ?? [];
  if (character !== undefined) return character;
  const given = scope.given(key);
  if (given === null) return otherwise;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

export function plain(pattern: Pattern): string {
  return typeof pattern === 'string' ? pattern : pattern.map((piece) => piece.slice(-1)).join('');
}
