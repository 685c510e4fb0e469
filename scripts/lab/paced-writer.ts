// Writes to a socket as fast as a line of so many bytes per second lets it, in step with the reader at the other end. Holds at
// most what one write brings.

import type { Socket } from 'node:net';

/** What is written at once where the speed is limited. */
const PACED_BYTES = 16 * 1024;

export class PacedWriter {
  /** When the line is free again. */
  #freeAt = 0;
  #wake: (() => void) | null = null;

  /** `bytesPerSecond` is asked before every write; 0 is unlimited. */
  constructor(
    private readonly socket: Socket,
    private readonly bytesPerSecond: () => number,
  ) {
    const wake = (): void => this.#wake?.();
    socket.on('drain', wake);
    socket.on('close', wake);
  }

  /** Resolves at that time (of `Date.now`), or when the connection has ended. */
  async until(time: number): Promise<void> {
    while (Date.now() < time && !this.socket.destroyed) await this.#rest(time - Date.now());
  }

  /** Resolves once the socket takes more, or has ended. */
  async write(buffers: readonly Buffer[]): Promise<void> {
    if (this.bytesPerSecond() > 0) return this.#writePaced(Buffer.concat(buffers));
    this.socket.cork();
    for (const buffer of buffers) if (!this.socket.destroyed) this.socket.write(buffer);
    this.socket.uncork();
    await this.#drained();
  }

  /** One byte per write, each in a turn of its own. */
  async writeSlowly(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at += 1) {
      this.socket.write(bytes.subarray(at, at + 1));
      await new Promise<void>((resolve) => setImmediate(resolve));
      await this.#drained();
    }
  }

  /** Two writes with time and a turn between, so that they arrive apart: what reads in this process has read the first. */
  async writeSplit(bytes: Buffer, at: number): Promise<void> {
    const first = bytes.subarray(0, Math.max(1, at));
    await this.write([first]);
    await this.#rest(2);
    await new Promise<void>((resolve) => setImmediate(resolve));
    await this.write([bytes.subarray(first.length)]);
  }

  async #writePaced(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.socket.destroyed; at += PACED_BYTES) {
      const piece = bytes.subarray(at, at + PACED_BYTES);
      const now = Date.now();
      this.#freeAt = Math.max(this.#freeAt, now - 20) + (piece.length / Math.max(1, this.bytesPerSecond())) * 1000;
      this.socket.write(piece);
      if (this.#freeAt > now) await this.until(this.#freeAt);
      await this.#drained();
    }
  }

  async #drained(): Promise<void> {
    while (this.socket.writableNeedDrain && !this.socket.destroyed) await this.#rest(null);
  }

  /** Until the socket drains, ends, or the time is over. */
  #rest(timeMs: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeMs === null ? null : setTimeout(() => this.#wake?.(), timeMs);
      this.#wake = () => {
        if (timer) clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      if (this.socket.destroyed) this.#wake();
    });
  }
}
