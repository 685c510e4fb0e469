// Whose X-Forwarded-* headers are believed, and what they say of the client's address. Pure.

import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { headerText } from './conditions.js';
import { isAddress } from './host.js';

/** The part of a request that addresses are read from. */
export interface AddressedRequest {
  readonly headers: IncomingMessage['headers'];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** True when `address` equals one of the addresses or lies in one of the CIDRs. What cannot be read trusts nobody. */
export function isTrusted(address: string | undefined, trusted: readonly string[]): boolean {
  if (address === undefined || trusted.length === 0 || !isAddress(address)) return false;
  const parsed = ipaddr.process(address);
  return trusted.some((entry) => covers(entry, parsed));
}

/**
 * The client's address: the socket's, or, through trusted proxies, the last in X-Forwarded-For that is not itself a
 * trusted proxy. Empty when the socket has none any more.
 */
export function clientAddress(req: AddressedRequest, trusted: readonly string[]): string {
  const direct = req.socket.remoteAddress;
  if (!isTrusted(direct, trusted)) return plainAddress(direct);
  const hops = (headerText(req.headers, 'x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  let client = direct;
  for (const hop of hops.reverse()) {
    if (!isAddress(hop)) break;
    client = hop;
    if (!isTrusted(hop, trusted)) break;
  }
  return plainAddress(client);
}

/** IPv4 inside IPv6 is shown as IPv4. */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return '';
  return isAddress(address) ? ipaddr.process(address).toString() : address;
}

function covers(entry: string, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const range = parseEntry(entry);
  return range !== null && range[0].kind() === address.kind() && address.match(range);
}

function parseEntry(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | null {
  if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
  if (!isAddress(entry)) return null;
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
