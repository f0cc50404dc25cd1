import type { ConditionValue, PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import type { Pair } from './engine';
import { kindOf } from './vocabulary';

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/**
 * Where the engine differs from what AWS writes. Each rewrites a pair into one that says the same without the point
 * in question; the engine must then answer as we do, so that nothing else hides behind a difference.
 */
export interface Difference {
  readonly name: string;
  readonly why: string;
  readonly link: string;
  rewrite(pair: Pair): Pair;
}

type Values = readonly string[];
const listOf = (value: ConditionValue | undefined): Values => (Array.isArray(value) ? value : [value]).map(String);
const negated = (operator: string): boolean => operator.includes('Not');
/** Without set operator and IfExists. */
export const baseOf = (operator: string): string => operator.replace(/^.*:/, '').replace(/IfExists$/, '');
const takesVariables = (operator: string): boolean => /^(String|Arn)/.test(baseOf(operator));

function given({ request }: Pair, key: string): string | readonly string[] | null | undefined {
  return Object.entries(request.context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

const withStatements = (pair: Pair, change: (statement: Statement) => Statement): Pair => ({
  ...pair,
  policy: { ...pair.policy, Statement: pair.policy.Statement.map(change) },
});

/** Every condition's values anew; undefined leaves the condition out. */
const withConditions = (
  pair: Pair,
  change: (operator: string, key: string, values: Values) => Values | undefined,
): Pair =>
  withStatements(pair, (statement) => ({
    ...statement,
    Condition: Object.fromEntries(
      Object.entries(statement.Condition ?? {}).map(([operator, keys]) => [
        operator,
        Object.fromEntries(
          Object.entries(keys).flatMap(([key, value]) => {
            const values = change(operator, key, listOf(value));
            return values === undefined ? [] : [[key, values]];
          }),
        ),
      ]),
    ),
  }));

const withResources = (pair: Pair, change: (pattern: string) => Values): Pair =>
  withStatements(pair, (statement) => ({
    ...statement,
    ...(statement.Resource === undefined ? {} : { Resource: listOf(statement.Resource).flatMap(change) }),
    ...(statement.NotResource === undefined ? {} : { NotResource: listOf(statement.NotResource).flatMap(change) }),
  }));

const hasVariables = ({ Version }: PolicyDocument): boolean => Version === '2012-10-17';

/** The value of `${key}` or `${key, 'default'}`; undefined: there is none. */
function valueOf(pair: Pair, variable: string): string | undefined {
  const [, key = '', otherwise] = /^\$\{([^,}]+)(?:, '([^']*)')?\}$/.exec(variable) ?? [];
  const value = given(pair, key);
  return typeof value === 'string' ? value : otherwise;
}

/** Seconds as the instant they are. */
const instant = (text: string): string =>
  /^(0|[1-9]\d{4,10})$/.test(text) ? new Date(Number(text) * 1000).toISOString() : text;

/** IPv6 with all its groups, small; IPv4 with its prefix. */
function fullAddress(text: string): string {
  const [address = '', prefix] = text.split('/');
  if (!address.includes(':')) return prefix === undefined ? `${address}/32` : text;
  const [left = '', right] = address.toLowerCase().split('::');
  const [before, after] = [left, right ?? ''].map((half) => (half === '' ? [] : half.split(':')));
  const zeros = right === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const groups = [...(before ?? []), ...Array<string>(zeros).fill('0'), ...(after ?? [])];
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}/${prefix ?? '128'}`;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'variables by version',
    why: 'only documents of version 2012-10-17 have variables; the engine fills them in whatever the version',
    link: `${GUIDE}/reference_policies_elements_version.html`,
    rewrite(pair) {
      if (hasVariables(pair.policy)) return pair;
      const literal = (text: string) => text.replaceAll('${', '${$}{');
      const conditions = withConditions(pair, (operator, _, values) =>
        takesVariables(operator) ? values.map(literal) : values,
      );
      return withResources(conditions, (pattern) => [literal(pattern)]);
    },
  },
  {
    name: 'negated operator, variable without value',
    why: '"Inverted condition operators like StringNotEquals or StringNotLike do match against a null value"; the engine fails them',
    link: `${GUIDE}/reference_policies_variables.html#policy-vars-no-value`,
    rewrite: (pair) =>
      withConditions(pair, (operator, _, values) => {
        if (!negated(operator) || !takesVariables(operator) || !hasVariables(pair.policy)) return values;
        const left = values.filter((text) =>
          (text.match(/\$\{[^*?$}][^}]*\}/g) ?? []).every((variable) => valueOf(pair, variable) !== undefined),
        );
        return left.length > 0 ? left : [operator.includes('Arn') ? 'arn:none:none:none:none:none' : '\u0001none'];
      }),
  },
  {
    name: 'variable within an ARN',
    why: 'a variable is replaced by its value; the engine takes the colon in ${aws:PrincipalAccount} for one of the ARN',
    link: `${GUIDE}/reference_policies_variables.html#policy-vars-using-variables`,
    rewrite: (pair) =>
      withConditions(pair, (operator, _, values) =>
        baseOf(operator).startsWith('Arn') && hasVariables(pair.policy)
          ? values.map((text) =>
              text.replace(
                /\$\{[^*?$}][^}]*\}/g,
                (variable) => valueOf(pair, variable)?.replace(/[*?]/g, '${$&}') ?? 'a:none',
              ),
            )
          : values,
      ),
  },
  {
    name: 'special characters without wildcards',
    why: '${*}, ${?} and ${$} "can be used in any string where you can use regular policy variables"; the engine takes them as text with StringEquals',
    link: `${GUIDE}/reference_policies_variables.html#policy-vars-specialchars`,
    rewrite: (pair) =>
      withConditions(pair, (operator, _, values) =>
        /^String(Not)?Equals/.test(baseOf(operator)) && hasVariables(pair.policy)
          ? values.map((text) => text.replace(/\$\{([*?$])\}/g, '$1'))
          : values,
      ),
  },
  {
    name: 'seconds beside dates',
    why: 'dates are ISO 8601 or seconds since 1970; the engine takes seconds for milliseconds when the other side is ISO 8601',
    link: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Date`,
    rewrite(pair) {
      const conditions = withConditions(pair, (operator, _, values) =>
        baseOf(operator).startsWith('Date') ? values.map(instant) : values,
      );
      const context = Object.fromEntries(
        Object.entries(pair.request.context).map(([key, value]) => {
          if (kindOf(key) !== 'date' || value === null) return [key, value];
          return [key, typeof value === 'string' ? instant(value) : value.map(instant)];
        }),
      );
      return { ...conditions, request: { ...conditions.request, context } };
    },
  },
  {
    name: 'ForAllValues of empty values',
    why: 'ForAllValues is true when the key "resolves to a null data set, such as an empty string"; the engine compares the empty text',
    link: `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
    rewrite: (pair) =>
      withConditions(pair, (operator, key, values) => {
        const value = given(pair, key);
        const empty = value !== null && value !== undefined && [value].flat().every((text) => text === '');
        return operator.startsWith('ForAllValues:') && empty ? undefined : values;
      }),
  },
  {
    name: 'addresses however they are written',
    why: 'an address without a prefix has /32, and 2001:DB8::1 is 2001:db8:0:0:0:0:0:1; the engine compares such texts',
    link: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    rewrite(pair) {
      const conditions = withConditions(pair, (operator, _, values) =>
        baseOf(operator).endsWith('IpAddress') ? values.map(fullAddress) : values,
      );
      const bare = (text: string) => fullAddress(text).replace(/\/\d+$/, '');
      const context = Object.fromEntries(
        Object.entries(pair.request.context).map(([key, value]) => {
          if (kindOf(key) !== 'ip' || value === null) return [key, value];
          return [key, typeof value === 'string' ? bare(value) : value.map(bare)];
        }),
      );
      return { ...conditions, request: { ...conditions.request, context } };
    },
  },
  {
    name: 'every IPv4 address',
    why: '0.0.0.0/0 is standard CIDR for all of them; the engine shifts by 32 bits, which JavaScript takes for none',
    link: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    rewrite: (pair) =>
      withConditions(pair, (operator, _, values) =>
        baseOf(operator).endsWith('IpAddress')
          ? values.flatMap((text) => (text === '0.0.0.0/0' ? ['0.0.0.0/1', '128.0.0.0/1'] : [text]))
          : values,
      ),
  },
  {
    name: 'resource wildcard beyond a colon',
    why: 'a wildcard at the end of a segment "can expand to match beyond the colon boundaries"; the engine keeps it within',
    link: `${GUIDE}/reference_policies_elements_resource.html`,
    rewrite(pair) {
      const segments = pair.request.resource.split(':').length;
      return withResources(pair, (pattern) => {
        const parts = pattern.split(':');
        if (parts[0] !== 'arn') return [pattern];
        // One wildcard stands for itself and further segments; behind the fifth colon the engine has just one.
        const made = parts.flatMap((part, at) =>
          Array.from({ length: Math.max(0, segments - parts.length) }, (_, more) =>
            part.endsWith('*') && at < 5
              ? [parts.toSpliced(at + 1, 0, ...Array<string>(more + 1).fill('*')).join(':')]
              : [],
          ).flat(),
        );
        // The engine does not even turn a short one round for NotResource.
        return parts.length < 6 && made.length > 0
          ? made.filter((text) => text.split(':').length >= 6)
          : [pattern, ...made];
      });
    },
  },
];
