// Two-valued: concrete requests only. It throws on what it does not know, where the doctor's evaluator says "cannot tell".

export interface PolicyRequest {
  action: string;
  resource: string;
  /** Absent for identity policies. */
  principal?: Caller;
  context: Record<string, string | string[] | undefined>;
}

export interface Caller {
  account: string;
  /** user, assumed-role session, or role */
  arn: string;
  roleArn?: string;
  /** e.g. backup.amazonaws.com, instead of an account's principal */
  service?: string;
}

export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';
export type Statement = Record<string, unknown>;

const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const strings = (value: unknown): string[] => list(value as string | string[] | undefined).map(String);

export function statementsOf(policy: string | object): Statement[] {
  const document = (typeof policy === 'string' ? JSON.parse(policy) : policy) as {
    Statement?: Statement | Statement[];
  };
  return list(document.Statement);
}

/** Only this version knows variables; a document without one is of 2008. */
const VARIABLES_SINCE = '2012-10-17';
const versionOf = (policy: string | object): unknown =>
  ((typeof policy === 'string' ? JSON.parse(policy) : policy) as { Version?: unknown }).Version ?? '2008-10-17';

export function evaluate(policies: (string | object)[], request: PolicyRequest): Decision {
  const effects = policies
    .flatMap((policy) => statementsOf(policy).filter((statement) => applies(statement, request, versionOf(policy))))
    .map((s) => s.Effect);
  for (const effect of effects)
    if (effect !== 'Allow' && effect !== 'Deny') throw new Error(`matcher: Effect ${effect}`);
  if (effects.includes('Deny')) return 'explicitDeny';
  return effects.length > 0 ? 'allowed' : 'implicitDeny';
}

const KNOWN = [
  'Sid',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Principal',
  'NotPrincipal',
  'Condition',
];

export function applies(statement: Statement, request: PolicyRequest, version: unknown = VARIABLES_SINCE): boolean {
  for (const key of Object.keys(statement))
    if (!KNOWN.includes(key)) throw new Error(`matcher: statement member ${key}`);
  const { Action, NotAction, Resource, NotResource, Principal, NotPrincipal } = statement;
  const like = (patterns: unknown, value: string, flags = '') =>
    strings(patterns).some((pattern) => wildcard(substitute(pattern, request, version), flags).test(value));
  if (Action !== undefined ? !like(Action, request.action, 'i') : like(NotAction, request.action, 'i')) return false;
  if (Resource !== undefined && !like(Resource, request.resource)) return false;
  if (NotResource !== undefined && like(NotResource, request.resource)) return false;
  if (Principal !== undefined && !matchesPrincipal(Principal, request.principal)) return false;
  if (NotPrincipal !== undefined && matchesPrincipal(NotPrincipal, request.principal)) return false;
  return conditionsHold(statement.Condition, request, version);
}

function matchesPrincipal(principal: unknown, caller: Caller | undefined): boolean {
  if (!caller) throw new Error('matcher: a statement with a Principal needs a caller');
  if (principal === '*') return true;
  if (typeof principal !== 'object' || principal === null) throw new Error(`matcher: Principal ${String(principal)}`);
  return Object.entries(principal).some(([type, values]) => {
    if (type === 'Federated' || type === 'CanonicalUser') return false;
    if (type === 'Service') return caller.service !== undefined && strings(values).includes(caller.service);
    if (type !== 'AWS') throw new Error(`matcher: principal type ${type}`);
    if (caller.service !== undefined) return strings(values).includes('*');
    return strings(values).some(
      (value) =>
        value === '*' ||
        value === caller.account ||
        new RegExp(`^arn:aws[\\w-]*:iam::${caller.account}:root$`).test(value) ||
        value === caller.arn ||
        value === caller.roleArn,
    );
  });
}

/** What came from a variable is no wildcard. */
const STAR = '\u0001';
const QUESTION = '\u0002';
const literal = (value: string) => value.replaceAll('*', STAR).replaceAll('?', QUESTION);
const plain = (text: string) => text.replaceAll(STAR, '*').replaceAll(QUESTION, '?');

const compiled = new Map<string, RegExp>();

/** IAM's wildcards: `*` any run of characters, `?` exactly one. */
export function wildcard(pattern: string, flags = ''): RegExp {
  const known = compiled.get(`${flags}/${pattern}`);
  if (known) return known;
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
    .replaceAll(STAR, '\\*')
    .replaceAll(QUESTION, '\\?');
  const expression = new RegExp(`^${escaped}$`, `s${flags}`);
  if (compiled.size > 10_000) compiled.clear();
  compiled.set(`${flags}/${pattern}`, expression);
  return expression;
}

const contextOf = (request: PolicyRequest, key: string): string[] => {
  const found = Object.entries(request.context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return strings(found?.[1]);
};

function substitute(text: string, request: PolicyRequest, version: unknown): string {
  if (version !== VARIABLES_SINCE) return text;
  return text.replace(/\$\{([^}]+)\}/g, (whole, key: string) => {
    if (key === '*' || key === '?' || key === '$') return literal(key);
    if (key.includes(',')) throw new Error(`matcher: policy variable ${whole} with a default value`);
    const values = contextOf(request, key);
    if (values.length > 1) throw new Error(`matcher: policy variable ${whole} with several values`);
    return literal(values[0] ?? whole); // unresolved: matches nothing
  });
}

function conditionsHold(condition: unknown, request: PolicyRequest, version: unknown): boolean {
  if (condition === undefined) return true;
  for (const [operator, keys] of Object.entries(condition as Record<string, Record<string, unknown>>)) {
    for (const [key, wanted] of Object.entries(keys)) {
      const values = strings(wanted).map((value) => substitute(value, request, version));
      if (!conditionHolds(operator, contextOf(request, key), values)) return false;
    }
  }
  return true;
}

type Test = (actual: string, wanted: string) => boolean;
const number = (text: string) => {
  const value = Number(text);
  if (Number.isNaN(value)) throw new Error(`matcher: ${text} is not a number`);
  return value;
};
const time = (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const like: Test = (actual, wanted) => wildcard(wanted).test(actual);
/** Each of the six parts of an ARN by itself, so that `*` does not cross a colon. */
const arnLike: Test = (actual, wanted) => {
  const parts = (arn: string) => {
    const [a, b, c, d, e, ...rest] = arn.split(':');
    return [a, b, c, d, e, rest.join(':')].map((part) => part ?? '');
  };
  const [have, want] = [parts(actual), parts(wanted)];
  return want.every((part, index) => wildcard(part).test(have[index] ?? ''));
};

const positive: Record<string, Test> = {
  StringEquals: (a, w) => a === plain(w),
  StringEqualsIgnoreCase: (a, w) => a.toLowerCase() === plain(w).toLowerCase(),
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (a, w) => a.toLowerCase() === w.toLowerCase(),
  NumericEquals: (a, w) => number(a) === number(w),
  NumericLessThan: (a, w) => number(a) < number(w),
  NumericLessThanEquals: (a, w) => number(a) <= number(w),
  NumericGreaterThan: (a, w) => number(a) > number(w),
  NumericGreaterThanEquals: (a, w) => number(a) >= number(w),
  DateLessThan: (a, w) => time(a) < time(w),
  DateGreaterThan: (a, w) => time(a) > time(w),
};
const negative: Record<string, Test> = {
  StringNotEquals: (a, w) => a === plain(w),
  StringNotEqualsIgnoreCase: (a, w) => a.toLowerCase() === plain(w).toLowerCase(),
  StringNotLike: like,
  ArnNotEquals: arnLike,
  ArnNotLike: arnLike,
  NumericNotEquals: (a, w) => number(a) === number(w),
};

function conditionHolds(operator: string, actual: string[], wanted: string[]): boolean {
  const [, set, bare, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  if (bare === undefined) throw new Error(`matcher: operator ${operator}`);
  if (bare === 'Null') return wanted.some((value) => (value === 'true') === (actual.length === 0));
  const test = positive[bare] ?? negative[bare];
  if (!test) throw new Error(`matcher: operator ${operator}`);
  const isNegative = bare in negative;
  const one = (value: string) => wanted.some((want) => test(value, want)) !== isNegative;
  if (actual.length === 0) return ifExists !== undefined || set === 'ForAllValues' || (isNegative && set === undefined);
  // True also if the key "resolves to a null data set, such as an empty string".
  if (set === 'ForAllValues') return actual.every((value) => value === '') || actual.every(one);
  if (set === undefined && actual.length > 1) throw new Error(`matcher: ${operator} on a key with several values`);
  return actual.some(one);
}
