// EventBridge's pattern matching. It throws on an operator that it does not know.

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Leaf = Exclude<Json, Json[] | { [key: string]: Json }>;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function matchesPattern(pattern: object, event: object): boolean {
  if (Object.keys(pattern).length === 0) throw new Error('event pattern: an empty pattern');
  return matchObject(pattern as Record<string, unknown>, event as Record<string, unknown>);
}

function matchObject(pattern: Record<string, unknown>, event: Record<string, unknown> | undefined): boolean {
  return Object.entries(pattern)
    .map(([key, wanted]) => {
      if (key.startsWith('$')) {
        if (key !== '$or' || !Array.isArray(wanted)) throw new Error(`event pattern: ${key}`);
        return wanted.map((one) => matchObject(one as Record<string, unknown>, event)).some(Boolean);
      }
      const value = event?.[key];
      if (isObject(wanted)) return matchNested(wanted, value);
      if (!Array.isArray(wanted) || wanted.length === 0)
        throw new Error(`event pattern: "${key}" must be an object or a list`);
      return wanted.map((rule) => matchLeaf(rule, value)).some(Boolean); // map first: every rule is checked for sense
    })
    .every(Boolean);
}

/** A list of objects matches if one of them does. */
function matchNested(pattern: Record<string, unknown>, value: unknown): boolean {
  if (!Array.isArray(value)) return matchObject(pattern, isObject(value) ? value : undefined);
  const matches = value.filter(isObject).map((item) => matchObject(pattern, item));
  return matches.length > 0 ? matches.some(Boolean) : matchObject(pattern, undefined);
}

/** The field's leaves: a list counts as each of its values; an object is no leaf. */
function leavesOf(value: unknown): Leaf[] {
  if (value === undefined || isObject(value)) return [];
  return Array.isArray(value) ? value.flatMap(leavesOf) : [value as Leaf];
}

function matchLeaf(rule: unknown, value: unknown): boolean {
  const leaves = leavesOf(value);
  if (!isObject(rule)) {
    if (Array.isArray(rule)) throw new Error('event pattern: a list inside a list');
    return leaves.includes(rule as Leaf);
  }
  const [operator, ...more] = Object.keys(rule);
  if (operator === undefined || more.length > 0) throw new Error('event pattern: one operator in each object');
  const operand = rule[operator];
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') throw new Error('event pattern: exists wants true or false');
    return leaves.length > 0 === operand;
  }
  const test = tester(operator, operand);
  if (operator === 'anything-but') return leaves.length > 0 && leaves.every(test);
  return leaves.some(test);
}

function tester(operator: string, operand: unknown): (leaf: Leaf) => boolean {
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'wildcard':
      return stringTest(operator, operand);
    case 'equals-ignore-case': {
      const wanted = stringOf(operator, operand).toLowerCase();
      return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === wanted;
    }
    case 'anything-but':
      return anythingBut(operand);
    case 'numeric':
      return numeric(operand);
    default:
      throw new Error(`event pattern: operator ${operator}`);
  }
}

const stringOf = (operator: string, operand: unknown): string => {
  if (typeof operand !== 'string' || operand === '') throw new Error(`event pattern: ${operator} wants a string`);
  return operand;
};

function stringTest(operator: 'prefix' | 'suffix' | 'wildcard', operand: unknown): (leaf: Leaf) => boolean {
  if (isObject(operand) && operator !== 'wildcard') {
    const [inner, ...more] = Object.keys(operand);
    if (inner !== 'equals-ignore-case' || more.length > 0) throw new Error(`event pattern: ${operator} of ${inner}`);
    const test = stringTest(operator, stringOf(operator, operand[inner]).toLowerCase());
    return (leaf) => typeof leaf === 'string' && test(leaf.toLowerCase());
  }
  const wanted = stringOf(operator, operand);
  if (operator === 'prefix') return (leaf) => typeof leaf === 'string' && leaf.startsWith(wanted);
  if (operator === 'suffix') return (leaf) => typeof leaf === 'string' && leaf.endsWith(wanted);
  if (wanted.includes('**') || wanted.includes('\\')) throw new Error(`event pattern: wildcard ${wanted}`);
  const pattern = new RegExp(
    `^${wanted
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  return (leaf) => typeof leaf === 'string' && pattern.test(leaf);
}

function anythingBut(operand: unknown): (leaf: Leaf) => boolean {
  if (isObject(operand)) {
    const [inner, ...more] = Object.keys(operand);
    if (
      more.length > 0 ||
      (inner !== 'prefix' && inner !== 'suffix' && inner !== 'wildcard' && inner !== 'equals-ignore-case')
    ) {
      throw new Error(`event pattern: anything-but of ${String(inner)}`);
    }
    const values = operand[inner];
    const tests = (Array.isArray(values) ? values : [values]).map((value) => tester(inner, value));
    return (leaf) => !tests.some((test) => test(leaf));
  }
  const values = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0 || values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw new Error('event pattern: anything-but wants strings or numbers');
  }
  return (leaf) => !values.includes(leaf);
}

function numeric(operand: unknown): (leaf: Leaf) => boolean {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    throw new Error('event pattern: numeric');
  const pairs = operand.length === 2 ? [operand] : [operand.slice(0, 2), operand.slice(2)];
  const tests = pairs.map(([operator, bound]) => {
    if (typeof bound !== 'number') throw new Error('event pattern: numeric wants numbers');
    const compare: Record<string, (value: number) => boolean> = {
      '=': (value) => value === bound,
      '<': (value) => value < bound,
      '<=': (value) => value <= bound,
      '>': (value) => value > bound,
      '>=': (value) => value >= bound,
    };
    const test = compare[String(operator)];
    if (!test) throw new Error(`event pattern: numeric ${String(operator)}`);
    return test;
  });
  return (leaf) => typeof leaf === 'number' && tests.every((test) => test(leaf));
}
