import type { ConditionValue, PolicyRequest, RequestPrincipal, Statement } from '../../../lambda/core/policy/policy';
import type { Pair } from './engine';
import type { Random } from './random';
import { A, ACTIONS, ARNS, B, C, KINDS, PRINCIPALS, RESOURCES, ROLE, VARIABLES, WORDS, type Kind } from './vocabulary';

type Context = Record<string, string | readonly string[] | null>;
type Condition = Record<string, Record<string, ConditionValue>>;

const SETS = ['', 'ForAnyValue:', 'ForAllValues:'];
/** Kinds whose operators are those of texts. */
const TEXTS: readonly Kind[] = ['text', 'account', 'list'];
/** How often a value is taken whose meaning AWS does not say. */
const ODD = 0.02;

const anyCase = (random: Random, text: string) =>
  random.chance(0.1) ? (random.chance(0.5) ? text.toUpperCase() : text.toLowerCase()) : text;

function given(random: Random, kind: Kind): string {
  return random.pick(random.chance(ODD) ? WORDS[kind].odd : WORDS[kind].given);
}

/** A request that says something of every key: absent, one value, or several where the kind has several. */
function context(random: Random): Context {
  return Object.fromEntries(
    KINDS.flatMap((kind) =>
      WORDS[kind].keys.map((key) => {
        if (random.chance(0.2)) return [key, null];
        if (kind === 'list' && random.chance(0.9)) return [key, random.some(WORDS.list.given, 0, 3)];
        // A set operator may meet any key; several values without one are not for us to judge.
        if (!TEXTS.includes(kind) && random.chance(0.15)) return [key, random.some(WORDS[kind].given, 2, 3)];
        return [key, given(random, kind)];
      }),
    ),
  );
}

const variable = (random: Random): string => {
  const key = anyCase(random, random.pick(VARIABLES));
  if (random.chance(0.15)) return random.pick(['${*}', '${?}', '${$}']);
  if (random.chance(0.03)) return random.pick(['${aws:TagKeys}', '${}', "${aws:username,'x'}"]);
  return random.chance(0.3) ? `\${${key}, '${random.pick(['ann', 'dr', 'x'])}'}` : `\${${key}}`;
};

function wanted(random: Random, kind: Kind, variables: number): string {
  const { given: values, wanted: patterns, odd } = WORDS[kind];
  if (random.chance(variables)) {
    const one = variable(random);
    const account = `\${${random.pick(WORDS.account.keys)}}`;
    if (kind === 'arn')
      return random.pick([
        `arn:aws:iam::${A}:role/${one}`,
        `arn:aws:iam::${account}:role/*`,
        `arn:aws:iam::*:*/${one}`,
      ]);
    if (kind === 'account') return account;
    return random.pick([one, `${one}*`, `a${one}`, `${one}${variable(random)}`]);
  }
  if (random.chance(ODD)) return random.pick(odd);
  return random.pick(patterns.length > 0 && random.chance(0.4) ? patterns : values);
}

function values(random: Random, kind: Kind, variables: number): ConditionValue {
  const one = () => wanted(random, kind, variables);
  if (kind === 'bool' && random.chance(0.3)) return random.chance(0.5);
  if (random.chance(0.5)) return one();
  return Array.from({ length: 1 + random.below(3) }, one);
}

const operator = (random: Random, kind: Kind): string => {
  const base = random.pick(WORDS[kind].operators);
  const set = kind === 'list' || random.chance(0.15) ? random.pick(SETS.slice(1)) : '';
  return `${set}${base}${random.chance(0.2) ? 'IfExists' : ''}`;
};

function condition(random: Random, most: number, variables: number): Condition {
  const made: Condition = {};
  for (let count = random.below(most + 1); count > 0; count--) {
    const kind = random.pick(KINDS);
    const key = anyCase(random, random.pick(WORDS[kind].keys));
    const name = random.chance(0.1) ? 'Null' : operator(random, kind);
    const value =
      name === 'Null'
        ? random.pick<ConditionValue>(['true', 'false', true, ['true', 'false']])
        : values(random, kind, [...TEXTS, 'arn'].includes(kind) ? variables : 0);
    made[name] = { ...made[name], [key]: value };
  }
  return made;
}

const PRINCIPAL_NAMES = [
  ...ARNS.slice(0, 5),
  ...[
    A,
    B,
    C,
    `arn:aws:iam::${B}:root`,
    `arn:aws:iam::${C}:root`,
    '*',
    'AROAIOSFODNN7EXAMPLE1',
    `arn:aws:iam::${A}:role/*`,
  ],
];
const oneOrMore = (random: Random, names: readonly string[]) =>
  random.chance(0.5) ? random.pick(names) : random.some(names, 1, 3);

function principal(random: Random): NonNullable<Statement['Principal']> {
  if (random.chance(0.3)) return '*';
  const service = oneOrMore(random, ['backup.amazonaws.com', 'ec2.amazonaws.com', 'backup.eu-west-1.amazonaws.com']);
  if (random.chance(0.15)) return { Service: service };
  const AWS = oneOrMore(random, PRINCIPAL_NAMES);
  return random.chance(0.1) ? { AWS, Service: service } : { AWS };
}

const ACTION_PATTERNS = [
  ...ACTIONS,
  ...[
    '*',
    'backup:*',
    'kms:*',
    'backup:Copy*',
    'BACKUP:copyintobackupvault',
    'backup:CopyIntoBackupVaul?',
    'kms:*Grant*',
  ],
];
const RESOURCE_PATTERNS = [
  ...['*', '*', '*', ...RESOURCES],
  ...[
    'arn:aws:backup:*',
    'arn:aws:backup:*:*:backup-vault:*',
    `arn:aws:backup:*:${B}:*`,
    `arn:aws:kms:eu-*-?:${A}:key/*`,
  ],
  ...['arn:*:*:*:*:*', `arn:aws:backup:eu-west-1:${B}:backup-vault:d?`, `arn:aws:backup:*:backup-vault:dr`],
  ...[`arn:aws:backup:us-east-1:${B}:backup-vault:*:b`],
];

function resources(random: Random, variables: number): string | string[] {
  const one = () =>
    random.chance(variables)
      ? `arn:aws:backup:*:${B}:backup-vault:${random.pick([variable(random), `${variable(random)}*`, `d${variable(random)}`])}`
      : random.pick(RESOURCE_PATTERNS);
  return random.chance(0.6) ? one() : Array.from({ length: 1 + random.below(3) }, one);
}

interface Shape {
  readonly conditions: number;
  readonly variables: number;
  /** How often who, what and on what is left to chance, rather than everybody, everything. */
  readonly open: number;
}

function statement(random: Random, { conditions, variables, open }: Shape): Statement {
  const Effect = random.chance(0.7) ? 'Allow' : 'Deny';
  const not = () => random.chance(0.15);
  const who = random.chance(open)
    ? not()
      ? { NotPrincipal: principal(random) }
      : { Principal: principal(random) }
    : { Principal: '*' };
  const actions = oneOrMore(random, ACTION_PATTERNS);
  const what = random.chance(open) ? (not() ? { NotAction: actions } : { Action: actions }) : { Action: '*' };
  const on = resources(random, variables / 2);
  const where = random.chance(open) ? (not() ? { NotResource: on } : { Resource: on }) : { Resource: '*' };
  return { Effect, ...who, ...what, ...where, Condition: condition(random, conditions, variables) };
}

const version = (random: Random, old: number) =>
  random.chance(old) ? random.pick([{ Version: '2008-10-17' }, {}]) : { Version: '2012-10-17' };

function asker(random: Random): RequestPrincipal {
  const one = random.pick(PRINCIPALS);
  if (one.service !== undefined) return one;
  // A boundary is for users and roles.
  return { ...one, hasPermissionsBoundary: one.arn?.endsWith(':root') === false && random.chance(0.2) };
}

const request = (random: Random): PolicyRequest => ({
  principal: asker(random),
  action: random.pick(ACTIONS),
  resource: random.pick(RESOURCES),
  context: context(random),
});

const one = (random: Random, shape: Shape, most: number, old = 0.1): Pair => ({
  policy: {
    ...version(random, old),
    Statement: Array.from({ length: 1 + random.below(most) }, () => statement(random, shape)),
  },
  request: request(random),
});

/** One condition, on a statement for everybody: each operator with each set operator, with and without IfExists. */
export function* operators(random: Random, each: number): Generator<Pair> {
  for (const kind of KINDS.filter((name) => name !== 'list')) {
    for (const base of [...WORDS[kind].operators, 'Null']) {
      for (const set of base === 'Null' ? [''] : SETS) {
        for (const suffix of base === 'Null' ? [''] : ['', 'IfExists']) {
          for (let count = 0; count < each; count++) {
            const key = random.pick(WORDS[kind].keys);
            const several = set !== '' || random.chance(0.05);
            const held = random.chance(0.15)
              ? null
              : several
                ? random.some(random.chance(0.03) ? [''] : WORDS[kind].given, 0, 3)
                : given(random, kind);
            const value =
              base === 'Null'
                ? random.pick(['true', 'false'])
                : values(random, kind, [...TEXTS, 'arn'].includes(kind) ? 0.1 : 0);
            const Condition = { [`${set}${base}${suffix}`]: { [key]: value } };
            const Effect = random.chance(0.5) ? 'Allow' : 'Deny';
            const all = { Principal: '*', Action: '*', Resource: '*' };
            const asked = request(random);
            yield {
              policy: {
                Version: '2012-10-17',
                Statement: [
                  { Effect: 'Allow', ...all, Condition: Effect === 'Allow' ? Condition : {} },
                  ...(Effect === 'Deny' ? [{ Effect, ...all, Condition } as const] : []),
                ],
              },
              request: { ...asked, principal: { arn: ROLE, account: A }, context: { ...asked.context, [key]: held } },
            };
          }
        }
      }
    }
  }
}

export function* repeated(random: Random, count: number, make: (random: Random) => Pair): Generator<Pair> {
  for (let left = count; left > 0; left--) yield make(random);
}

/** Who, what and on what, without conditions. */
export const elements = (random: Random): Pair => one(random, { conditions: 0, variables: 0, open: 0.9 }, 3);
/** Variables, in documents of every version. */
export const variables = (random: Random): Pair => one(random, { conditions: 2, variables: 0.7, open: 0.4 }, 2, 0.35);
/** Everything at once. */
export const whole = (random: Random): Pair => one(random, { conditions: 2, variables: 0.15, open: 0.6 }, 5);
