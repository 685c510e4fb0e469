// Which addresses may be reached on somebody else's behalf. Pure: decides on addresses, resolves no names.

import ipaddr from 'ipaddr.js';
import { isIpAddress } from './config-values.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where clouds hand out credentials to whoever asks from inside: never reached, whatever the settings say. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
]);

/** What "private" means when all of it is allowed; the rest (multicast, broadcast, reserved) needs to be named. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'linkLocal',
  'carrierGradeNat',
  'uniqueLocal',
  'deprecatedSiteLocal',
]);

/** All of IPv6 that was given out for public use (RFC 4291 §2.4, IANA registry). */
const GLOBAL_IPV6: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** IPv6 addresses that carry an IPv4 address, with the byte where it begins. */
const CARRIERS: readonly { readonly network: readonly [ipaddr.IPv6, number]; readonly offset: number }[] = [
  { network: [ipaddr.IPv6.parse('::ffff:0:0'), 96], offset: 12 }, // mapped, RFC 4291 §2.5.5.2
  { network: [ipaddr.IPv6.parse('::ffff:0:0:0'), 96], offset: 12 }, // translated, RFC 6145
  { network: [ipaddr.IPv6.parse('64:ff9b::'), 96], offset: 12 }, // NAT64, RFC 6052
  { network: [ipaddr.IPv6.parse('2002::'), 16], offset: 2 }, // 6to4, RFC 3056
];

/** IPv4-compatible addresses (RFC 4291 §2.5.5.1); `::` and `::1` lie in it too and are no carriers. */
const COMPATIBLE_IPV6: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('::'), 96];

/** Decides which IP addresses may be reached for URLs, trackers and peers that users give. */
export class AddressPolicy {
  readonly #allowsPrivate: boolean;
  readonly #networks: readonly (readonly [Address, number])[];

  /** `allowPrivate`: all private addresses, none, or the networks (CIDR form) allowed beside the public ones. */
  constructor(allowPrivate: boolean | readonly string[]) {
    this.#allowsPrivate = allowPrivate === true;
    this.#networks = typeof allowPrivate === 'boolean' ? [] : allowPrivate.map((text) => ipaddr.parseCIDR(text));
  }

  /** True when `ip` may be reached. False for whatever is no IP address in its usual form, zones (`%eth0`) included. */
  allows(ip: string): boolean {
    if (!isIpAddress(ip)) return false;
    const address = ipaddr.parse(ip);
    // An address that carries another one is exactly as dangerous as the one it carries.
    const target = isIpv6(address) ? (carriedIpv4(address) ?? address) : address;
    const range = target.range();
    if (METADATA_ADDRESSES.has(target.toString()) || range === 'unspecified') return false;
    if (range === 'unicast' && (!isIpv6(target) || target.match(...GLOBAL_IPV6))) return true;
    if (this.#allowsPrivate && PRIVATE_RANGES.has(range)) return true;
    return this.#networks.some(([network, bits]) => network.kind() === target.kind() && target.match(network, bits));
  }
}

function isIpv6(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6';
}

function carriedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  const carrier = CARRIERS.find(({ network }) => address.match(...network));
  const range = address.range();
  const isCompatible = address.match(...COMPATIBLE_IPV6) && range !== 'unspecified' && range !== 'loopback';
  if (!carrier && !isCompatible) return null;
  const offset = carrier?.offset ?? 12;
  return new ipaddr.IPv4(address.toByteArray().slice(offset, offset + 4));
}
