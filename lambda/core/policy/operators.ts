import { inRange } from './ip-address';
import { glob, matchArnParts } from './match';
import { maybe, NO, tri } from './tri';
import type { Tri } from './tri';
import { plain } from './variables';
import type { Pattern } from './variables';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, and there
// #Conditions_String, #Conditions_ARN, #Conditions_Numeric, #Conditions_Date, #Conditions_Boolean,
// #Conditions_BinaryEquals, #Conditions_IPAddress.

/** Does one request value match one policy value? */
type Test<Wanted = string> = (given: string, wanted: Wanted) => Tri;

export interface Operator {
  /** It gets a filled-in pattern only if policy variables may stand in its values, else the text as it is. */
  readonly test: Test<Pattern>;
  readonly negated: boolean;
  readonly variables: boolean;
}

const like: Test<Pattern> = (given, wanted) => tri(glob(wanted, given));

/**
 * "Each of the six colon-delimited components of the ARN is checked separately", and ArnEquals does what ArnLike does.
 * What a shorter pattern (`*`, `arn:aws:iam::*`) means is not written down, except that nothing can match when not
 * even the whole text does.
 */
const arnLike =
  (negated: boolean): Test<Pattern> =>
  (given, wanted) => {
    const certain = matchArnParts(wanted, given);
    if (certain !== undefined) return tri(certain);
    return negated || glob(wanted, given) ? maybe(`value "${plain(wanted)}" of an ARN operator`) : NO;
  };

/** Compares what both texts stand for; a text that stands for nothing certain cannot be told. */
const compared =
  <T>(kind: string, read: (text: string) => T | undefined, holds: (given: T, wanted: T) => boolean): Test =>
  (given, wanted) => {
    const [a, b] = [read(given), read(wanted)];
    if (a !== undefined && b !== undefined) return tri(holds(a, b));
    return maybe(`value "${a === undefined ? given : wanted}" of ${kind}`);
  };

/** AWS writes `true` and `false`; how other spellings compare is not documented. */
const boolean = (text: string): boolean | undefined => (text === 'true' ? true : text === 'false' ? false : undefined);
export const bool = compared('operator Bool', boolean, (given, wanted) => given === wanted);

/** "An integer or decimal value", and no more digits than a double keeps apart. */
const number = (text: string): number | undefined =>
  /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length < 16 ? Number(text) : undefined;

const W3C = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * https://www.w3.org/TR/NOTE-datetime with a time and its zone, or seconds since 1970; milliseconds. In which zone a
 * mere date begins is not documented, and four digits are a year as well as seconds.
 */
const date = (text: string): number | undefined => {
  if (/^(0|[1-9]\d{4,10})$/.test(text)) return Number(text) * 1000;
  const day = W3C.exec(text)?.[1];
  // JavaScript takes 30 February for 2 March.
  const exists = day !== undefined && new Date(Date.parse(day) || 0).toISOString().startsWith(day);
  return exists ? Date.parse(text) : undefined;
};

/** Base64 in its one canonical form, so that equal texts are equal bytes; the context has it the same way. */
const BASE64 = /^([A-Za-z\d+/]{4})*([A-Za-z\d+/][AQgw]==|[A-Za-z\d+/]{2}[AEIMQUYcgkosw048]=)?$/;
const binary = (text: string): string | undefined => (BASE64.test(text) ? text : undefined);

/** Both number and date have these. */
const ORDER: readonly (readonly [string, (given: number, wanted: number) => boolean])[] = [
  ['#Equals #NotEquals', (given, wanted) => given === wanted],
  ['#LessThan', (given, wanted) => given < wanted],
  ['#LessThanEquals', (given, wanted) => given <= wanted],
  ['#GreaterThan', (given, wanted) => given > wanted],
  ['#GreaterThanEquals', (given, wanted) => given >= wanted],
];
const ordered = (family: string, read: (text: string) => number | undefined) =>
  ORDER.map(([names, holds]): readonly [string, Test] => [
    names.replaceAll('#', family),
    compared(`a ${family} operator`, read, holds),
  ]);

/** "You can use a policy variable … in any condition that involves the string operators or the ARN operators." */
const WITH_VARIABLES: readonly (readonly [string, Test<Pattern>])[] = [
  ['StringEquals StringNotEquals', (given, wanted) => tri(given === plain(wanted))],
  [
    'StringEqualsIgnoreCase StringNotEqualsIgnoreCase',
    (given, wanted) => tri(given.toLowerCase() === plain(wanted).toLowerCase()),
  ],
  ['StringLike StringNotLike', like],
  ['ArnEquals ArnLike', arnLike(false)],
  ['ArnNotEquals ArnNotLike', arnLike(true)],
];
const WITHOUT: readonly (readonly [string, Test])[] = [
  ...ordered('Numeric', number),
  ...ordered('Date', date),
  ['Bool', bool],
  ['BinaryEquals', compared('operator BinaryEquals', binary, (given, wanted) => given === wanted)],
  ['IpAddress NotIpAddress', inRange],
];

/** Every operator but Null, without its set operator and IfExists. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  [...WITH_VARIABLES, ...WITHOUT].flatMap(([names, test]) => {
    const variables = WITH_VARIABLES.some(([row]) => row === names);
    const operator = (name: string) => ({ test: test as Test<Pattern>, negated: name.includes('Not'), variables });
    return names.split(' ').map((name): [string, Operator] => [name, operator(name)]);
  }),
);
