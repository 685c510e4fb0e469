// NNTP as it stands on the wire (RFC 3977, RFC 4643): commands out, reply lines in, bodies passed over. Pure: knows no
// socket, no clock and nothing of what is in an article.

import { InputError, ProtocolError } from '../../../content/index.js';
import { MAX_BODY_BYTES } from '../yenc/body-bound.js';

/** Longer than the 512 octets of RFC 3977 §3.1, because servers advertise in their greetings; beyond it nobody means well. */
export const MAX_LINE_BYTES = 4096;
/** What fits into a command line of 512 octets beside the command, the brackets and the line end (RFC 3977 §3.1). */
const MAX_MESSAGE_ID_BYTES = 500;
const MAX_CREDENTIAL_BYTES = 497;

/** A status line: its number and what the server adds for people. */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

/** @throws {ProtocolError} for anything but three digits, alone or followed by a blank (RFC 3977 §3.2) */
export function parseReply(line: string): Reply {
  const [, digits, text] = /^([1-5]\d\d)(?:[ \t](.*))?$/s.exec(line) ?? [];
  if (digits === undefined) throw new ProtocolError('The news server answered with something that is not NNTP.');
  return { code: Number(digits), text: (text ?? '').trim() };
}

/** `verb <messageId>` as a line. @throws {InputError} for an id that cannot stand in a command */
export function formatArticleCommand(verb: 'BODY' | 'STAT', messageId: string): string {
  if (/[\s<>\p{Cc}]/u.test(messageId) || messageId === '' || Buffer.byteLength(messageId) > MAX_MESSAGE_ID_BYTES)
    throw new InputError('A message id that cannot be asked for.');
  return `${verb} <${messageId}>\r\n`;
}

/** `AUTHINFO USER|PASS value` as a line. @throws {InputError} without the value in it, where it cannot stand in a command */
export function formatLogin(field: 'USER' | 'PASS', value: string): string {
  if (/[\r\n\0]/.test(value) || value === '' || Buffer.byteLength(value) > MAX_CREDENTIAL_BYTES)
    throw new InputError(`The ${field === 'USER' ? 'user name' : 'password'} of a Usenet provider cannot be sent.`);
  return `AUTHINFO ${field} ${value}\r\n`;
}

/** Collects one line at a time, wherever the chunks are cut. Holds at most `MAX_LINE_BYTES`. */
export class LineReader {
  #kept: Buffer | null = null;
  #line: string | null = null;

  /** The finished line without its end; null until there is one. */
  get line(): string | null {
    return this.#line;
  }

  /**
   * Takes bytes up to the end of a line and returns how many; what was kept of the line before is forgotten.
   * @throws {ProtocolError} when a line has no end
   */
  push(chunk: Uint8Array): number {
    this.#line = null;
    const end = chunk.indexOf(LF);
    const taken = end < 0 ? chunk.length : end + 1;
    if ((this.#kept?.length ?? 0) + taken > MAX_LINE_BYTES)
      throw new ProtocolError('A line of the news server has no end.');
    const part = Buffer.from(chunk.buffer, chunk.byteOffset, taken);
    const whole = this.#kept === null ? part : Buffer.concat([this.#kept, part]);
    if (end < 0) {
      this.#kept = whole === part ? Buffer.from(part) : whole; // the chunk's memory is used again
      return taken;
    }
    this.#kept = null;
    this.#line = whole.toString('utf8').replace(/\r?\n$/, '');
    return taken;
  }
}

/** Passes over a body up to its end, the line with a lone dot (RFC 3977 §3.1.1), without looking into it. */
export class BodySkipper {
  /** The last bytes seen, at most four: the end may be cut anywhere. A body begins at the start of a line. */
  #tail: Buffer = Buffer.from('\r\n');
  #passed = 0;
  #isDone = false;

  get isDone(): boolean {
    return this.#isDone;
  }

  /** So much came without an end that none is to be waited for. */
  get isEndless(): boolean {
    return this.#passed > MAX_BODY_BYTES;
  }

  /** Returns how many bytes belong to the body: all, or up to and with its end. */
  push(chunk: Uint8Array): number {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const tail = this.#tail;
    const seam = Buffer.concat([tail, bytes.subarray(0, END.length - 1)]);
    const inSeam = seam.indexOf(END);
    if (inSeam >= 0) return this.#end(inSeam + END.length - tail.length);
    const found = bytes.indexOf(END);
    if (found >= 0) return this.#end(found + END.length);
    const last = Buffer.concat([tail, bytes.subarray(-END.length + 1)]);
    this.#tail = last.subarray(-END.length + 1);
    this.#passed += chunk.length;
    return chunk.length;
  }

  #end(taken: number): number {
    this.#isDone = true;
    return taken;
  }
}

const LF = 0x0a;
const END = Buffer.from('\r\n.\r\n');
