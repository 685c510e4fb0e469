// Which trackers, web seeds and peers a torrent may name. Only their form is judged here: whether an address may be
// reached is the guard's business, at the moment of connecting.

import ipaddr from 'ipaddr.js';

/** More trackers than this are ignored; so are more peers and more web seeds. */
export const MAX_ADDRESSES = 200;
const MAX_URL_CHARACTERS = 2_048;

/** The announce URLs among `texts` (http, https, udp), without repetitions, at most 200. */
export function keepTrackers(texts: readonly string[]): string[] {
  return keepUrls(texts, ['http:', 'https:', 'udp:']);
}

/** The web seeds among `texts` (http, https; BEP 19), without repetitions, at most 200. */
export function keepWebSeeds(texts: readonly string[]): string[] {
  return keepUrls(texts, ['http:', 'https:']);
}

/** The peers among `texts` in the form `ip:port` or `[ip6]:port`, without repetitions, at most 200. */
export function keepPeers(texts: readonly string[]): string[] {
  return keep(texts, normalizePeer);
}

function keepUrls(texts: readonly string[], protocols: readonly string[]): string[] {
  return keep(texts, (text) => {
    if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) return null;
    const url = new URL(text);
    const isUsable = protocols.includes(url.protocol) && url.hostname !== '';
    return isUsable && url.href.length <= MAX_URL_CHARACTERS ? url.href : null;
  });
}

function normalizePeer(text: string): string | null {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9.]{7,15})):([0-9]{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) return null;
  const [, ip6, ip4] = match;
  if (ip4 !== undefined) return ipaddr.IPv4.isValidFourPartDecimal(ip4) ? `${ip4}:${port}` : null;
  return ip6 !== undefined && ipaddr.IPv6.isValid(ip6) ? `[${ipaddr.IPv6.parse(ip6).toString()}]:${port}` : null;
}

function keep(texts: readonly string[], normalize: (text: string) => string | null): string[] {
  const kept = new Set<string>();
  for (const text of texts) {
    if (kept.size >= MAX_ADDRESSES) break;
    const normal = normalize(text);
    if (normal !== null) kept.add(normal);
  }
  return [...kept];
}
