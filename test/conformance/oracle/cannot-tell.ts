import { evaluate } from '../../../lambda/core/policy/evaluate';
import type { ConditionValue, PolicyRequest, Statement } from '../../../lambda/core/policy/policy';
import { agrees, type Tally } from './compare';
import type { Answer, Engine, Pair } from './engine';
import { whole } from './pairs';
import type { Random } from './random';
import { A, ARNS, B, KINDS, kindOf, ROLE, VARIABLES, WORDS, type Kind } from './vocabulary';

/** Beyond whatever a policy compares with. */
const EXTREMES: Partial<Record<Kind, readonly string[]>> = {
  number: ['-100000', '100000'],
  date: ['1960-01-01T00:00:00Z', '2090-01-01T00:00:00Z'],
};

type Context = PolicyRequest['context'];
type Value = Context[string];

/** What a key may hold: absent, each value of its kind, and what a policy wants of it, made concrete. */
function candidates(kind: Kind, more: readonly string[] = []): readonly Value[] {
  const { given } = WORDS[kind];
  const concrete = more.flatMap((text) => [
    kind === 'ip' ? text.replace(/\/\d+$/, '') : text,
    ...(/[*?]/.test(text) ? [text.replaceAll('*', 'x').replaceAll('?', 'y')] : []),
  ]);
  const single = [...given, ...concrete, ...(EXTREMES[kind] ?? [])];
  return [
    null,
    ...single,
    ...(kind === 'list'
      ? [
          ['ann', 'bob'],
          ['annabel', 'o-exampleorg/x'],
        ]
      : []),
  ];
}

const hide = ({ policy, request }: Pair, keys: readonly string[]): Pair => ({
  policy,
  request: {
    ...request,
    context: Object.fromEntries(Object.entries(request.context).filter(([key]) => !keys.includes(key))),
  },
});

const fill = ({ policy, request }: Pair, values: Context): Pair => ({
  policy,
  request: { ...request, context: { ...request.context, ...values } },
});

/** Some keys are hidden: what is certain all the same must be so whatever they hold. */
export function compareHidden(engine: Engine, random: Random, tally: Tally): void {
  const full = whole(random);
  const keys = random.some(Object.keys(full.request.context), 1, 12);
  const hidden = hide(full, keys);
  const { decision } = evaluate(hidden.policy, hidden.request);
  tally.decisions.set(decision, (tally.decisions.get(decision) ?? 0) + 1);
  if (decision === 'CannotTell') return;
  for (let count = 0; count < 3; count++) {
    const values = Object.fromEntries(keys.map((key) => [key, random.pick(candidates(kindOf(key) ?? 'text'))]));
    const filled = fill(hidden, values);
    tally.compared++;
    const theirs = agrees(engine, filled, decision, tally);
    if (theirs !== decision)
      tally.fail('certain without a key, and yet the key decides', filled, { hidden: keys, ours: decision, theirs });
  }
}

interface Open {
  readonly pair: Pair;
  /** What each hidden key may hold. */
  readonly holes: Readonly<Record<string, readonly Value[]>>;
}

const one = (operator: string, key: string, value: ConditionValue): Statement['Condition'] => ({
  [operator]: { [key]: value },
});

/** A statement that hangs on one hidden key alone. A list that holds all there is, such as true and false, would not. */
function hanging(
  random: Random,
  key: string,
): { readonly condition: Statement['Condition']; readonly values: readonly Value[] } {
  const kind = kindOf(key) ?? 'text';
  const { given, wanted, operators } = WORDS[kind];
  const set =
    kind === 'list'
      ? random.pick(['ForAnyValue:', 'ForAllValues:'])
      : random.pick(['', '', '', 'ForAllValues:', 'ForAnyValue:']);
  // With both ForAnyValue and IfExists, two pages of AWS differ on an absent key.
  const suffix = set === 'ForAnyValue:' ? '' : random.pick(['', 'IfExists']);
  const texts =
    kind === 'ip'
      ? ['10.0.0.0/8', '203.0.113.0/29', '2001:db8::/32']
      : [...given, ...wanted.filter((text) => text !== '*')];
  const value =
    kind === 'bool' ? random.pick(given) : random.chance(0.6) ? random.pick(texts) : random.some(texts, 1, 3);
  if (random.chance(0.1))
    return { condition: one('Null', key, random.pick(['true', 'false'])), values: candidates(kind) };
  return {
    condition: one(`${set}${random.pick(operators)}${suffix}`, key, value),
    values: candidates(kind, [value].flat()),
  };
}

/** A statement that hangs on the hidden key in a variable: a value that stands where the variable does would match. */
function hangingOnVariable(random: Random, key: string) {
  const held = random.pick(['ann', 'bob', 'a.b']);
  const values: readonly Value[] = [null, held, 'other'];
  if (random.chance(0.3)) {
    const Resource = `arn:aws:backup:*:${B}:backup-vault:\${${key}}`;
    return { resource: { [random.chance(0.8) ? 'Resource' : 'NotResource']: Resource }, values: ['dr', 'other'] };
  }
  const operator = random.pick([
    'StringEquals',
    'StringNotEquals',
    'StringLike',
    'StringEqualsIgnoreCase',
    'ArnLike',
    'ArnNotEquals',
  ]);
  const arn = operator.startsWith('Arn');
  const text = arn
    ? `arn:aws:iam::${A}:role/\${${key}}`
    : random.pick([`\${${key}}`, `x-\${${key}}`, `\${${key}}${random.chance(0.5) ? '${$}' : ''}`]);
  const whole = arn ? `arn:aws:iam::${A}:role/${held}` : text.replace(`\${${key}}`, held).replace('${$}', '$');
  return { condition: one(operator, 'test:Given', text), given: whole, values };
}

/** One to three statements, each hanging on its own hidden key, among others that are certain. */
function open(random: Random): Open {
  const holes: Record<string, readonly Value[]> = {};
  let context: Context = Object.fromEntries(KINDS.flatMap((kind) => WORDS[kind].keys.map((key) => [key, null])));
  const keys = random.some(Object.keys(context), 1, 3);
  const variable = random.chance(0.3) ? random.pick(VARIABLES) : undefined;
  const used = variable === undefined ? keys : [variable, ...keys.filter((key) => key !== variable).slice(0, 1)];
  const statements = used.map((key): Statement => {
    const base = {
      Effect: random.chance(0.6) ? ('Allow' as const) : ('Deny' as const),
      Principal: '*',
      Action: '*',
      Resource: '*',
    };
    if (key !== variable) {
      const { condition, values } = hanging(random, key);
      holes[key] = values;
      return { ...base, Condition: condition };
    }
    const { condition, resource, given, values } = hangingOnVariable(random, key);
    holes[key] = values;
    context = { ...context, ...(given === undefined ? {} : { 'test:Given': given }) };
    const { Resource: _, ...rest } = base;
    return resource ? { ...rest, ...resource } : { ...base, Condition: condition };
  });
  const certain: Statement = {
    Effect: 'Allow',
    Principal: random.chance(0.5) ? '*' : { AWS: ROLE },
    Action: 'backup:*',
    Resource: '*',
  };
  const Statement = random.chance(0.6) ? [...statements, certain] : statements;
  const request = {
    principal: { arn: ROLE, account: A },
    action: 'backup:CopyIntoBackupVault',
    resource: `arn:aws:backup:eu-west-1:${B}:backup-vault:dr`,
    context,
  };
  return { pair: hide({ policy: { Version: '2012-10-17', Statement }, request }, Object.keys(holes)), holes };
}

const MOST = 3000;

/** "Cannot tell" is so: one way to fill the holes allows (or denies) and another does not. */
export function compareOpen(engine: Engine, random: Random, tally: Tally): void {
  const { pair, holes } = random.chance(0.9) ? open(random) : openPrincipal(random);
  const { decision, undecided } = evaluate(pair.policy, pair.request);
  tally.decisions.set(decision, (tally.decisions.get(decision) ?? 0) + 1);
  if (decision !== 'CannotTell') return;
  const strange = undecided.find((reason) => !Object.keys(holes).some((key) => reason.includes(key)));
  if (strange !== undefined) tally.fail('cannot tell for another reason than what is hidden', pair, { strange });
  tally.compared++;
  const seen = new Set<Answer>();
  for (let count = 0; count < MOST && seen.size < 2; count++) {
    const values = Object.fromEntries(Object.entries(holes).map(([key, options]) => [key, random.pick(options)]));
    const filled = 'principal' in values ? withPrincipal(pair, values) : fill(pair, values);
    const ours = evaluate(filled.policy, filled.request).decision;
    if (ours === 'CannotTell') tally.fail('cannot tell although the holes are filled', filled);
    else {
      const theirs = agrees(engine, filled, ours, tally);
      if (theirs !== ours) tally.fail('the engine differs', filled, { ours, theirs });
      seen.add(theirs);
    }
    if (tally.failures.length > 20) return;
  }
  if (seen.size < 2) tally.fail(`cannot tell, and yet always ${[...seen].join()}`, pair, { holes: Object.keys(holes) });
}

/** Only the account is known: which role asks decides. Or whether that role has a permissions boundary. */
function openPrincipal(random: Random): Open {
  const boundary = random.chance(0.3);
  const Effect = boundary || random.chance(0.4) ? ('Deny' as const) : ('Allow' as const);
  const who = boundary
    ? { NotPrincipal: { AWS: [ROLE, A] } }
    : { Principal: { AWS: random.some([ROLE, ARNS[1] ?? ''], 1, 2) } };
  const all = { Action: '*', Resource: '*' };
  const Statement: Statement[] = [
    { Effect, ...who, ...all },
    ...(Effect === 'Deny' ? [{ Effect: 'Allow' as const, Principal: '*', ...all }] : []),
  ];
  const principal = boundary ? { account: A, arn: ROLE } : { account: A };
  const request = { principal, action: 'kms:Decrypt', resource: `arn:aws:kms:eu-west-1:${B}:key/1`, context: {} };
  const values = boundary ? ['with', 'without'] : [ROLE, ARNS[1] ?? '', `arn:aws:iam::${A}:user/else`];
  return {
    pair: { policy: { Version: '2012-10-17', Statement }, request },
    holes: { principal: values, boundary: values },
  };
}

function withPrincipal({ policy, request }: Pair, { principal }: Context): Pair {
  const changed =
    principal === 'with' || principal === 'without'
      ? { hasPermissionsBoundary: principal === 'with' }
      : { arn: String(principal) };
  return { policy, request: { ...request, principal: { ...request.principal, ...changed } } };
}
