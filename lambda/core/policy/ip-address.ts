import { maybe, NO, tri } from './tri';
import type { Tri } from './tri';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** IPv4: four decimal numbers without leading zeros. */
function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  const all = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return all ? parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) : undefined;
}

/** https://datatracker.ietf.org/doc/html/rfc4291#section-2.2, also with an IPv4 address at its end. */
function parse(text: string): Address | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { bits: 32, value: v4 };
  const tail = parseV4(text.slice(text.lastIndexOf(':') + 1));
  const hex =
    tail === undefined
      ? text
      : text.replace(/[^:]+$/, `${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`);
  const halves = hex.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const [left = [], right] = halves;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (halves.length > 2 || (right ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...(right ?? [])];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) };
}

/** "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of /32." */
export function inRange(given: string, wanted: string): Tri {
  const open = (text: string): Tri => maybe(`value "${text}" of an IP address operator`);
  const [text = '', prefix = '32', more] = wanted.split('/');
  const address = parse(given);
  const range = parse(text);
  if (!address) return open(given);
  if (!range || more !== undefined || !/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > range.bits)
    return open(wanted);
  // Whether ::ffff:192.0.2.1 is 192.0.2.1 to IAM is not documented.
  if (address.bits !== range.bits) {
    return [address, range].some(({ bits, value }) => bits === 128 && value >> 32n === 0xffffn) ? open(given) : NO;
  }
  const rest = BigInt(range.bits - Number(prefix));
  if (address.value >> rest !== range.value >> rest) return NO;
  // An IPv6 address without a prefix, and bits behind the prefix: no standard CIDR, so only the address itself is certain.
  return (range.value >> rest) << rest === range.value && (range.bits === 32 || wanted.includes('/'))
    ? tri(true)
    : address.value === range.value
      ? tri(true)
      : open(wanted);
}
