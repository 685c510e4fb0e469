// A news server in a few lines, for tests of single connections and of the pool: answers each command as its script says, in
// order, and counts who is connected.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { NntpProvider } from '../../backend/platform/index.js';
import { articleText } from './article-text.js';

/** A line, or bytes as they are; null: nothing; `HANG_UP`: the end of the connection. */
export type Answer = string | Uint8Array | null | typeof HANG_UP;

export const HANG_UP = Symbol('hang up');

export interface NewsSession {
  /** From 1, in order of connecting. */
  readonly number: number;
  readonly socket: Socket;
  isLoggedIn: boolean;
}

export interface NewsScript {
  /** Default `200`. Null says nothing. */
  readonly greeting?: (session: NewsSession) => Answer;
  /** Whoever connects has to log in with it. */
  readonly password?: string;
  /** Articles by message id. */
  readonly articles?: Readonly<Record<string, Uint8Array>>;
  /** Asked before everything else; undefined: the usual answer. Null: none, for now or ever. */
  readonly answer?: (line: string, session: NewsSession) => Answer | undefined | Promise<Answer | undefined>;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Answers leave in pieces of so many bytes. */
  readonly pieceBytes?: number;
}

export class SmallNewsServer {
  readonly commands: string[] = [];
  readonly sessions: NewsSession[] = [];
  open = 0;
  mostOpen = 0;
  readonly #server: Server;

  private constructor(
    readonly script: NewsScript,
    readonly name: string,
  ) {
    const serve = (socket: Socket): void => this.#serve(socket);
    this.#server = script.tls ? createTlsServer(script.tls, serve) : createServer(serve);
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(script: NewsScript = {}, name = 'one'): Promise<SmallNewsServer> {
    const server = new SmallNewsServer(script, name);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How it stands in the settings. */
  provider(options: Partial<NntpProvider> = {}): NntpProvider {
    const { script, name: id, port } = this;
    const isTls = script.tls !== undefined;
    const account = script.password === undefined ? {} : { user: 'someone', password: script.password };
    const sizes = { connections: 4, depth: 3, priority: 0 };
    const flags = { isBackup: false, isInsecure: false, isTls };
    return { id, host: '127.0.0.1', port, ...account, ...sizes, ...flags, ...options };
  }

  /** How often a command was received that begins so. */
  count(start: string): number {
    return this.commands.filter((line) => line.startsWith(start)).length;
  }

  cutAll(): void {
    for (const { socket } of this.sessions) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cutAll();
    await closed;
  }

  #serve(socket: Socket): void {
    const session: NewsSession = { number: this.sessions.length + 1, socket, isLoggedIn: false };
    this.sessions.push(session);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    socket.on('close', () => (this.open -= 1)).on('error', () => undefined);
    const { greeting } = this.script;
    let work = this.#say(session, greeting ? greeting(session) : '200 ready');
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.commands.push(line);
        work = work.then(async () => this.#say(session, await this.#answer(line, session)));
      }
    });
  }

  async #answer(line: string, session: NewsSession): Promise<Answer> {
    const scripted = await this.script.answer?.(line, session);
    if (scripted !== undefined) return scripted;
    const { password } = this.script;
    if (line === 'QUIT') session.socket.end('205 bye\r\n');
    if (line === 'QUIT') return null;
    if (line.startsWith('AUTHINFO USER')) return '381 go on';
    if (line.startsWith('AUTHINFO PASS')) {
      session.isLoggedIn = line === `AUTHINFO PASS ${password ?? ''}`;
      return session.isLoggedIn ? '281 welcome' : '481 wrong password';
    }
    if (password !== undefined && !session.isLoggedIn) return '480 log in first';
    if (line === 'DATE') return '111 20300101000000';
    if (line === 'MODE READER') return '200 reader';
    return this.#article(line);
  }

  #article(line: string): Answer {
    const [, verb, id] = /^(BODY|STAT) <(.*)>$/.exec(line) ?? [];
    if (verb === undefined || id === undefined) return '500 what?';
    const body = this.script.articles?.[id];
    if (body === undefined) return '430 no such article';
    return verb === 'STAT' ? `223 0 <${id}>` : bodyOf(body, id);
  }

  async #say({ socket }: NewsSession, answer: Answer): Promise<void> {
    if (answer === HANG_UP) return void socket.destroy();
    if (answer === null || socket.destroyed) return;
    const bytes = typeof answer === 'string' ? Buffer.from(`${answer}\r\n`) : answer;
    const size = this.script.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
      await new Promise((resolve) => {
        socket.write(bytes.subarray(at, at + size), resolve);
      });
      if (size < bytes.length) await new Promise(setImmediate);
    }
  }
}

/** The reply to a BODY command, as it stands on the wire. */
export function bodyOf(body: Uint8Array, id = 'any'): Buffer {
  return Buffer.concat([Buffer.from(`222 0 <${id}>\r\n`), body]);
}

/** An article with `sizeBytes` of data that `seed` decides, and that data. */
export function postedArticle(sizeBytes: number, seed = 1): { data: Buffer; body: Buffer } {
  const data = Buffer.alloc(sizeBytes);
  let state = seed * 2654435761;
  for (let at = 0; at < sizeBytes; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[at] = state >>> 24;
  }
  return { data, body: articleText({ data }) };
}
