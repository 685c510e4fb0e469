// The socket under an NNTP connection: plain or TLS, straight or through a SOCKS proxy. Hands every chunk on at once, from one
// buffer that is used again: whoever receives it keeps no part of it. Knows nothing of NNTP.

import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls, createSecureContext, rootCertificates } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { TimeoutError, UpstreamError } from '../../../content/index.js';
import { connectThroughProxy } from '../../../platform/index.js';
import type { Clock } from '../../../platform/index.js';

/** Where a news server listens, and how it is spoken to. */
export interface NntpEndpoint {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** The certificate is not verified. */
  readonly isInsecure: boolean;
  /** Certificates (PEM) to trust beside those of the system. */
  readonly ca?: string;
  readonly proxyUrl?: string;
}

/** Steps of a dial, in their order; through a proxy there is no `dns`. */
export type WireStage = 'dns' | 'connect' | 'tls';

export interface OpenWireOptions {
  /** Called synchronously with a view that is valid only during the call. */
  readonly receive: (bytes: Uint8Array) => void;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onStage?: (stage: WireStage) => void;
}

/** Opens a socket to a news server; `openWire`, or what a test puts in its place. */
export type Connector = (endpoint: NntpEndpoint, options: OpenWireOptions) => Promise<Socket>;

/** Measured: reading all authorities of the system takes 20 ms of the main thread, which each dial would wait for. */
class Authorities {
  /** Certificates beside those of the system, and what became of them. */
  #last: { readonly ca: string; readonly context: SecureContext } | null = null;

  /** A context that believes `ca` and the system; only the last one is kept. */
  contextOf(ca: string): SecureContext {
    if (this.#last?.ca !== ca)
      this.#last = { ca, context: createSecureContext({ ca: [...rootCertificates, ca], minVersion: MIN_TLS }) };
    return this.#last.context;
  }
}

/** `openWire` for many dials to one provider. */
export function createConnector(): Connector {
  const authorities = new Authorities();
  return (endpoint, options) => openWire(endpoint, options, authorities);
}

/** Measured: larger ones gain nothing, `'data'` events with their own buffers cost a third more CPU per byte. */
const READ_BUFFER_BYTES = 64 * 1024;
const MIN_TLS = 'TLSv1.2';

/**
 * An open (and with TLS: verified) socket that belongs to the caller.
 * @throws {UpstreamError} `PROVIDER_UNREACHABLE`; {TimeoutError}; the signal's reason
 */
export async function openWire(
  endpoint: NntpEndpoint,
  options: OpenWireOptions,
  authorities = new Authorities(),
): Promise<Socket> {
  options.signal.throwIfAborted();
  const stop = new AbortController();
  const leave = (): void => stop.abort(options.signal.reason);
  options.signal.addEventListener('abort', leave, { once: true });
  const late = new TimeoutError(`The Usenet provider ${endpoint.host} did not answer in time.`);
  const timer = options.clock.after(options.timeoutMs, () => stop.abort(late));
  try {
    return await dial(endpoint, { ...options, authorities }, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw unreachable(endpoint.host, error);
  } finally {
    timer.cancel();
    options.signal.removeEventListener('abort', leave);
  }
}

type DialOptions = OpenWireOptions & { readonly authorities: Authorities };

async function dial(endpoint: NntpEndpoint, options: DialOptions, signal: AbortSignal): Promise<Socket> {
  const { host, port, proxyUrl } = endpoint;
  if (proxyUrl === undefined) {
    // An address needs no lookup.
    if (isIP(host) !== 0) options.onStage?.('dns');
    return settled(straight(endpoint, options), endpoint, options, signal);
  }
  const tunnel = await connectThroughProxy(proxyUrl, { host, port }, { signal, timeoutMs: options.timeoutMs });
  options.onStage?.('connect');
  // A socket that exists already takes no buffer of ours: its chunks come as events, at some cost.
  const socket = endpoint.isTls ? connectTls({ socket: tunnel, ...tlsOptions(endpoint, options) }) : tunnel;
  socket.on('data', (chunk: Buffer) => options.receive(chunk));
  return endpoint.isTls ? settled(socket, endpoint, options, signal) : socket;
}

function straight(endpoint: NntpEndpoint, options: DialOptions): Socket {
  const { receive } = options;
  const { host, port } = endpoint;
  const buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const onread = {
    buffer,
    callback: (count: number): boolean => {
      receive(buffer.subarray(0, count));
      return true;
    },
  };
  // tls.connect hands `onread` to its socket as net.connect does (Node 20 and later); the types do not know.
  if (endpoint.isTls) return connectTls({ host, port, ...tlsOptions(endpoint, options), onread } as ConnectionOptions);
  return connect({ host, port, onread, noDelay: true });
}

function tlsOptions(endpoint: NntpEndpoint, { authorities }: DialOptions): ConnectionOptions {
  return {
    minVersion: MIN_TLS,
    rejectUnauthorized: !endpoint.isInsecure,
    ...(isIP(endpoint.host) === 0 && { servername: endpoint.host }),
    ...(endpoint.ca !== undefined && { secureContext: authorities.contextOf(endpoint.ca) }),
  };
}

/** The socket once it is usable. */
function settled(
  socket: Socket,
  { isTls }: NntpEndpoint,
  options: OpenWireOptions,
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => fail(signal.reason);
    const fail = (error: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      reject(error);
    };
    const done = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.setNoDelay(true);
      resolve(socket);
    };
    // Between owners nobody listens, and an error without a listener would end the process.
    socket.on('error', fail);
    socket.once('close', () => fail(new Error('closed before it was open')));
    socket.once('lookup', (error: Error | null) => {
      if (error === null) options.onStage?.('dns');
    });
    socket.once('connect', () => {
      options.onStage?.('connect');
      if (!isTls) done();
    });
    socket.once('secureConnect', () => {
      options.onStage?.('tls');
      done();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** What OpenSSL says when the first bytes are no TLS; which one depends on its version. */
const NO_TLS = new Set(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']);
const NO_TLS_HINT = ': no TLS is spoken there; try port 563, or turn TLS off (nntp:// in NNTP_PROVIDERS)';

function unreachable(host: string, cause: unknown): UpstreamError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  const what = /CERT|SIGNATURE|ISSUER|ALTNAME|SELF_SIGNED/.test(code)
    ? `The certificate of the Usenet provider ${host} could not be verified (${code}).`
    : `The Usenet provider ${host} could not be reached${code === '' ? '' : ` (${code})`}${NO_TLS.has(code) ? NO_TLS_HINT : ''}.`;
  return new UpstreamError(what, 'PROVIDER_UNREACHABLE', { cause });
}
