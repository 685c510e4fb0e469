// How a connection begins: greeting, reader mode, user and password (RFC 3977 §5.1, §5.3; RFC 4643 §2.3). Passwords go onto the
// wire and nowhere else.

import { HeadstartError } from '../../../content/index.js';
import { formatLogin } from './codec.js';
import type { Reply } from './codec.js';
import type { SentCommand } from './command.js';
import type { NntpConnection } from './connection.js';
import { isUnknownCommand, refusalError, wantsModeReader } from './refusal.js';
import type { Account } from './refusal.js';

export interface LoginOptions extends Account {
  /** The server said before that it wants `MODE READER`. */
  readonly isReaderModeWanted?: boolean;
}

/**
 * Reads the greeting. Asked for before the socket is opened; the reply is the greeting of a server that lets readers in.
 * @throws {UpstreamError} as the server refuses; {HeadstartError} when the connection is lost
 */
export async function awaitGreeting(greeting: SentCommand, account: Account): Promise<Reply> {
  const reply = await replyTo(greeting);
  if (reply.code !== 200 && reply.code !== 201) throw refusalError(account, reply, 'greeting');
  return reply;
}

/**
 * Reader mode where it is wanted, then user and password where there are any.
 * @throws {UpstreamError} `PROVIDER_AUTH`, `PROVIDER_LIMIT`; {InputError} for credentials that cannot be sent
 */
export async function logIn(connection: NntpConnection, greeting: Reply, options: LoginOptions): Promise<void> {
  const isTransit = /transit|mode reader/i.test(greeting.text) || options.isReaderModeWanted === true;
  if (isTransit) await enterReaderMode(connection);
  const reply = await authenticate(connection, options);
  if (reply === null || reply.code === 281) return;
  if (!isTransit && (wantsModeReader(reply) || isUnknownCommand(reply))) {
    await enterReaderMode(connection);
    const second = await authenticate(connection, options);
    if (second === null || second.code === 281) return;
    throw refusalError(options, second, 'login');
  }
  throw refusalError(options, reply, 'login');
}

/** Servers that know no such mode are readers already; one that wants a login first gets it next. */
async function enterReaderMode(connection: NntpConnection): Promise<void> {
  await replyTo(connection.ask('MODE READER\r\n'));
}

/** The last reply of a login; null when there is nobody to log in. */
async function authenticate(connection: NntpConnection, { user, password }: LoginOptions): Promise<Reply | null> {
  if (user === undefined || user === '') return null;
  const reply = await replyTo(connection.ask(formatLogin('USER', user)));
  if (reply.code !== 381 || password === undefined || password === '') return reply;
  return replyTo(connection.ask(formatLogin('PASS', password)));
}

async function replyTo(command: SentCommand): Promise<Reply> {
  const outcome = await command.outcome;
  if (outcome.kind === 'reply') return outcome.reply;
  if (outcome.kind === 'article') throw new HeadstartError('An article instead of a line.', 'PROTOCOL');
  throw outcome.error;
}
