import { bool, OPERATORS } from './operators';
import type { Operator } from './operators';
import { all, any, anyOf, listOf, maybe, NO, not, tri, YES } from './tri';
import type { Tri } from './tri';
import { fill } from './variables';
import type { Scope } from './variables';
import type { ConditionValue, Statement } from './policy';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

const OPERATOR_NAME = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/s;

/** What a request says about a key: nothing known, known to be absent, or its values. */
type Values = 'unknown' | 'absent' | readonly string[];

/** The Condition element: every operator and, within it, every key must hold. */
export function conditionApplies(condition: Statement['Condition'], scope: Scope): Tri {
  const terms: Tri[] = [];
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    for (const [key, value] of Object.entries(keys)) {
      const term = one(operator, key, value, scope);
      if (term.is === 'no') return NO;
      terms.push(term);
    }
  }
  return all(terms);
}

function valuesOf(scope: Scope, key: string): Values {
  const given = scope.given(key);
  if (given === undefined) return 'unknown';
  return given === null ? 'absent' : listOf(given);
}

function one(operator: string, key: string, value: ConditionValue, scope: Scope): Tri {
  const [, set, base = '', ifExists] = OPERATOR_NAME.exec(operator) ?? [];
  const given = valuesOf(scope, key);
  const unknownKey = given === 'unknown' ? [`condition key ${key}`] : [];
  // Booleans and numbers are compared as their text: IAM itself takes "true" and true alike.
  const wanted = listOf(value).map(String);

  if (operator === 'Null') return given === 'unknown' ? maybe(...unknownKey) : isNull(wanted, given);

  const known = OPERATORS.get(base);
  if (known === undefined) return maybe(...unknownKey, `operator ${operator}`);
  if (given === 'unknown') return maybe(...unknownKey);
  if (given === 'absent' || given.length === 0) {
    // "If the condition key is not present, evaluate the condition element as true." But "if the key does not exist",
    // ForAnyValue "returns false": which of the two wins is not documented.
    if (ifExists) return set === 'ForAnyValue' ? maybe(`operator ${operator} without ${key}`) : YES;
    if (set) return tri(set === 'ForAllValues');
    // "If the policy condition requires that the key is not matched and the right key is not present, it is true."
    return tri(known.negated);
  }
  if (wanted.length === 0) return maybe(`operator ${operator} without a value`);

  const tests = wanted.map((text) => testFor(known, text, scope));
  const results = given.map((item) => {
    // Several values are an OR; with a negated operator they are a NOR.
    const matches = anyOf(tests, (test) => test(item));
    return known.negated ? not(matches) : matches;
  });
  return overSet(set, results, given, key);
}

/** With a variable that has no value, "there is no equal or like value", and negated operators match. */
function testFor({ test, variables }: Operator, wanted: string, scope: Scope): (given: string) => Tri {
  const filled = variables ? fill(wanted, scope) : wanted;
  if (filled === undefined) return () => NO;
  if (typeof filled === 'object' && 'is' in filled) return () => filled;
  return (given) => test(given, filled);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
function overSet(set: string | undefined, results: readonly Tri[], given: readonly string[], key: string): Tri {
  if (set === 'ForAnyValue') return any(results);
  if (set === 'ForAllValues') {
    // ForAllValues is also true when the key "resolves to a null data set, such as an empty string".
    return given.every((item) => item === '') ? YES : all(results);
  }
  // "Multivalued context keys require a condition set operator": what happens without one is not documented, but
  // where no value matches, any reading says no.
  const [first = NO] = results;
  if (results.length === 1 || results.every((result) => result.is === 'no')) return first;
  return maybe(`several values of condition key ${key}`);
}

/** `Null: {key: "true"}` holds when the key is absent, `"false"` when it is there and its value is not null. */
function isNull(wanted: readonly string[], given: Exclude<Values, 'unknown'>): Tri {
  const absent = given === 'absent' || given.length === 0;
  // Whether the empty string counts as a value here is not documented.
  if (!absent && given.every((item) => item === '')) return maybe('operator Null on an empty value');
  return anyOf(wanted, (text) => bool(String(absent), text));
}
