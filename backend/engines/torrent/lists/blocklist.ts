// Lists of addresses that are no peers of ours, in the forms the web publishes: PeerGuardian (P2P), eMule's DAT, CIDR and
// plain addresses, mixed as they come. Pure: text in, ranges out.

import ipaddr from 'ipaddr.js';
import { readIpv4 } from '../address-ranges.js';
import type { BlockedRange } from '../address-ranges.js';

export interface Blocklist {
  /** Inclusive, in the order of the list; not merged. */
  readonly ranges: readonly BlockedRange[];
  /** Lines that are neither a range nor empty nor a comment. */
  readonly malformedLines: number;
}

/** Ranges beyond this many are not taken. */
export const MAX_BLOCKED_RANGES = 1_000_000;
const MAX_LINE_CHARACTERS = 1_024;
/** eMule lets through what has this level or a higher one. */
const ALLOWED_LEVEL = 128;

/** `first - last`, then eMule's `, level , name`. */
const RANGE = /^([0-9a-f.:]{2,45})\s*-\s*([0-9a-f.:]{2,45})\s*(?:,\s*(\d{1,5})\s*(?:,.*)?)?$/i;
/** PeerGuardian's `name:first-last`, taken from its end, since names may hold anything. */
const NAMED_RANGE = /:\s*([0-9.]{7,15})\s*-\s*([0-9.]{7,15})$/;
const NETWORK = /^([0-9a-f.:]{2,45})(?:\/(\d{1,3}))?$/i;

/** Reads a list; at most `limit` ranges of it. Never throws; time and memory are proportional to the text. */
export function parseBlocklist(text: string, limit = MAX_BLOCKED_RANGES): Blocklist {
  const ranges: BlockedRange[] = [];
  let malformedLines = 0;
  for (let start = 0; start < text.length && ranges.length < limit;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const parsed = end - start > MAX_LINE_CHARACTERS ? 'malformed' : parseLine(text.slice(start, end).trim());
    if (parsed === 'malformed') malformedLines++;
    else if (parsed !== 'nothing') ranges.push(parsed);
    start = end + 1;
  }
  return { ranges, malformedLines };
}

function parseLine(line: string): BlockedRange | 'nothing' | 'malformed' {
  if (line === '' || /^(?:#|;|\/\/)/.test(line)) return 'nothing';
  const range = RANGE.exec(line);
  const blocked = range === null ? null : rangeOf(range[1] ?? '', range[2] ?? '');
  if (blocked !== null) return Number(range?.[3] ?? 0) < ALLOWED_LEVEL ? blocked : 'nothing';
  const named = NAMED_RANGE.exec(line); // also what looked like IPv6: a name of hexadecimal letters
  if (named !== null) return rangeOf(named[1] ?? '', named[2] ?? '') ?? 'malformed';
  const network = NETWORK.exec(line.replace(/\s*[#;].*/, ''));
  return network === null ? 'malformed' : (networkOf(network[1] ?? '', network[2]) ?? 'malformed');
}

function rangeOf(firstText: string, lastText: string): BlockedRange | null {
  const [first, last] = [readIpv4(firstText), readIpv4(lastText)];
  if (first !== null && last !== null)
    return first > last ? null : { first: formatIpv4(first), last: formatIpv4(last) };
  const [first6, last6] = [ipv6Of(firstText), ipv6Of(lastText)];
  if (first6 === null || last6 === null || !isInOrder(first6.parts, last6.parts)) return null;
  return { first: first6.toString(), last: last6.toString() };
}

function networkOf(text: string, bitsText: string | undefined): BlockedRange | null {
  const bits = bitsText === undefined ? null : Number(bitsText);
  const address = readIpv4(text);
  if (address !== null) {
    if (bits !== null && bits > 32) return null;
    const size = 2 ** (32 - (bits ?? 32));
    const first = address - (address % size);
    return { first: formatIpv4(first), last: formatIpv4(first + size - 1) };
  }
  const address6 = ipv6Of(text);
  if (address6 === null || (bits ?? 128) > 128) return null;
  const network = `${address6.toString()}/${bits ?? 128}`;
  return {
    first: ipaddr.IPv6.networkAddressFromCIDR(network).toString(),
    last: ipaddr.IPv6.broadcastAddressFromCIDR(network).toString(),
  };
}

function ipv6Of(text: string): ipaddr.IPv6 | null {
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function isInOrder(first: readonly number[], last: readonly number[]): boolean {
  const index = first.findIndex((part, at) => part !== last[at]);
  return index < 0 || (first[index] ?? 0) < (last[index] ?? 0);
}
