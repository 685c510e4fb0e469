// A file server that can misbehave: cut a transfer, ignore ranges, change the file, refuse, send more than asked for.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RangeServerOptions {
  readonly bytes: Uint8Array;
  readonly etag?: string | null;
  readonly lastModified?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to the transfer that begins at `start`: bytes to send before the connection is cut; null for all. */
export type Cut = (start: number) => number | null;

export class RangeServer {
  bytes: Uint8Array;
  etag: string | null;
  cut: Cut = () => null;
  /** Answers instead of the file. */
  status: number | null = null;
  hasRanges = true;
  readonly requests: { readonly method: string; readonly range: string | null; readonly ifRange: string | null }[] = [];
  readonly #server: Server;
  readonly #options: RangeServerOptions;

  constructor(options: RangeServerOptions) {
    this.#options = options;
    this.bytes = options.bytes;
    this.etag = options.etag === undefined ? '"one"' : options.etag;
    this.#server = createServer((req, res) => this.#answer(req, res));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sockets that are open now. */
  connections(): Promise<number> {
    return new Promise((resolve, reject) =>
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
    );
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    const { range = null, 'if-range': ifRange = null } = req.headers as Record<string, string | undefined>;
    this.requests.push({ method: req.method ?? '', range, ifRange });
    if (this.status !== null) return void res.writeHead(this.status).end();
    const headers: Record<string, string> = { 'Content-Type': 'application/octet-stream', ...this.#options.headers };
    if (this.etag !== null) headers['ETag'] = this.etag;
    const { lastModified = 'Mon, 06 May 2024 07:08:09 GMT' } = this.#options;
    if (lastModified !== null) headers['Last-Modified'] = lastModified;
    const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
    const isCurrent = ifRange === null || ifRange === this.etag || ifRange === lastModified;
    if (match === null || !this.hasRanges || !isCurrent) return this.#send(res, 200, 0, this.bytes.length, headers);
    const start = Number(match[1]);
    const end = Math.min(Number(match[2]) + 1, this.bytes.length);
    if (start >= this.bytes.length) {
      return void res.writeHead(416, { 'Content-Range': `bytes */${this.bytes.length}` }).end();
    }
    headers['Content-Range'] = `bytes ${start}-${end - 1}/${this.bytes.length}`;
    this.#send(res, 206, start, end, headers);
  }

  #send(res: ServerResponse, status: number, start: number, end: number, headers: Record<string, string>): void {
    res.writeHead(status, { ...headers, 'Content-Length': String(end - start) });
    const before = this.cut(start);
    if (before === null || before >= end - start) return void res.end(this.bytes.subarray(start, end));
    // What was written is on the wire before the connection goes.
    res.write(this.bytes.subarray(start, start + before), () => setImmediate(() => res.destroy()));
    if (before === 0) res.flushHeaders();
  }
}
