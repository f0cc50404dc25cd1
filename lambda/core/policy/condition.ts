import { glob, matchArnParts, variableIn } from './match';
import { all, any, listOf, maybe, NO, not, tri, YES } from './tri';
import type { Tri } from './tri';
import type { ConditionValue, PolicyDocument, PolicyRequest, Statement } from './policy';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

/** Does one request value match one policy value? */
type Test = (given: string, wanted: string) => Tri;

const equals: Test = (given, wanted) => tri(given === wanted);
const equalsIgnoreCase: Test = (given, wanted) => tri(given.toLowerCase() === wanted.toLowerCase());
const like: Test = (given, wanted) => tri(glob(wanted, given));

/**
 * "Each of the six colon-delimited components of the ARN is checked separately", and ArnEquals does what ArnLike does.
 * What a shorter pattern (`*`, `arn:aws:iam::*`) means is not written down, except that nothing can match when not
 * even the whole text does.
 */
const arnLike: Test = (given, wanted) => {
  if (!glob(wanted, given)) return NO;
  const certain = matchArnParts(wanted, given);
  return certain === undefined ? maybe(`value "${wanted}" of an ARN operator`) : tri(certain);
};

/** AWS writes `true` and `false`; how other spellings compare is not documented. */
const bool: Test = (given, wanted) => {
  const odd = [given, wanted].find((value) => value !== 'true' && value !== 'false');
  return odd === undefined ? tri(given === wanted) : maybe(`value "${odd}" of operator Bool`);
};

const OPERATORS: ReadonlyMap<string, { readonly test: Test; readonly negated: boolean }> = new Map([
  ['StringEquals', { test: equals, negated: false }],
  ['StringNotEquals', { test: equals, negated: true }],
  ['StringEqualsIgnoreCase', { test: equalsIgnoreCase, negated: false }],
  ['StringNotEqualsIgnoreCase', { test: equalsIgnoreCase, negated: true }],
  ['StringLike', { test: like, negated: false }],
  ['StringNotLike', { test: like, negated: true }],
  ['ArnEquals', { test: arnLike, negated: false }],
  ['ArnLike', { test: arnLike, negated: false }],
  ['ArnNotEquals', { test: arnLike, negated: true }],
  ['ArnNotLike', { test: arnLike, negated: true }],
  ['Bool', { test: bool, negated: false }],
]);

const OPERATOR_NAME = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/s;

/** What a request says about a key: nothing known, known to be absent, or its values. */
type Given = 'unknown' | 'absent' | readonly string[];

/** The Condition element: every operator and, within it, every key must hold. */
export function conditionApplies(
  condition: Statement['Condition'],
  context: PolicyRequest['context'],
  version: PolicyDocument['Version'],
): Tri {
  const terms = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => one(operator, key, values, lookUp(context, key), version)),
  );
  return all(terms);
}

/** Names of condition keys are not case-sensitive. */
function lookUp(context: PolicyRequest['context'], key: string): Given {
  const hits = Object.entries(context).filter(([name]) => name.toLowerCase() === key.toLowerCase());
  const value = hits[0]?.[1];
  // Two spellings of one key in the context: we would have to guess which is right.
  if (hits.length !== 1 || value === undefined) return 'unknown';
  return value === null ? 'absent' : listOf(value);
}

function one(
  operator: string,
  key: string,
  value: ConditionValue,
  given: Given,
  version: PolicyDocument['Version'],
): Tri {
  const [, set, base = '', ifExists] = OPERATOR_NAME.exec(operator) ?? [];
  const unknownKey = given === 'unknown' ? [`condition key ${key}`] : [];
  // Booleans and numbers are compared as their text: IAM itself takes "true" and true alike.
  const wanted = listOf(value).map(String);

  if (operator === 'Null') return given === 'unknown' ? maybe(...unknownKey) : isNull(wanted, given);

  const known = OPERATORS.get(base);
  if (known === undefined) return maybe(...unknownKey, `operator ${operator}`);
  if (given === 'unknown') return maybe(...unknownKey);
  if (given === 'absent' || given.length === 0) {
    // "If the condition key is not present, evaluate the condition element as true." An empty set is present, in a way.
    if (ifExists) return given === 'absent' || set !== 'ForAnyValue' ? YES : maybe(`empty condition key ${key}`);
    if (set) return tri(set === 'ForAllValues');
    // "If the policy condition requires that the key is not matched and the right key is not present, it is true."
    return tri(known.negated);
  }
  if (wanted.length === 0) return maybe(`operator ${operator} without a value`);

  const results = given.map((item) => {
    // Several values are an OR; with a negated operator they are a NOR.
    const matches = any(wanted.map((text) => withoutVariables(known.test, item, text, version)));
    return known.negated ? not(matches) : matches;
  });
  return overSet(set, results, given, key);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function overSet(set: string | undefined, results: readonly Tri[], given: readonly string[], key: string): Tri {
  if (set === 'ForAnyValue') return any(results);
  if (set === 'ForAllValues') {
    // ForAllValues is also true when the key "resolves to a null data set, such as an empty string".
    return given.every((item) => item === '') ? YES : all(results);
  }
  // "Multivalued context keys require a condition set operator": without one, only an agreement of all is certain.
  const [first = NO] = results;
  if (results.every((result) => result.is === first.is)) return first.is === 'maybe' ? all(results) : first;
  return maybe(`several values of condition key ${key}`);
}

function withoutVariables(test: Test, given: string, wanted: string, version: PolicyDocument['Version']): Tri {
  const variable = variableIn(wanted, version);
  return variable === undefined ? test(given, wanted) : maybe(`policy variable ${variable}`);
}

/** `Null: {key: "true"}` holds when the key is absent, `"false"` when it is there and its value is not null. */
function isNull(wanted: readonly string[], given: Exclude<Given, 'unknown'>): Tri {
  const absent = given === 'absent' || given.length === 0;
  // Whether the empty string counts as a value here is not documented.
  if (!absent && given.every((item) => item === '')) return maybe('operator Null on an empty value');
  return any(wanted.map((text) => bool(String(absent), text)));
}
