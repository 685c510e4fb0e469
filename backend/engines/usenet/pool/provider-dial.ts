// From a provider's settings to a connection that is logged in. Counts nothing: whoever dials counts.

import { readFile } from 'node:fs/promises';
import { HeadstartError, InputError, TimeoutError, UpstreamError } from '../../../content/index.js';
import type { Clock, NntpProvider } from '../../../platform/index.js';
import type { Reply } from '../nntp/codec.js';
import type { SentCommand } from '../nntp/command.js';
import { NntpConnection } from '../nntp/connection.js';
import { awaitGreeting, logIn } from '../nntp/login.js';
import type { Connector, NntpEndpoint, WireStage } from '../nntp/wire.js';

/** Steps of a dial as they are done; `greeting` and `login` follow those of the wire. */
export type DialStage = WireStage | 'greeting' | 'login';

export interface DialOptions {
  readonly provider: NntpProvider;
  readonly connect: Connector;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly isReaderModeWanted: boolean;
  readonly onChange: () => void;
  readonly giveSlot: (slot: Uint8Array) => void;
  /** The connection as soon as there is one to wait for, logged in or not. */
  readonly onBegin?: (connection: NntpConnection) => void;
  readonly onStage?: (stage: DialStage) => void;
}

/** Name lookup, TCP and TLS together. */
const CONNECT_MS = 8000;
/** From the open wire to the server's first line. */
const GREETING_MS = 5000;
const TIMEOUTS = { firstByteMs: 12_000, stallMs: 8000, totalMs: 60_000 };

/**
 * A connection that is logged in; it belongs to the caller.
 * @throws {UpstreamError} with the provider's fault; {TimeoutError}; the signal's reason
 */
export async function dialProvider(options: DialOptions): Promise<NntpConnection> {
  const { provider, clock, onChange, giveSlot, signal, onStage } = options;
  const { host } = provider;
  const connection = new NntpConnection({ host, clock, timeouts: TIMEOUTS, onChange, giveSlot });
  options.onBegin?.(connection);
  const leave = (): void => connection.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    const greeting = connection.greeting();
    const endpoint = await endpointOf(provider);
    const wire = { receive: connection.receive, signal, clock, timeoutMs: CONNECT_MS };
    connection.attach(await options.connect(endpoint, { ...wire, ...(onStage && { onStage }) }));
    const reply = await greeted(connection, greeting, options);
    onStage?.('greeting');
    await logIn(connection, reply, { ...provider, isReaderModeWanted: options.isReaderModeWanted });
    onStage?.('login');
    return connection;
  } catch (error) {
    const fault = asFault(host, error);
    connection.close(fault instanceof HeadstartError ? fault : undefined);
    throw signal.aborted ? signal.reason : fault;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function greeted(
  connection: NntpConnection,
  greeting: SentCommand,
  { provider, clock }: DialOptions,
): Promise<Reply> {
  const late = clock.after(GREETING_MS, () =>
    connection.close(new TimeoutError(`The Usenet provider ${provider.host} did not greet.`)),
  );
  try {
    return await awaitGreeting(greeting, provider);
  } finally {
    late.cancel();
  }
}

/** Settings that cannot be used are the account's fault, not the article's. */
function asFault(host: string, error: unknown): unknown {
  if (!(error instanceof InputError)) return error;
  return new UpstreamError(
    `The account on the Usenet provider ${host} cannot be used: ${error.message}`,
    'PROVIDER_AUTH',
  );
}

async function endpointOf(provider: NntpProvider): Promise<NntpEndpoint> {
  const { host, port, isTls, isInsecure, caFile, proxyUrl } = provider;
  const endpoint = { host, port, isTls, isInsecure, ...(proxyUrl !== undefined && { proxyUrl }) };
  if (caFile === undefined) return endpoint;
  try {
    return { ...endpoint, ca: await readFile(caFile, 'utf8') };
  } catch (cause) {
    throw new UpstreamError(`The certificate file for ${host} cannot be read.`, 'PROVIDER_UNREACHABLE', { cause });
  }
}
