import { clean, shown } from '../text/clean';
import type { ParsedPolicy, PolicyDocument, Statement } from './policy';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

type Json = Readonly<Record<string, unknown>>;

const DOCUMENT_ELEMENTS = ['Version', 'Id', 'Statement'];
const STATEMENT_ELEMENTS = 'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(
  ' ',
);
const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const VERSIONS = ['2008-10-17', '2012-10-17'];

/**
 * Reads a resource-based policy: JSON text, or what came out of it. Strict, because an element that we overlook (a
 * misspelt `Condition`) would turn into a confident wrong verdict.
 */
export function parsePolicy(text: unknown): ParsedPolicy {
  const value = typeof text === 'string' ? fromJson(text) : text;
  if (value instanceof SyntaxError) return bad(`The policy is not JSON: ${value.message}.`);
  if (!isMap(value)) return bad('The policy is not a JSON object.');
  const lost = typeof text === 'string' ? lostIn(text) : undefined;
  if (lost !== undefined) return bad(`The policy has ${lost}, so it cannot be written as it was read.`);

  const list = isMap(value['Statement']) ? [value['Statement']] : value['Statement'];
  const problem = documentProblem(value, list) ?? firstProblem(list as unknown[]);
  if (problem !== undefined) return bad(problem);
  // Every element that the type names has been checked above.
  return { ok: true, document: { ...value, Statement: list as Statement[] } as PolicyDocument };
}

function bad(problem: string): ParsedPolicy {
  // Names in it, such as Sids, are written by people.
  return { ok: false, problem: clean(problem, 300) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return error instanceof SyntaxError ? error : new SyntaxError(String(error));
  }
}

/** Strings, numbers and what structures them, of text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/g;

/**
 * What JSON.parse lets go without a word: of two members of one name the first, of a long number its last digits. To
 * write the rest would change what was there.
 */
function lostIn(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const names = open.at(-1);
      const name = JSON.parse(last) as string;
      if (names?.has(name)) return `the member "${name}" twice`;
      names?.add(name);
    } else if (/^[-\d]/.test(token) && !isExact(token)) return `the number ${token}`;
    last = token;
  }
  return undefined;
}

/** Every number of 15 digits is one that JavaScript keeps. */
const isExact = (number: string): boolean =>
  Number.isFinite(Number(number)) && number.replace(/[eE].*|[-.]/g, '').replace(/^0+/, '').length <= 15;

function documentProblem(document: Json, list: unknown): string | undefined {
  const stranger = strangerIn(document, DOCUMENT_ELEMENTS);
  if (stranger !== undefined) return `The policy has an unknown element "${stranger}".`;
  const { Version, Id } = document;
  if (Version !== undefined && !VERSIONS.includes(Version as string)) {
    return `The policy's Version must be "2012-10-17" or "2008-10-17", not ${shown(Version)}.`;
  }
  if (Id !== undefined && typeof Id !== 'string') return "The policy's Id must be a text.";
  if (list === undefined) return 'The policy has no Statement.';
  return Array.isArray(list) ? undefined : "The policy's Statement must be an object or a list of objects.";
}

function firstProblem(list: readonly unknown[]): string | undefined {
  for (const [index, statement] of list.entries()) {
    const problem = statementProblem(statement);
    if (problem !== undefined) return `${nameOf(statement, index)} ${problem}.`;
  }
  return undefined;
}

function nameOf(statement: unknown, index: number): string {
  const sid = isMap(statement) ? statement['Sid'] : undefined;
  return `Statement ${index + 1}${typeof sid === 'string' && sid !== '' ? ` (Sid "${sid}")` : ''}`;
}

function statementProblem(statement: unknown): string | undefined {
  if (!isMap(statement)) return 'is not an object';
  const stranger = strangerIn(statement, STATEMENT_ELEMENTS);
  if (stranger !== undefined) return `has an unknown element "${stranger}"`;
  const { Sid, Effect } = statement;
  if (Sid !== undefined && typeof Sid !== 'string') return 'has a Sid that is not a text';
  if (Effect === undefined) return 'has no Effect';
  if (Effect !== 'Allow' && Effect !== 'Deny') {
    return `has the Effect ${shown(Effect)}, which is neither "Allow" nor "Deny"`;
  }
  return (
    pairProblem(statement, 'Principal', 'NotPrincipal', true, principalProblem) ??
    pairProblem(statement, 'Action', 'NotAction', true, textsProblem) ??
    pairProblem(statement, 'Resource', 'NotResource', false, textsProblem) ??
    conditionProblem(statement['Condition'])
  );
}

/** Of an element and its Not… form a statement has exactly one (or at most one). */
function pairProblem(
  statement: Json,
  plain: string,
  negated: string,
  required: boolean,
  check: (value: unknown, element: string) => string | undefined,
): string | undefined {
  const present = [plain, negated].filter((element) => statement[element] !== undefined);
  if (present.length === 2) return `has both ${plain} and ${negated}`;
  const [element] = present;
  if (element === undefined) return required ? `has neither ${plain} nor ${negated}` : undefined;
  return check(statement[element], element);
}

function textsProblem(value: unknown, element: string): string | undefined {
  if (Array.isArray(value) && value.length === 0) return `has an empty ${element}`;
  return isTexts(value) ? undefined : `has ${articled(element)} that is not a text or a list of texts`;
}

function principalProblem(value: unknown, element: string): string | undefined {
  if (value === '*') return undefined;
  if (typeof value === 'string') return `has the ${element} ${shown(value)}; the only text allowed is "*"`;
  if (!isMap(value)) return `has ${articled(element)} that is neither "*" nor an object`;
  const stranger = strangerIn(value, PRINCIPAL_TYPES);
  if (stranger !== undefined) return `has ${articled(element)} of the unknown type "${stranger}"`;
  const wrong = Object.keys(value).find((type) => !isTexts(value[type]));
  if (wrong !== undefined) return `has ${articled(element)} whose ${wrong} is not a text or a list of texts`;
  return Object.keys(value).length === 0 ? `has an empty ${element}` : undefined;
}

function conditionProblem(condition: unknown): string | undefined {
  if (condition === undefined) return undefined;
  if (!isMap(condition)) return 'has a Condition that is not an object';
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isMap(keys)) return `has a Condition whose ${operator} is not an object`;
    const wrong = Object.keys(keys).find((key) => !isConditionValue(keys[key]));
    if (wrong !== undefined) {
      return `has a Condition whose ${operator} of ${wrong} is not a text, boolean, number or a list of these`;
    }
  }
  return undefined;
}

function articled(element: string): string {
  return `${/^[AEIOU]/.test(element) ? 'an' : 'a'} ${element}`;
}

function strangerIn(value: Json, known: readonly string[]): string | undefined {
  return Object.keys(value).find((key) => !known.includes(key));
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

function isConditionValue(value: unknown): boolean {
  const scalar = (item: unknown): boolean => ['string', 'boolean', 'number'].includes(typeof item);
  return scalar(value) || (Array.isArray(value) && value.every(scalar));
}
