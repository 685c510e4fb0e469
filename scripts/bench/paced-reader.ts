// A player: reads a film at the rate it plays it, no faster, and notes when the bytes were late. Never holds more than a
// socket's buffer.

import { connect, type Socket } from 'node:net';

const bufferBytes = 256 * 1024;
const tickMs = 20;

/** What a reader saw. */
export interface PacedAnswer {
  readonly bytes: number;
  /** From the first byte to the end. */
  readonly seconds: number;
  readonly firstByteMs: number;
  /** The most it was ever behind what it should have had by then, in time of the film; the first byte starts the clock. */
  readonly lateMs: number;
}

/** Reads `url` from `start` on for `seconds`, then leaves. Rejects when the server ends the connection before that. */
export function readPaced(
  url: string,
  ask: { readonly start: number; readonly bytesPerSecond: number; readonly seconds: number },
): Promise<PacedAnswer> {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const reader = new PacedReader(ask.bytesPerSecond);
    let isPaused = false;
    const socket: Socket = connect({
      host: target.hostname,
      port: Number(target.port),
      onread: {
        buffer: Buffer.alloc(bufferBytes),
        callback: (count) => {
          isPaused = !reader.take(count);
          return !isPaused;
        },
      },
    });
    const timer = setInterval(() => {
      reader.look();
      if (reader.seconds >= ask.seconds) return void socket.destroy();
      if (!isPaused || !reader.isHungry) return;
      isPaused = false;
      socket.resume();
    }, tickMs);
    socket.on('connect', () => {
      const head = `GET ${target.pathname}${target.search} HTTP/1.1\r\nHost: ${target.host}\r\n`;
      socket.write(`${head}Range: bytes=${String(ask.start)}-\r\nConnection: close\r\n\r\n`);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearInterval(timer);
      if (reader.seconds >= ask.seconds) resolve(reader.answer());
      else reject(new Error(`${url}: ended after ${reader.seconds.toFixed(1)} s.`));
    });
  });
}

class PacedReader {
  #bytes = 0;
  #lateMs = 0;
  #firstAt = 0;
  readonly #startedAt = performance.now();

  constructor(private readonly bytesPerSecond: number) {}

  get seconds(): number {
    return this.#firstAt === 0 ? 0 : (performance.now() - this.#firstAt) / 1000;
  }

  /** Whether more may come. */
  get isHungry(): boolean {
    return this.#bytes <= this.#due;
  }

  /** The answer's head counts as film: it is some hundred bytes. */
  take(count: number): boolean {
    if (this.#firstAt === 0) this.#firstAt = performance.now();
    this.look();
    this.#bytes += count;
    return this.isHungry;
  }

  /** Before what has come is counted: so late it was. */
  look(): void {
    this.#lateMs = Math.max(this.#lateMs, ((this.#due - this.#bytes) / this.bytesPerSecond) * 1000);
  }

  answer(): PacedAnswer {
    const firstByteMs = this.#firstAt - this.#startedAt;
    return { bytes: this.#bytes, seconds: this.seconds, firstByteMs, lateMs: this.#lateMs };
  }

  get #due(): number {
    return this.seconds * this.bytesPerSecond;
  }
}
