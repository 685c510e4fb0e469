// The origin a caller used, which every URL handed out begins with. Headers from strangers are checked, not believed.

import type { IncomingMessage } from 'node:http';
import { headerText } from './conditions.js';
import { parseAuthority } from './host.js';
import { isTrusted } from './trusted-proxies.js';

/** The part of a request that its origin is read from. */
export interface OriginRequest {
  readonly headers: IncomingMessage['headers'];
  readonly socket: {
    readonly remoteAddress?: string | undefined;
    readonly localAddress?: string | undefined;
    readonly localPort?: number | undefined;
    readonly encrypted?: boolean | undefined;
  };
}

export interface OriginOptions {
  /** Overrides everything. */
  readonly baseUrl?: string | undefined;
  /** Addresses or CIDRs whose X-Forwarded-Proto, -Host and -Prefix are believed. */
  readonly trustedProxies: readonly string[];
}

/**
 * Scheme, host and path prefix, without a slash at the end. A Host that is missing or could not stand in a URL is replaced
 * by the address the connection came in at. Never throws.
 */
export function requestOrigin(req: OriginRequest, o: OriginOptions): string {
  if (o.baseUrl !== undefined && o.baseUrl !== '') return o.baseUrl.replace(/\/+$/, '');
  const forwarded = isTrusted(req.socket.remoteAddress, o.trustedProxies) ? readForwarded(req) : {};
  const scheme = forwarded.scheme ?? (req.socket.encrypted === true ? 'https' : 'http');
  const host = forwarded.host ?? checkedHost(headerText(req.headers, 'host')) ?? localHost(req);
  return `${scheme}://${host}${forwarded.prefix ?? ''}`;
}

/**
 * The path in front of the server's own paths, as the caller called it, without a slash at the end: a trusted proxy's word,
 * or else the path of `baseUrl` when its host was called. Empty for who calls the server directly. Never throws.
 */
export function requestPrefix(req: OriginRequest, o: OriginOptions): string {
  const forwarded = isTrusted(req.socket.remoteAddress, o.trustedProxies) ? readForwarded(req) : {};
  if (forwarded.prefix !== undefined) return forwarded.prefix;
  if (o.baseUrl === undefined || !URL.canParse(o.baseUrl)) return '';
  const base = new URL(o.baseUrl);
  const called = `${base.protocol}//${forwarded.host ?? checkedHost(headerText(req.headers, 'host')) ?? ''}`;
  // Compared as URLs, in which capitals and a port that goes without saying make no difference.
  const isCalled = URL.canParse(called) && new URL(called).host === base.host;
  return isCalled ? base.pathname.replace(/\/+$/, '') : '';
}

function readForwarded(req: OriginRequest): { scheme?: string; host?: string; prefix?: string } {
  const scheme = firstOf(req, 'x-forwarded-proto')?.toLowerCase();
  const host = checkedHost(firstOf(req, 'x-forwarded-host'));
  const prefix = checkedPrefix(firstOf(req, 'x-forwarded-prefix'));
  return {
    ...(scheme === 'http' || scheme === 'https' ? { scheme } : {}),
    ...(host === undefined ? {} : { host }),
    ...(prefix === undefined ? {} : { prefix }),
  };
}

/** Proxies append: the first entry is what the client used. */
function firstOf(req: OriginRequest, name: string): string | undefined {
  return headerText(req.headers, name)?.split(',', 1)[0]?.trim();
}

function checkedHost(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseAuthority(text)?.text;
}

function checkedPrefix(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 1024 || !/^(?:\/(?:[\w.~!$&()*+;=:@-]|%[0-9a-f]{2})+)+\/?$/i.test(text))
    return undefined;
  const hasDots = text.split('/').some((part) => part === '.' || part === '..');
  return hasDots ? undefined : text.replace(/\/$/, '');
}

function localHost({ socket }: OriginRequest): string {
  const address = (socket.localAddress ?? '127.0.0.1').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const name = address.includes(':') ? `[${address}]` : address;
  return socket.localPort === undefined ? name : `${name}:${socket.localPort}`;
}
