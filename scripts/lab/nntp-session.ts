// One connection to the scripted news server: commands are read as they come, answered in order, each when its delay is over.
// The server's own options and articles are given; nothing here listens.

import type { Socket } from 'node:net';

import { articleHeaders, type LabArticle } from './lab-article.js';
import { spoil, type ArticleAsk, type ArticleFault, type FaultScript } from './nntp-faults.js';
import { PacedWriter } from './paced-writer.js';

/** What a session shares with its server. */
export interface SessionContext {
  /** Of this connection, from 1. */
  readonly number: number;
  readonly articles: ReadonlyMap<string, LabArticle>;
  readonly counts: SessionCounts;
  /** Looked at for every command, so it may change. */
  readonly settings: {
    readonly user?: string;
    readonly password?: string;
    readonly delayMs?: number;
    readonly bytesPerSecond?: number;
    readonly faults?: FaultScript;
    readonly greeting?: (connection: number) => string | null;
  };
}

interface SessionCounts {
  logins: number;
  failedLogins: number;
  bodies: number;
  bytes: number;
  readonly commands: Map<string, number>;
  readonly asked: Map<string, number>;
}

interface Command {
  readonly line: string;
  readonly dueAt: number;
}

/** Longer lines are no commands (RFC 3977 §3.1). */
const MAX_LINE = 512;
const END = Buffer.from('.\r\n');
const articleCodes = { ARTICLE: 220, HEAD: 221, BODY: 222, STAT: 223 } as const;

export class NntpSession {
  readonly #writer: PacedWriter;
  readonly #waiting: Command[] = [];
  #text = '';
  #user = '';
  #isLoggedIn: boolean;
  #isBusy = false;
  #isMute = false;

  constructor(
    private readonly socket: Socket,
    private readonly context: SessionContext,
  ) {
    this.#writer = new PacedWriter(socket, () => context.settings.bytesPerSecond ?? 0);
    this.#isLoggedIn = context.settings.user === undefined;
  }

  /** Fell silent for good. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** Greets and answers until the connection ends. */
  start(): void {
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => this.#hear(chunk));
    const { greeting } = this.context.settings;
    const line = greeting ? greeting(this.context.number) : '200 lab.example ready, posting prohibited';
    if (line === null) this.#isMute = true;
    else this.#take('', line);
  }

  #hear(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      this.#take(this.#text.slice(0, end).trim());
      this.#text = this.#text.slice(end + 1);
    }
    if (this.#text.length > MAX_LINE) this.socket.destroy();
  }

  #take(line: string, answer?: string): void {
    this.#waiting.push({ line: answer ?? line, dueAt: Date.now() + (this.context.settings.delayMs ?? 0) });
    if (!this.#isBusy) void this.#work(answer !== undefined);
  }

  /** Answers what waits, one after the other. */
  async #work(isGreeting: boolean): Promise<void> {
    this.#isBusy = true;
    let greets = isGreeting;
    for (let next = this.#waiting.shift(); next && !this.#isMute; next = this.#waiting.shift()) {
      await this.#writer.until(next.dueAt);
      if (this.socket.destroyed) break;
      if (greets) await this.#say(next.line);
      else await this.#answer(next.line);
      greets = false;
    }
    this.#isBusy = false;
  }

  async #say(line: string): Promise<void> {
    await this.#writer.write([Buffer.from(`${line}\r\n`)]);
  }

  async #answer(line: string): Promise<void> {
    const [name = '', ...rest] = line.split(/\s+/);
    const command = name.toUpperCase();
    const { commands } = this.context.counts;
    commands.set(command, (commands.get(command) ?? 0) + 1);
    switch (command) {
      case 'ARTICLE':
      case 'BODY':
      case 'HEAD':
      case 'STAT':
        return this.#isLoggedIn ? this.#article(command, rest[0] ?? '') : this.#say('480 Authentication required');
      case 'AUTHINFO':
        return this.#say(this.#logIn(rest));
      case 'CAPABILITIES':
        return this.#say('101 Capability list:\r\nVERSION 2\r\nREADER\r\nAUTHINFO USER\r\n.');
      case 'MODE':
        return this.#say('200 Reader mode, posting prohibited');
      case 'DATE':
        return this.#say(`111 ${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`);
      case 'QUIT':
        await this.#say('205 Bye');
        return void this.socket.end();
      default:
        return this.#say('500 What?');
    }
  }

  #logIn([kind = '', value = '']: readonly string[]): string {
    const { counts, settings } = this.context;
    if (kind.toUpperCase() === 'USER') {
      this.#user = value;
      return '381 Password required';
    }
    if (kind.toUpperCase() !== 'PASS') return '501 Syntax error';
    this.#isLoggedIn = this.#user === (settings.user ?? this.#user) && value === (settings.password ?? value);
    if (this.#isLoggedIn) counts.logins += 1;
    else counts.failedLogins += 1;
    return this.#isLoggedIn ? '281 Welcome' : '481 Authentication failed';
  }

  async #article(command: ArticleAsk['command'], id: string): Promise<void> {
    const messageId = id.replace(/^<|>$/g, '');
    const { asked } = this.context.counts;
    const attempt = (asked.get(`${command} ${messageId}`) ?? 0) + 1;
    asked.set(`${command} ${messageId}`, attempt);
    const ask = { messageId, command, connection: this.context.number, attempt };
    const fault = this.context.settings.faults?.(ask) ?? null;
    const article = this.context.articles.get(messageId);
    if (fault?.kind === 'never') this.#isMute = true;
    else if (fault?.kind === 'limit') {
      await this.#say('502 Too many connections for this account');
      this.socket.end();
    } else if (!article || fault?.kind === 'missing') await this.#say('430 No such article');
    else await this.#send(command, article, fault);
  }

  async #send(command: ArticleAsk['command'], article: LabArticle, fault: ArticleFault | null): Promise<void> {
    const line = Buffer.from(`${String(articleCodes[command])} 0 <${article.messageId}>\r\n`);
    if (command === 'STAT') return this.#writer.write([line]);
    const head = command === 'BODY' ? [] : [articleHeaders(article)];
    const separator = command === 'ARTICLE' ? [Buffer.from('\r\n')] : [];
    const body = command === 'HEAD' ? [] : spoil(article.body(), fault);
    const buffers = [...head, ...separator, ...body, END];
    if (fault && 'afterBytes' in fault) return this.#breakOff(line, Buffer.concat(buffers), fault);
    if (fault?.kind === 'trickle') await this.#writer.writeSlowly(Buffer.concat([line, ...buffers]));
    else if (fault?.kind === 'split') await this.#writer.writeSplit(Buffer.concat([line, ...buffers]), fault.at);
    else await this.#writer.write([line, ...buffers]);
    if (this.socket.destroyed || command === 'HEAD') return;
    this.context.counts.bodies += 1;
    this.context.counts.bytes += buffers.reduce((sum, buffer) => sum + buffer.length, line.length);
  }

  async #breakOff(
    line: Buffer,
    answer: Buffer,
    fault: { readonly kind: string; readonly afterBytes: number },
  ): Promise<void> {
    await this.#writer.write([line, answer.subarray(0, fault.afterBytes)]);
    this.#isMute = true;
    if (fault.kind === 'cut') this.socket.destroySoon();
  }
}
