// Very many address ranges, packed so that both threads share one copy and a look-up takes microseconds: sorted, merged, in
// shared memory. Pure; what the ranges mean is not known here.

import ipaddr from 'ipaddr.js';

/** Addresses that are no peers of ours; bounds inclusive, as text, both of one family. */
export interface BlockedRange {
  readonly first: string;
  readonly last: string;
}

/** Sorted and disjoint; bounds inclusive. Costs 8 bytes for a range of IPv4 and 32 for one of IPv6, in shared memory. */
export interface PackedRanges {
  /** `first, last` of each range. */
  readonly v4: Uint32Array;
  /** Upper and lower half of `first`, then of `last`, of each range. */
  readonly v6: BigUint64Array;
}

const MAPPED_PREFIX = 0xffffn << 32n;
const HALF = (1n << 64n) - 1n;
/** Which of two neighbouring 32-bit words is the upper half of a 64-bit one, here. */
const UPPER = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Sorts and merges. What is no range of valid addresses of one family is left out. */
export function packRanges(ranges: readonly BlockedRange[]): PackedRanges {
  const words = new Uint32Array(ranges.length * 2);
  const wide: [bigint, bigint][] = [];
  let count = 0;
  const addNarrow = (first: number, last: number): void => {
    if (first > last) return;
    words[count * 2 + UPPER] = first;
    words[count * 2 + 1 - UPPER] = last;
    count++;
  };
  for (const range of ranges) {
    const [first, last] = [readIpv4(range.first), readIpv4(range.last)];
    if (first !== null && last !== null) {
      addNarrow(first, last);
      continue;
    }
    const [first6, last6] = [ipv6Of(range.first), ipv6Of(range.last)];
    if (first6 === null || last6 === null || first6 > last6) continue;
    if (isMapped(first6) && isMapped(last6)) addNarrow(Number(first6 - MAPPED_PREFIX), Number(last6 - MAPPED_PREFIX));
    else wide.push([first6, last6]);
  }
  new BigUint64Array(words.buffer, 0, count).sort();
  return { v4: mergeNarrow(words.subarray(0, count * 2)), v6: mergeWide(wide) };
}

/** True when `address` (a bare IP address, IPv4 in IPv6 included) lies in one of the ranges. */
export function isInRanges(ranges: PackedRanges, address: string): boolean {
  const narrow = readIpv4(address);
  if (narrow !== null) return hasNarrow(ranges.v4, narrow);
  const wide = ipv6Of(address);
  if (wide === null) return false;
  return isMapped(wide) ? hasNarrow(ranges.v4, Number(wide - MAPPED_PREFIX)) : hasWide(ranges.v6, wide);
}

/**
 * The 32 bits of an IPv4 address in decimal; null for anything else. Leading zeros are how some lists pad the numbers, never
 * a sign of octal. By hand, since lists hold a million of them.
 */
export function readIpv4(text: string): number | null {
  let address = 0;
  let byte = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9 && digits < 3) {
      byte = byte * 10 + digit;
      digits++;
    } else if (digit === -2 && digits > 0 && byte <= 255 && dots < 3) {
      address = address * 256 + byte;
      byte = digits = 0;
      dots++;
    } else {
      return null;
    }
  }
  return dots === 3 && digits > 0 && byte <= 255 ? address * 256 + byte : null;
}

function mergeNarrow(sorted: Uint32Array): Uint32Array {
  let size = 0;
  for (let at = 0; at < sorted.length; at += 2) {
    const first = sorted[at + UPPER] ?? 0;
    const last = sorted[at + 1 - UPPER] ?? 0;
    const before = size > 0 ? (sorted[size - 1] ?? 0) : -2;
    if (first <= before + 1) {
      if (last > before) sorted[size - 1] = last;
    } else {
      sorted[size++] = first;
      sorted[size++] = last;
    }
  }
  const merged = new Uint32Array(new SharedArrayBuffer(size * 4));
  merged.set(sorted.subarray(0, size));
  return merged;
}

function mergeWide(ranges: [bigint, bigint][]): BigUint64Array {
  ranges.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const kept: [bigint, bigint][] = [];
  for (const [first, last] of ranges) {
    const before = kept.at(-1);
    if (before === undefined || first > before[1] + 1n) kept.push([first, last]);
    else if (last > before[1]) before[1] = last;
  }
  const merged = new BigUint64Array(new SharedArrayBuffer(kept.length * 32));
  merged.set(kept.flatMap(([first, last]) => [first >> 64n, first & HALF, last >> 64n, last & HALF]));
  return merged;
}

function hasNarrow(ranges: Uint32Array, address: number): boolean {
  const at = lastIndex(ranges.length / 2, (index) => (ranges[index * 2] ?? 0) <= address);
  return at >= 0 && address <= (ranges[at * 2 + 1] ?? 0);
}

function hasWide(ranges: BigUint64Array, address: bigint): boolean {
  const bound = (at: number): bigint => ((ranges[at] ?? 0n) << 64n) | (ranges[at + 1] ?? 0n);
  const at = lastIndex(ranges.length / 4, (index) => bound(index * 4) <= address);
  return at >= 0 && address <= bound(at * 4 + 2);
}

/** The last index below `count` for which `isBefore` holds, by halving; -1 when there is none. */
function lastIndex(count: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function ipv6Of(text: string): bigint | null {
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null;
  return ipaddr.IPv6.parse(text).parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
}

function isMapped(address: bigint): boolean {
  return address >> 32n === 0xffffn;
}
