// Answers every request for a media file's bytes, whatever route found the file. Knows no engine and no dialect.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeadstartError, RangeNotSatisfiableError, UnplayableError } from '../content/index.js';
import type { MediaFile } from '../content/index.js';
import type { Clock, Logger } from '../platform/index.js';
import { BodySender } from './body-sender.js';
import { answerPreflight, setCorsHeaders } from './byte-cors.js';
import { httpStatusOf, isAbort, publicErrorOf } from './error-table.js';
import type { PublicError } from './error-table.js';
import { Interruption } from './interruption.js';
import { setMediaHeaders, validatorsOf } from './media-headers.js';
import { mediaTypeOf } from './media-type.js';
import { decideReply } from './reply.js';
import type { Reply } from './reply.js';
import { refuseCondition, refuseMethod, sendError } from './send-error.js';
import type { ErrorBody } from './send-error.js';
import { StreamSessions } from './stream-sessions.js';
import type { SessionInfo, StreamSession } from './stream-sessions.js';
import { clientAddress } from './trusted-proxies.js';

export interface DeliveryOptions {
  /** No byte from upstream for this long ends a response. */
  readonly stallTimeoutMs: number;
  readonly log: Logger;
  readonly clock: Clock;
  /** Whose X-Forwarded-For is believed in the session list. */
  readonly trustedProxies?: readonly string[];
}

export interface DeliverOptions {
  /** Default true: the answer is then `private, no-store`. */
  readonly isSecretUrl?: boolean;
  /** Ends the response from outside; before the first byte its reason is answered like any error. */
  readonly signal?: AbortSignal;
  /** Shape of errors where the dialect has its own. */
  readonly errorBody?: ErrorBody;
}

/** One response in hand. */
interface Exchange {
  readonly res: ServerResponse;
  readonly file: MediaFile;
  readonly options: DeliverOptions;
}

type Body = Extract<Reply, { kind: 'body' }>;

/** The only code that answers bytes. */
export class Delivery {
  readonly #sessions: StreamSessions;

  constructor(private readonly o: DeliveryOptions) {
    this.#sessions = new StreamSessions(o.clock);
  }

  /**
   * Answers `GET`, `HEAD` and `OPTIONS` for `file` and resolves when the answer is over, however it ended; never rejects.
   * An error before the first byte becomes a status with JSON; after it, the socket is destroyed.
   */
  async deliver(
    req: IncomingMessage,
    res: ServerResponse,
    file: MediaFile,
    options: DeliverOptions = {},
  ): Promise<void> {
    setCorsHeaders(res);
    if (req.method === 'OPTIONS') return answerPreflight(res);
    if (req.method !== 'GET' && req.method !== 'HEAD') return refuseMethod(res);
    const exchange: Exchange = { res, file, options };
    const mediaType = mediaTypeOf(file.name);
    const reply = decideReply(req.headers, { sizeBytes: file.sizeBytes, mediaType, validators: validatorsOf(file) });
    if (reply.kind !== 'body') return answerWithoutBody(exchange, reply.kind);
    if (req.method === 'GET' && reply.layout.lengthBytes > 0) return this.#stream(exchange, reply);
    setHead(exchange, reply);
    res.end();
  }

  /** Running responses, and recent ones that failed. */
  sessions(): SessionInfo[] {
    return this.#sessions.list();
  }

  /** Cuts a running response; false when there is none of that id. */
  end(id: string): boolean {
    return this.#sessions.end(id);
  }

  async #stream(exchange: Exchange, reply: Body): Promise<void> {
    const { res, file, options } = exchange;
    const interruption = new Interruption();
    const unwatch = interruption.watch(res, options.signal);
    const address = clientAddress(res.req, this.o.trustedProxies ?? []);
    const session = this.#sessions.open(file, address, () => interruption.end({ kind: 'ended-by-hand' }));
    const { clock, stallTimeoutMs } = this.o;
    const begin = (): void => setHead(exchange, reply);
    try {
      await new BodySender({ res, file, clock, stallTimeoutMs, interruption, session, begin }).send(reply.layout);
      res.end();
      this.#sessions.close(session, null);
    } catch (error) {
      this.#fail(exchange, session, interruption, error);
    } finally {
      unwatch();
    }
  }

  #fail({ res, options }: Exchange, session: StreamSession, { ending }: Interruption, thrown: unknown): void {
    if (ending?.kind === 'client-gone' || ending?.kind === 'ended-by-hand') {
      this.#sessions.close(session, null);
      res.destroy();
      return;
    }
    const error = ending === null ? thrown : ending.error;
    const failure = publicErrorOf(error);
    this.#logFailure(session, failure, error);
    this.#sessions.close(session, failure);
    const body = options.errorBody;
    sendError(res, error, { audience: 'bytes', ...(body === undefined ? {} : { body }) });
  }

  /**
   * The one place where a failed response is logged: what is the caller's own fault, or nobody's, only for debugging. A film
   * that breaks off is nobody's own fault: somebody watched it.
   */
  #logFailure(session: StreamSession, failure: PublicError, error: unknown): void {
    const { id, fileName, position, bytesSent } = session.info;
    const fields = { session: id, file: fileName, position, bytesSent, code: failure.code, err: error };
    const message = `Stream ended: ${failure.message}`;
    const isExpected = httpStatusOf(error) < 500 && !(error instanceof UnplayableError);
    if (isAbort(error) || isExpected) this.o.log.debug(fields, message);
    else if (error instanceof HeadstartError) this.o.log.warn(fields, message);
    else this.o.log.error(fields, message);
  }
}

/** Sets status and headers as they are for this very body, sent or not. */
function setHead({ res, file, options }: Exchange, { status, layout, headers }: Body): void {
  res.statusCode = status;
  setMediaHeaders(res, { ...factsOf(file), isSecretUrl: options.isSecretUrl ?? true });
  res.setHeader('Content-Length', layout.lengthBytes);
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.req.socket.setNoDelay(true);
}

function answerWithoutBody(exchange: Exchange, kind: Exclude<Reply['kind'], 'body'>): void {
  const { res, file, options } = exchange;
  setMediaHeaders(res, { ...factsOf(file), isSecretUrl: options.isSecretUrl ?? true });
  if (kind === 'unsatisfiable') {
    const body = options.errorBody;
    return sendError(res, new RangeNotSatisfiableError(file.sizeBytes), body === undefined ? {} : { body });
  }
  for (const name of ['Content-Type', 'Content-Length', 'Content-Disposition']) res.removeHeader(name);
  if (kind === 'precondition-failed') return refuseCondition(res);
  res.statusCode = 304;
  res.end();
}

function factsOf({
  name,
  sizeBytes,
  id,
  modifiedAt,
}: MediaFile): Pick<MediaFile, 'name' | 'sizeBytes' | 'id' | 'modifiedAt'> {
  return { name, sizeBytes, id, modifiedAt };
}
