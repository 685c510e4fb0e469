// The cheapest HTTP client there is: one socket, one buffer used again and again. A client that costs more would level out
// what the servers differ in.

import { connect, type Socket } from 'node:net';

const bufferBytes = 1 << 20;

/** What a request brought. */
export interface RawAnswer {
  readonly status: number;
  readonly bodyBytes: number;
  /** From the request to the first byte of the body. */
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** What to ask for: `[start, end)` of the file, or all of it; `maxBytes` leaves after that many. */
export interface RawAsk {
  readonly start?: number;
  readonly end?: number;
  readonly maxBytes?: number;
}

/** GETs a URL on loopback and throws the body away. Rejects when the answer is cut short. */
export function rawGet(url: string, ask: RawAsk = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const reader = new RawReader(ask.maxBytes ?? Infinity);
    const target = new URL(url);
    const socket: Socket = connect({
      host: target.hostname,
      port: Number(target.port),
      onread: {
        buffer: Buffer.alloc(bufferBytes),
        callback: (count, buffer) => {
          const isDone = reader.take(buffer.subarray(0, count) as Buffer);
          if (isDone) socket.destroy();
          return !isDone;
        },
      },
    });
    socket.on('connect', () => socket.write(formatRequest(target, ask)));
    socket.on('error', reject);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      if (reader.isDone) resolve(reader.answer());
      else
        reject(
          new Error(
            `${url}: cut short after ${String(reader.answer().bodyBytes)} bytes (status ${String(reader.answer().status)}).`,
          ),
        );
    });
  });
}

function formatRequest(target: URL, { start, end }: RawAsk): string {
  const range =
    start === undefined ? '' : `Range: bytes=${String(start)}-${end === undefined ? '' : String(end - 1)}\r\n`;
  return `GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\n${range}Connection: close\r\n\r\n`;
}

class RawReader {
  isDone = false;
  private readonly started = performance.now();
  private head = '';
  private hasHead = false;
  private status = 0;
  private length = Infinity;
  private had = 0;
  private firstByteMs = NaN;

  constructor(private readonly maxBytes: number) {}

  /** True when everything wanted is here. */
  take(chunk: Buffer): boolean {
    const body = this.hasHead ? chunk.length : this.takeHead(chunk);
    if (body > 0 && this.had === 0) this.firstByteMs = performance.now() - this.started;
    this.had += body;
    this.isDone = this.hasHead && this.had >= Math.min(this.length, this.maxBytes);
    return this.isDone;
  }

  answer(): RawAnswer {
    const totalMs = performance.now() - this.started;
    return { status: this.status, bodyBytes: this.had, firstByteMs: this.firstByteMs, totalMs };
  }

  private takeHead(chunk: Buffer): number {
    this.head += chunk.toString('latin1');
    const end = this.head.indexOf('\r\n\r\n');
    if (end < 0) return 0;
    this.hasHead = true;
    this.status = Number(/^HTTP\/1\.1 (\d+)/.exec(this.head)?.[1] ?? 0);
    this.length = Number(/\r\ncontent-length: (\d+)/i.exec(this.head)?.[1] ?? Infinity);
    return this.head.length - end - 4;
  }
}
