// Servers on loopback that misbehave as they are told, and clients that may reach them.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressPolicy, createHttpClient, createLogger } from '../../backend/platform/index.js';
import type { HttpClient } from '../../backend/platform/index.js';

export interface ClientOptions {
  /** Networks beside the public ones; default 127.0.0.1 alone. */
  readonly allow?: readonly string[];
  /** What the client's DNS knows; every other name is unknown. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Every name that DNS was asked for. */
  readonly asked?: string[];
  readonly proxyUrl?: string;
  readonly allowedOrigins?: () => ReadonlySet<string>;
}

/** Everything one test starts; `close` ends it. */
export class HttpLab {
  /** What clients logged, line by line. */
  readonly lines: string[] = [];
  readonly #servers: Server[] = [];

  /** A server on a port of the system's choice. */
  async serve(listener: RequestListener): Promise<{ port: number; origin: string; server: Server }> {
    const server = createServer(listener);
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { port, origin: `http://127.0.0.1:${port}`, server };
  }

  /** The guarded client, with a DNS of its own. */
  client(options: ClientOptions = {}): HttpClient {
    const destination = { write: (line: string) => void this.lines.push(line) };
    const log = createLogger({ level: 'debug', format: 'json', destination });
    const lookup = async (host: string): Promise<readonly string[]> => {
      options.asked?.push(host);
      const found = options.names?.[host];
      if (!found) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' });
      return found;
    };
    const policy = new AddressPolicy(options.allow ?? ['127.0.0.1/32']);
    const proxy = options.proxyUrl === undefined ? {} : { proxyUrl: options.proxyUrl };
    const origins = options.allowedOrigins === undefined ? {} : { allowedOrigins: options.allowedOrigins };
    return createHttpClient({ policy, log, lookup, ...proxy, ...origins });
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      if (!server.listening) continue;
      server.close();
      await once(server, 'close');
    }
  }
}

/** A signal that nobody aborts. */
export function never(): AbortSignal {
  return new AbortController().signal;
}
