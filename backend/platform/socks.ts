// Connections through a SOCKS5 proxy (RFC 1928, RFC 1929). The proxy looks names up, nobody here does. Knows no policy: what
// may be reached was decided before.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { InputError, UpstreamError } from '../content/index.js';
import { Deadline } from './deadline.js';

export interface ProxyTarget {
  /** Name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface ProxyConnectOptions {
  readonly signal?: AbortSignal;
  /** Until the far end is connected; default 10 s. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A longer name does not fit into the request (RFC 1928 §4), nor into DNS. */
const MAX_NAME_CHARACTERS = 253;
/** RFC 1929 §2. */
const MAX_CREDENTIAL_BYTES = 255;

/**
 * A connection to `target` by way of `proxyUrl` (`socks5://[user:password@]host:port`). The caller owns it; bytes flow from
 * the next turn of the event loop on. Errors say nothing of the proxy but its host's name.
 * @throws {UpstreamError} code `PROXY` when the proxy cannot be reached or refuses; {TimeoutError}; the signal's reason
 */
export async function connectThroughProxy(
  proxyUrl: string,
  target: ProxyTarget,
  options: ProxyConnectOptions = {},
): Promise<Socket> {
  if (target.host.length > MAX_NAME_CHARACTERS) throw new InputError('The name of the host is too long.');
  options.signal?.throwIfAborted();
  const proxy = new URL(proxyUrl);
  const host = proxy.hostname.replace(/^\[(.*)\]$/, '$1');
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const deadline = new Deadline(timeoutMs, `The proxy ${host} did not connect in time.`, options.signal);
  const socket = connect({ host, port: Number(proxy.port || 1080) });
  // Between owners nobody listens, and an error without a listener would end the process.
  socket.on('error', () => undefined);
  const stop = (): void => void socket.destroy();
  deadline.signal.addEventListener('abort', stop, { once: true });
  try {
    await once(socket, 'connect', { signal: deadline.signal });
    await SocksClient.createConnection({
      proxy: { host, port: Number(proxy.port || 1080), type: 5, ...credentialsOf(proxy) },
      command: 'connect',
      destination: target,
      existing_socket: socket,
      timeout: timeoutMs,
    });
    return socket;
  } catch (error) {
    socket.destroy();
    if (deadline.signal.aborted) throw deadline.signal.reason;
    // The library's error holds the proxy's password.
    const { message } = error as { message?: unknown };
    const cause = new Error(typeof message === 'string' ? message : 'unknown failure');
    throw new UpstreamError(`The proxy ${host} could not be reached or did not connect.`, 'PROXY', { cause });
  } finally {
    deadline.signal.removeEventListener('abort', stop);
    deadline.release();
  }
}

function credentialsOf({ username, password }: URL): { readonly userId?: string; readonly password?: string } {
  if (username === '' && password === '') return {};
  const credentials = { userId: decodeURIComponent(username), password: decodeURIComponent(password) };
  if (Object.values(credentials).some((text) => Buffer.byteLength(text) > MAX_CREDENTIAL_BYTES))
    throw new InputError('The user or the password is too long.');
  return credentials;
}
