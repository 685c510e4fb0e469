// An indexer on loopback that hands out NZBs, or whatever else a test wants to come instead of one.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What answers a path: bytes with status 200, or anything. */
export type IndexerReply = string | Uint8Array | ((request: IncomingMessage, response: ServerResponse) => void);

/** A running indexer. */
export interface Indexer {
  readonly origin: string;
  /** Paths asked for, in order, with their queries. */
  readonly asked: readonly string[];
  /** Answers `path`, whatever query follows it; returns its address. */
  serve(path: string, reply: IndexerReply): string;
  close(): Promise<void>;
}

/** Listens on a port of the system's choice; paths nobody serves are 404. */
export async function startIndexer(): Promise<Indexer> {
  const asked: string[] = [];
  const replies = new Map<string, IndexerReply>();
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const reply = replies.get(new URL(request.url ?? '', 'http://indexer').pathname);
    if (typeof reply === 'function') reply(request, response);
    else if (reply === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<html>No</html>');
    else response.writeHead(200, { 'content-type': 'application/x-nzb' }).end(reply);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`;
  return {
    origin,
    asked,
    serve: (path, reply) => {
      replies.set(path, reply);
      return origin + path;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
