import fc from 'fast-check';
import { matches } from './fixture';
import { runs } from '../soak';

const ask = (operator: string, wanted: string, given: string, context: Record<string, string> = {}) =>
  matches({ Condition: { [operator]: { key: wanted } } }, { context: { ...context, key: given } });
const yesNo = (certain: boolean) => (certain ? 'yes' : 'no');

const ORDER: readonly (readonly [string, (sign: number) => boolean])[] = [
  ['Equals', (sign) => sign === 0],
  ['NotEquals', (sign) => sign !== 0],
  ['LessThan', (sign) => sign < 0],
  ['LessThanEquals', (sign) => sign <= 0],
  ['GreaterThan', (sign) => sign > 0],
  ['GreaterThanEquals', (sign) => sign >= 0],
];

/** Hundredths, written in one of several ways. */
const decimal = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.boolean()).map(([hundredths, zeros]) => {
  const text = (hundredths / 100).toFixed(2);
  return { hundredths, text: zeros ? text : text.replace(/\.?0+$/, '') };
});

const moment = fc
  .tuple(fc.integer({ min: 10_000, max: 4_000_000_000 }), fc.constantFrom('epoch', 'utc', 'zone'))
  .map(([seconds, form]) => {
    const iso = (at: number) => new Date(at * 1000).toISOString().slice(0, 19);
    const text = { epoch: String(seconds), utc: `${iso(seconds)}Z`, zone: `${iso(seconds + 5400)}+01:30` }[form];
    return { seconds, text: text ?? '' };
  });

const bytes = (length: number) => fc.array(fc.integer({ min: 0, max: 255 }), { minLength: length, maxLength: length });
const bitsOf = (address: readonly number[]) => address.map((byte) => byte.toString(2).padStart(8, '0')).join('');
const v4 = (address: readonly number[]) => address.join('.');
const v6 = (address: readonly number[]) =>
  Array.from({ length: 8 }, (_, at) => ((address[2 * at] ?? 0) * 256 + (address[2 * at + 1] ?? 0)).toString(16)).join(
    ':',
  );

describe('operators', () => {
  it.each(ORDER)('Numeric%s agrees with whole numbers', (order, holds) => {
    fc.assert(
      fc.property(decimal, decimal, (given, wanted) => {
        const sign = Math.sign(given.hundredths - wanted.hundredths);
        expect(ask(`Numeric${order}`, wanted.text, given.text)).toBe(yesNo(holds(sign)));
      }),
    );
  });

  it.each(ORDER)('Date%s agrees with seconds, however they are written', (order, holds) => {
    fc.assert(
      fc.property(moment, moment, fc.boolean(), (given, other, same) => {
        const wanted = same ? { ...other, seconds: given.seconds, text: String(given.seconds) } : other;
        const sign = Math.sign(given.seconds - wanted.seconds);
        expect(ask(`Date${order}`, wanted.text, given.text)).toBe(yesNo(holds(sign)));
      }),
    );
  });

  it.each([
    ['IPv4', 4, v4],
    ['IPv6', 16, v6],
  ] as const)('%s ranges agree with bits written out', (_, length, write) => {
    const change = fc.tuple(fc.nat(length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(bytes(length), change, fc.integer({ min: 0, max: length * 8 }), (address, [at, byte], prefix) => {
        const other = address.with(at, byte);
        const bits = bitsOf(other)
          .slice(0, prefix)
          .padEnd(length * 8, '0');
        const network = Array.from({ length }, (__, index) => parseInt(bits.slice(index * 8, index * 8 + 8), 2));
        const inside = bitsOf(address).slice(0, prefix) === bitsOf(other).slice(0, prefix);
        const range = `${write(network)}/${prefix}`;
        // IPv4-mapped addresses are no concern here: both sides are of one family.
        expect(ask('IpAddress', range, write(address))).toBe(yesNo(inside));
        expect(ask('NotIpAddress', range, write(address))).toBe(yesNo(!inside));
      }),
    );
  });

  it('an IPv6 address is the same with :: in place of zeros', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('0', '1', 'ab'), { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.join(':');
        const short = full.replace(/\b0(:0)+\b/, ':').replace(/:{3,}/, '::');
        expect(ask('IpAddress', `${full}/128`, short)).toBe('yes');
      }),
    );
  });

  it('base64 is compared byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ maxLength: 6 }), (a, b) => {
        const [given, wanted] = [Buffer.from(a), Buffer.from(b)];
        const answer = ask('BinaryEquals', wanted.toString('base64'), given.toString('base64'));
        expect(answer).toBe(yesNo(given.equals(wanted)));
      }),
    );
  });

  it('a variable equals its value and is no pattern', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', 'b', '*', '?', '\\', ':', '$', '}'),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(value, value, (held, given) => {
        const context = { held };
        expect(ask('StringEquals', '${held}', given, context)).toBe(yesNo(held === given));
        expect(ask('StringLike', '${held}', given, context)).toBe(yesNo(held === given));
        expect(ask('StringLike', 'x${held}*', `x${given}`, context)).toBe(yesNo(given.startsWith(held)));
        expect(ask('ArnLike', 'arn:aws:a:b:c:${held}', `arn:aws:a:b:c:${given}`, context)).toBe(yesNo(held === given));
      }),
      { numRuns: runs(1000) },
    );
  });
});
