// Delivery behind a real express server on loopback: files are put in, URLs come out.

import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import express from 'express';

import type { MediaFile } from '../../backend/content/index.js';
import { Delivery, type DeliverOptions } from '../../backend/delivery/index.js';
import type { Logger } from '../../backend/platform/index.js';
import { ManualClock } from './manual-clock.js';

/** One line of the log. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export const STALL_MS = 30_000;

/** A running server; emits `answered` each time a `deliver` call is over. */
export class DeliveryLab extends EventEmitter {
  readonly clock = new ManualClock();
  readonly lines: LogLine[] = [];
  readonly delivery = new Delivery({ stallTimeoutMs: STALL_MS, clock: this.clock, log: recorder(this.lines) });
  /** `deliver` calls that are not over. */
  pending = 0;
  readonly sockets = new Set<Socket>();
  readonly #files = new Map<string, { file: MediaFile; options: DeliverOptions }>();

  private constructor(private readonly server: Server) {
    super();
    this.setMaxListeners(0);
  }

  /** Starts a server on a port of the system's choice. */
  static async start(): Promise<DeliveryLab> {
    const app = express().disable('x-powered-by');
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const lab = new DeliveryLab(server);
    server.on('connection', (socket: Socket) => {
      lab.sockets.add(socket);
      socket.on('close', () => lab.sockets.delete(socket));
    });
    app.all('/files/:key', (req, res) => lab.#answer(req.params.key, req, res));
    return lab;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The URL of a file from now on. */
  put(file: MediaFile, options: DeliverOptions = {}): string {
    const key = String(this.#files.size + 1);
    this.#files.set(key, { file, options });
    return `http://127.0.0.1:${this.port}/files/${key}`;
  }

  /** Log lines that somebody would have to read. */
  get alarms(): LogLine[] {
    return this.lines.filter(({ level }) => level === 'warn' || level === 'error');
  }

  /** Resolves when no `deliver` call is running. */
  async settled(): Promise<void> {
    while (this.pending > 0) await once(this, 'answered');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #answer(key: string, req: express.Request, res: express.Response): void {
    const entry = this.#files.get(key);
    if (entry === undefined) return void res.sendStatus(404);
    this.pending += 1;
    void this.delivery.deliver(req, res, entry.file, entry.options).finally(() => {
      this.pending -= 1;
      this.emit('answered');
    });
  }
}

/** Lower-case hex, as `sha256sum` prints it. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function recorder(lines: LogLine[]): Logger {
  const write =
    (level: LogLine['level']) =>
    (fields: object | string, message = ''): void => {
      lines.push(
        typeof fields === 'string' ? { level, fields: {}, message: fields } : { level, fields: { ...fields }, message },
      );
    };
  const log: Logger = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return log;
}
