import type { ConditionValue } from '../../../lambda/core/policy/policy';
import { OPERATORS } from '../../../lambda/core/policy/operators';
import { judge, matches } from './fixture';

// [operator, value(s) in the policy, value(s) in the request (null = absent), matches?]
type Row = readonly [string, ConditionValue, string | readonly string[] | null, 'yes' | 'no' | 'maybe'];

const rows = (table: readonly Row[]) =>
  it.each(table)('%s of %j with %j: %s', (operator, wanted, given, expected) => {
    expect(matches({ Condition: { [operator]: { key: wanted } } }, { context: { key: given } })).toBe(expected);
  });

describe('numbers', () => {
  rows([
    ['NumericEquals', '10', '10', 'yes'],
    ['NumericEquals', 10, '10', 'yes'],
    ['NumericEquals', '10', '10.0', 'yes'],
    ['NumericEquals', '1.50', '1.5', 'yes'],
    ['NumericEquals', '10', '9', 'no'],
    ['NumericEquals', '-0', '0', 'yes'],
    ['NumericEquals', ['9', '10'], '10', 'yes'],
    ['NumericEquals', '10', null, 'no'],
    ['NumericNotEquals', '10', '10.0', 'no'],
    ['NumericNotEquals', ['9', '10'], '10', 'no'],
    ['NumericNotEquals', ['9', '10'], '11', 'yes'],
    ['NumericNotEquals', '10', null, 'yes'],
    ['NumericLessThan', '10', '9', 'yes'], // not as texts
    ['NumericLessThan', '10', '10', 'no'],
    ['NumericLessThan', '10', '11', 'no'],
    ['NumericLessThan', '-1', '-1.5', 'yes'],
    ['NumericLessThan', '10', null, 'no'],
    ['NumericLessThanEquals', '10', '10', 'yes'],
    ['NumericLessThanEquals', '10', '10.001', 'no'],
    ['NumericGreaterThan', '9', '10', 'yes'],
    ['NumericGreaterThan', '10', '10', 'no'],
    ['NumericGreaterThanEquals', '10', '10', 'yes'],
    ['NumericGreaterThanEquals', '10', '9.9', 'no'],
    ['NumericGreaterThanEqualsIfExists', '10', null, 'yes'],
    ['NumericGreaterThanEqualsIfExists', '10', '9', 'no'],
    ['ForAllValues:NumericLessThan', '10', ['1', '9'], 'yes'],
    ['ForAllValues:NumericLessThan', '10', ['1', '10'], 'no'],
    ['ForAnyValue:NumericLessThan', '10', ['10', '9'], 'yes'],
    ['ForAnyValue:NumericNotEquals', '10', ['10', '10.0'], 'no'],
    ...['ten', '1e3', '0x1', ' 1', '1.', '.5', '+1', '', '1234567890123456'].map((odd): Row => [
      'NumericNotEquals',
      odd,
      '1',
      'maybe',
    ]),
    ['NumericEquals', '1', 'ten', 'maybe'],
    ['NumericEquals', ['ten', '1'], '1', 'yes'],
    ['NumericEquals', ['ten', '1'], '2', 'maybe'],
  ]);
});

const NOON = '2026-06-01T12:00:00Z';

describe('dates', () => {
  rows([
    ['DateEquals', NOON, '2026-06-01T14:00:00+02:00', 'yes'],
    ['DateEquals', NOON, '2026-06-01T12:00Z', 'yes'],
    ['DateEquals', NOON, '2026-06-01T12:00:00.000Z', 'yes'],
    ['DateEquals', NOON, '1780315200', 'yes'], // seconds
    ['DateEquals', '1780315200', NOON, 'yes'],
    ['DateEquals', NOON, '2026-06-01T12:00:01Z', 'no'],
    ['DateNotEquals', NOON, '1780315200', 'no'],
    ['DateNotEquals', NOON, '1780315201', 'yes'],
    ['DateNotEquals', NOON, null, 'yes'],
    ['DateLessThan', NOON, '2026-06-01T13:59:59+02:00', 'yes'],
    ['DateLessThan', NOON, NOON, 'no'],
    ['DateLessThan', NOON, null, 'no'],
    ['DateLessThanEquals', NOON, NOON, 'yes'],
    ['DateLessThanEquals', NOON, '2026-06-01T12:00:00.001Z', 'no'],
    ['DateGreaterThan', NOON, '2026-06-01T12:00:00-00:01', 'yes'],
    ['DateGreaterThan', NOON, NOON, 'no'],
    ['DateGreaterThanEquals', NOON, NOON, 'yes'],
    ['DateGreaterThanEquals', NOON, '1780315199', 'no'],
    ['DateGreaterThanEqualsIfExists', NOON, null, 'yes'],
    ['DateGreaterThan', '0', NOON, 'yes'],
    ['DateGreaterThan', '2024-02-29T00:00Z', NOON, 'yes'],
    ...['2026-02-30T00:00Z', '2023-02-29T00:00Z', '2026-13-01T00:00Z', '2026-06-01T24:00Z', '2026-06-01T12:00:60Z'].map(
      (odd): Row => ['DateLessThan', odd, NOON, 'maybe'],
    ),
    // Which zone a date without one is in, and whether four digits are a year, is not documented.
    ...['2026-06-01', '2026-06', '2026', '2026-06-01T12:00:00', '1780315200000', '2026-06-01 12:00Z', 'June', ''].map(
      (odd): Row => ['DateGreaterThan', odd, NOON, 'maybe'],
    ),
  ]);
});

describe('IP addresses', () => {
  rows([
    ['IpAddress', '203.0.113.0/24', '203.0.113.255', 'yes'],
    ['IpAddress', '203.0.113.0/24', '203.0.114.0', 'no'],
    ['IpAddress', '203.0.113.7', '203.0.113.7', 'yes'], // /32
    ['IpAddress', '203.0.113.7', '203.0.113.8', 'no'],
    ['IpAddress', '203.0.113.7/32', '203.0.113.7', 'yes'],
    ['IpAddress', '0.0.0.0/0', '198.51.100.1', 'yes'],
    ['IpAddress', '128.0.0.0/1', '255.255.255.255', 'yes'],
    ['IpAddress', '128.0.0.0/1', '127.255.255.255', 'no'],
    ['IpAddress', '203.0.113.0/25', '203.0.113.128', 'no'],
    ['IpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.9', 'yes'],
    ['IpAddress', '203.0.113.0/24', null, 'no'],
    ['IpAddressIfExists', '203.0.113.0/24', null, 'yes'],
    ['NotIpAddress', '203.0.113.0/24', '203.0.113.9', 'no'],
    ['NotIpAddress', '203.0.113.0/24', '192.0.2.1', 'yes'],
    ['NotIpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.9', 'no'],
    ['NotIpAddress', '203.0.113.0/24', null, 'yes'],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:9::1', 'yes'],
    ['IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::', 'no'],
    ['IpAddress', '2001:db8::1/128', '2001:0db8:0:0:0:0:0:1', 'yes'],
    ['IpAddress', '2001:db8::1/128', '2001:db8::2', 'no'],
    ['IpAddress', '::/0', '::1', 'yes'],
    ['IpAddress', '2001:db8::/32', '2001:db8::192.0.2.1', 'yes'],
    ['IpAddress', '2001:db8::c000:201/128', '2001:db8::192.0.2.1', 'yes'],
    ['IpAddress', '1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8', 'yes'],
    ['IpAddress', '203.0.113.0/24', '2001:db8::1', 'no'],
    ['IpAddress', '2001:db8::/32', '203.0.113.1', 'no'],
    ['NotIpAddress', '203.0.113.0/24', '2001:db8::1', 'yes'],
    ['ForAllValues:IpAddress', '10.0.0.0/8', ['10.1.1.1', '11.1.1.1'], 'no'],
    ['ForAnyValue:NotIpAddress', '10.0.0.0/8', ['10.1.1.1', '11.1.1.1'], 'yes'],
    // "The default prefix value of /32" may mean an IPv6 network; the address itself is in it, another network is not.
    ['IpAddress', '2001:db8::1', '2001:db8::1', 'yes'],
    ['IpAddress', '2001:db8::1', '2001:db8::2', 'maybe'],
    ['IpAddress', '2001:db8::1', '2001:db9::1', 'no'],
    // Bits behind the prefix: no standard CIDR.
    ['IpAddress', '203.0.113.7/24', '203.0.113.7', 'yes'],
    ['IpAddress', '203.0.113.7/24', '203.0.113.8', 'maybe'],
    ['IpAddress', '203.0.113.7/24', '203.0.112.8', 'no'],
    ['IpAddress', '203.0.113.0/24', '::ffff:203.0.113.7', 'maybe'],
    ...[
      '203.0.113',
      '203.0.113.256',
      '203.0.113.01',
      '1.2.3.4.5',
      '203.0.113.0/33',
      '203.0.113.0/',
      '203.0.113.0/08',
    ].map((odd): Row => ['NotIpAddress', odd, '10.0.0.1', 'maybe']),
    ...[':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '::12345', '::1%eth0', '::g', '*', '', '::/129'].map(
      (odd): Row => ['IpAddress', odd, '2001:db8::1', 'maybe'],
    ),
    ['IpAddress', '10.0.0.0/8', 'localhost', 'maybe'],
    ['IpAddress', '10.0.0.0/8', '10.0.0.0/8', 'maybe'],
  ]);
});

describe('binary values', () => {
  rows([
    ['BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'yes'],
    ['BinaryEquals', 'QUI=', 'QUI=', 'yes'],
    ['BinaryEquals', 'QUI=', 'QUJD', 'no'],
    ['BinaryEquals', 'QUJD', 'qujd', 'no'],
    ['BinaryEquals', ['QUI=', 'QUJD'], 'QUJD', 'yes'],
    ['BinaryEquals', 'QUJD', null, 'no'],
    ['BinaryEqualsIfExists', 'QUJD', null, 'yes'],
    ['ForAnyValue:BinaryEquals', 'QUJD', ['QUI=', 'QUJD'], 'yes'],
    // Not canonical: what it decodes to, if anything, is not documented.
    ...['QUJ', 'QUJ=', 'QUJDR', 'Q===', 'QU JD', 'QU-_', 'abc*'].map((odd): Row => [
      'BinaryEquals',
      odd,
      'QUJD',
      'maybe',
    ]),
  ]);
});

it('every operator of the IAM user guide is known, and no other', () => {
  const ordered = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
  const guide = [
    ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike'],
    ...['StringNotLike', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'Bool', 'BinaryEquals'],
    ...['IpAddress', 'NotIpAddress'],
    ...['Numeric', 'Date'].flatMap((family) => ordered.map((order) => family + order)),
  ];
  expect([...OPERATORS.keys()].sort()).toEqual(guide.sort());
  for (const [name, { negated }] of OPERATORS) expect(negated).toBe(name.includes('Not'));
});

it.each([
  [{ NumericLessThan: { key: 'x' } }, 'value "x" of a Numeric operator'],
  [{ DateLessThan: { key: '2026' } }, 'value "2026" of a Date operator'],
  [{ IpAddress: { key: 'x' } }, 'value "x" of an IP address operator'],
  [{ BinaryEquals: { key: 'x' } }, 'value "x" of operator BinaryEquals'],
  [{ Bool: { key: 'x' } }, 'value "x" of operator Bool'],
])('%j: %s', (Condition, reason) => {
  const given = { NumericLessThan: '1', DateLessThan: '0', IpAddress: '::1', BinaryEquals: '', Bool: 'true' };
  const key = given[Object.keys(Condition)[0] as keyof typeof given];
  expect(judge({ Condition: Condition as never }, { context: { key } }).undecided).toEqual([reason]);
});
