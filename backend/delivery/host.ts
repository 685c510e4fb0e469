// Host names as they come in headers: what is well formed, what is this machine. Pure.

import ipaddr from 'ipaddr.js';

/** A checked authority: `name` without brackets and port, `text` as it may stand in a URL. */
export interface Authority {
  readonly name: string;
  readonly text: string;
}

const LABELS = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i;
const MAX_NAME_LENGTH = 253;

/** Reads `name`, `name:port`, `1.2.3.4:port` or `[::1]:port`; null for anything that could mean more than that in a URL. */
export function parseAuthority(text: string): Authority | null {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([^[\]:/?#@\\\s]{1,254}))(?::(\d{1,5}))?$/i.exec(text);
  if (match === null) return null;
  const [, v6, name, port] = match;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null;
  const isFine = v6 === undefined ? isHostName(name ?? '') : ipaddr.IPv6.isValid(v6);
  return isFine ? { name: v6 ?? name ?? '', text } : null;
}

/** True for `localhost`, names under it, and loopback addresses. */
export function isLoopbackName(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, '');
  if (plain === 'localhost' || plain.endsWith('.localhost')) return true;
  return isAddress(plain) && ipaddr.process(plain).range() === 'loopback';
}

/** True for a dotted IPv4 or any IPv6 address, and not for the shorthand forms (`127.1`). */
export function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function isHostName(name: string): boolean {
  if (name.length > MAX_NAME_LENGTH || !LABELS.test(name)) return false;
  const looksNumeric = /^[\d.]+$/.test(name);
  return !looksNumeric || ipaddr.IPv4.isValidFourPartDecimal(name);
}
