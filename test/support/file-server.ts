// A plain web server on loopback that answers fixed bodies, ranges included.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** A running server. */
export interface FileServer {
  readonly origin: string;
  /** Paths asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Serves these paths; everything else is 404. */
export async function startFileServer(files: Readonly<Record<string, Uint8Array>>): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const body = files[path];
    if (!body) return void response.writeHead(404).end();
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = from === undefined ? 0 : Number(from);
    const end = to ? Math.min(body.length, Number(to) + 1) : body.length;
    const headers = { 'accept-ranges': 'bytes', 'content-length': end - start, etag: '"fixed"' };
    if (from === undefined) response.writeHead(200, headers);
    else
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${from}-${String(end - 1)}/${String(body.length)}`,
      });
    response.end(request.method === 'HEAD' ? undefined : body.subarray(start, end));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
