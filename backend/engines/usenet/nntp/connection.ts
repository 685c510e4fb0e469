// One connection to a news server: commands go out as they are asked for, answers are taken in their order, bodies are decoded
// straight out of the socket's buffer. Knows neither providers nor urgency. It never sends GROUP: articles are asked for by
// message id. Whoever uses it bounds how many commands are under way; each costs its closure here, its slot once its body begins.

import type { Socket } from 'node:net';
import { ClosedError, HeadstartError, ProtocolError, TimeoutError, UpstreamError } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { ArticleDecoder } from '../yenc/article-decoder.js';
import { BodySkipper, LineReader, formatArticleCommand, parseReply } from './codec.js';
import type { Reply } from './codec.js';
import { CommandWatch } from './command-watch.js';
import type { CommandTimeouts } from './command-watch.js';
import { Command } from './command.js';
import type { DecoderFactory, Outcome, SentCommand } from './command.js';

export interface NntpConnectionOptions {
  readonly host: string;
  readonly clock: Clock;
  readonly timeouts: CommandTimeouts;
  /** After each command's end, cancelled ones too, and once when the connection is lost. */
  readonly onChange: () => void;
  /** Gives back the buffer of an article that nobody took. */
  readonly giveSlot: (slot: Uint8Array) => void;
}

const BODY_FOLLOWS = 222;

export class NntpConnection {
  readonly #options: NntpConnectionOptions;
  readonly #line = new LineReader();
  readonly #queue: Command[] = [];
  readonly #watch: CommandWatch;
  #socket: Socket | null = null;
  #body: ArticleDecoder | BodySkipper | null = null;
  #lost: HeadstartError | null = null;
  #goodbye: Reply | null = null;
  #bytesReceived = 0;
  #live = 0;
  #isCut = false;
  #settleGone: () => void = () => undefined;
  /** Once the socket is gone, whoever closed it. */
  readonly gone: Promise<void>;

  constructor(options: NntpConnectionOptions) {
    this.#options = options;
    const { clock, timeouts, host } = options;
    const onLate = (): void => this.close(new TimeoutError(`The Usenet provider ${host} stopped answering.`));
    this.#watch = new CommandWatch({ clock, timeouts, onLate });
    this.gone = new Promise((resolve) => {
      this.#settleGone = resolve;
    });
  }

  /** What ended it; null while it can be used. */
  get lost(): HeadstartError | null {
    return this.#lost;
  }

  /** Commands whose answers are still wanted. */
  get live(): number {
    return this.#live;
  }

  /** Articles still to come: those that are wanted, and all of them. Proportional to the commands under way. */
  get bodies(): { readonly live: number; readonly pending: number } {
    let [live, pending] = [0, 0];
    for (const { createDecoder, isCancelled } of this.#queue) {
      if (createDecoder === null) continue;
      pending += 1;
      if (!isCancelled) live += 1;
    }
    return { live, pending };
  }

  /** Commands whose answers are still to come, wanted or not. */
  get pending(): number {
    return this.#queue.length;
  }

  /** How long the command whose turn it is has waited for its next byte. */
  get quietMs(): number {
    return this.#watch.quietMs;
  }

  /** About how many bytes must still be passed over for commands that nobody wants. */
  get unwantedBytes(): number {
    return this.#queue.reduce((sum, command) => sum + (command.isCancelled ? command.sizeHint : 0), 0);
  }

  /** Everything that came over the wire, for quotas and meters. */
  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  /** We ended it without a goodbye: the server may count it a moment longer. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Takes the chunks of the socket; may be called before `attach`, because a greeting may be faster than a promise. */
  readonly receive = (bytes: Uint8Array): void => {
    this.#bytesReceived += bytes.length;
    if (this.#lost !== null) return;
    this.#watch.bytesCame(bytes.length);
    try {
      this.#take(bytes);
    } catch (error) {
      this.close(asRudeness(error));
    }
  };

  /** Gives it the socket, which it owns from now on. */
  attach(socket: Socket): void {
    this.#socket = socket;
    const { host } = this.#options;
    const end = (cause?: unknown): void => {
      const said = this.#goodbye === null ? '' : ` It said: ${this.#goodbye.code}`;
      this.close(
        new UpstreamError(`The Usenet provider ${host} ended the connection.${said}`, 'PROVIDER_UNREACHABLE', {
          cause,
        }),
      );
    };
    socket.on('error', end);
    socket.once('end', () => end());
    socket.once('close', () => {
      end();
      this.#settleGone();
    });
    if (this.#lost !== null) this.#cut(socket);
    if (socket.destroyed) end();
  }

  /** Waits for the line that a server speaks first. Called once, before anything else. */
  greeting(): SentCommand {
    return this.#expect(new Command({ createDecoder: null, sizeHint: 0, onCancel: this.#cancelled }));
  }

  /** Sends a whole line, CRLF included, that is answered with a line alone. */
  ask(line: string): SentCommand {
    return this.#send(line, null, 0);
  }

  /** Whether an article is here: 223 or a refusal. @throws {InputError} for an id that cannot be sent */
  stat(messageId: string): SentCommand {
    return this.#send(formatArticleCommand('STAT', messageId), null, 0);
  }

  /** The decoded article, or the reply of a server that does not give it. @throws {InputError} for an id that cannot be sent */
  body(messageId: string, options: { createDecoder: DecoderFactory; sizeHint: number }): SentCommand {
    return this.#send(formatArticleCommand('BODY', messageId), options.createDecoder, options.sizeHint);
  }

  /** Ends it now; whatever is under way is lost. Idempotent. */
  close(reason: HeadstartError = new ClosedError()): void {
    this.#end(reason, !(reason instanceof ClosedError));
  }

  #end(reason: HeadstartError, hasCulprit: boolean): void {
    if (this.#lost !== null) return;
    this.#lost = reason;
    this.#watch.stop();
    this.#dropBody();
    const left = this.#queue.splice(0);
    this.#live = 0;
    left.forEach((command, position) =>
      command.settle({ kind: 'lost', error: reason, isCulprit: hasCulprit && position === 0 }),
    );
    if (this.#socket === null) this.#settleGone();
    else if (reason instanceof ClosedError) this.#leave(this.#socket, left.length);
    else this.#cut(this.#socket);
    this.#options.onChange();
  }

  /** An idle connection says goodbye, so that the server counts it out at once; a busy one is cut. */
  #leave(socket: Socket, unanswered: number): void {
    if (unanswered > 0) return this.#cut(socket);
    socket.end('QUIT\r\n');
    const timer = this.#options.clock.after(GOODBYE_MS, () => this.#cut(socket));
    void this.gone.then(() => timer.cancel());
  }

  #cut(socket: Socket): void {
    this.#isCut = !socket.readableEnded;
    socket.destroy();
  }

  #send(line: string, createDecoder: DecoderFactory | null, sizeHint: number): SentCommand {
    const command = new Command({ createDecoder, sizeHint, onCancel: this.#cancelled });
    if (this.#lost !== null) command.settle({ kind: 'lost', error: this.#lost, isCulprit: false });
    else {
      this.#expect(command);
      this.#socket?.write(line);
    }
    return command;
  }

  #expect(command: Command): SentCommand {
    this.#queue.push(command);
    this.#live += 1;
    if (this.#queue.length === 1) this.#watch.begin(command.isCancelled);
    return command;
  }

  readonly #cancelled = (): void => {
    if (this.#lost !== null) return;
    this.#live -= 1;
    if (this.#queue[0]?.isCancelled === true) this.#watch.hurry();
  };

  #take(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0 && this.#lost === null) {
      const taken = this.#body === null ? this.#takeLine(rest) : this.#takeBody(this.#body, rest);
      if (taken === rest.length) return;
      rest = rest.subarray(taken);
    }
  }

  #takeLine(bytes: Uint8Array): number {
    const taken = this.#line.push(bytes);
    if (this.#line.line === null) return taken;
    const reply = parseReply(this.#line.line);
    const command = this.#queue[0];
    // RFC 3977 §3.1: unasked, a server only says why it is about to close.
    if (command === undefined) this.#goodbye = reply;
    else if (reply.code === BODY_FOLLOWS && command.createDecoder !== null)
      this.#body = command.isCancelled ? new BodySkipper() : command.createDecoder();
    else this.#finish({ kind: 'reply', reply });
    return taken;
  }

  #takeBody(body: ArticleDecoder | BodySkipper, bytes: Uint8Array): number {
    const taken = body.push(bytes);
    if (!body.isDone && !body.isEndless) return bytes.length;
    this.#body = null;
    const outcome: Outcome = body instanceof BodySkipper ? { kind: 'reply', reply: UNWANTED } : this.#decoded(body);
    if (body.isDone) this.#finish(outcome);
    else this.#cutOff(outcome);
    return taken;
  }

  /** An article without end is a bad one; those behind it would never come. */
  #cutOff(outcome: Outcome): void {
    const command = this.#queue.shift();
    if (command?.isCancelled === false) command.settle(outcome);
    this.#end(new ProtocolError('An article of the news server does not end.'), false);
  }

  #decoded(decoder: ArticleDecoder): Outcome {
    try {
      if (this.#queue[0]?.isCancelled !== true) return { kind: 'article', article: decoder.finish() };
      this.#giveSlotOf(decoder);
      return { kind: 'reply', reply: UNWANTED };
    } catch (error) {
      this.#giveSlotOf(decoder);
      return { kind: 'bad', error: asRudeness(error) };
    }
  }

  #finish(outcome: Outcome): void {
    const command = this.#queue.shift();
    if (command?.isCancelled === false) {
      this.#live -= 1;
      command.settle(outcome);
    }
    const [next] = this.#queue;
    if (next) this.#watch.begin(next.isCancelled);
    else this.#watch.rest();
    this.#options.onChange();
  }

  #giveSlotOf(decoder: ArticleDecoder): void {
    if (decoder.slot !== null) this.#options.giveSlot(decoder.slot);
  }

  #dropBody(): void {
    if (this.#body !== null && !(this.#body instanceof BodySkipper)) this.#giveSlotOf(this.#body);
    this.#body = null;
  }
}

/** How long a server has to hang up after QUIT. */
const GOODBYE_MS = 500;

/** Stands for an answer that nobody reads. */
const UNWANTED: Reply = { code: 0, text: '' };

function asRudeness(error: unknown): HeadstartError {
  if (error instanceof HeadstartError) return error;
  return new ProtocolError('An answer of the news server could not be read.', { cause: error });
}
