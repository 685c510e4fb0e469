// One HTTP exchange with addresses that were chosen before, or through a proxy that chooses them: no redirect, no name lookup.
// Knows axios, nobody else does.

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import axios from 'axios';
import { isIPv6 } from 'node:net';
import { createProxyAgents } from './proxy-agents.js';
import type { ProxyAgents } from './proxy-agents.js';

export interface Hop {
  readonly url: string;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly route: Route;
  /** Compressed answers are asked for and unpacked; else bytes come as they are. */
  readonly isDecompressed: boolean;
  readonly signal: AbortSignal;
}

/** Where the name in `url` leads, as far as this exchange is concerned (at least one address), or the proxy that shall know. */
export type Route = { readonly addresses: readonly string[] } | { readonly proxyUrl: string };

export interface HopAnswer {
  readonly status: number;
  /** Names in lower case; repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Larger headers are an attack or a mistake. */
const MAX_HEADER_BYTES = 32 * 1024;

/** Resolves at the headers, whatever the status. Rejects with axios's errors, which hold the request: translate them. */
export async function requestOnce(hop: Hop): Promise<HopAnswer> {
  const response = await axios.request<Readable>({
    adapter: 'http',
    url: hop.url,
    method: hop.method,
    headers: {
      'user-agent': 'headstart',
      accept: '*/*',
      'accept-encoding': hop.isDecompressed ? 'gzip, deflate, br' : 'identity',
      ...hop.headers,
    },
    ...agentsFor(hop),
    signal: hop.signal,
    responseType: 'stream',
    decompress: hop.isDecompressed,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
  // Without a listener, a connection that breaks before anybody reads would end the process; the reader still sees it.
  response.data.on('error', () => undefined);
  return { status: response.status, headers: flatten(response.headers), body: response.data };
}

function agentsFor({ route, signal }: Hop): ProxyAgents {
  const options = { keepAlive: false, maxHeaderSize: MAX_HEADER_BYTES };
  if ('proxyUrl' in route) return createProxyAgents(route.proxyUrl, signal, options);
  const pinned = { ...options, lookup: pinnedTo(route.addresses) };
  return { httpAgent: new HttpAgent(pinned), httpsAgent: new HttpsAgent(pinned) };
}

function pinnedTo(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, options, done) => {
    const fitting = all.filter(
      ({ family }) => !options.family || options.family === family || options.family === `IPv${family}`,
    );
    const [first] = fitting;
    if (!first) return done(Object.assign(new Error('no address of this family'), { code: 'ENOTFOUND' }), '', 0);
    if (options.all === true) return done(null, fitting);
    return done(null, first.address, first.family);
  };
}

function flatten(headers: object): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value]: [string, unknown]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return Object.fromEntries(entries);
}
