// The smallest HTTP tracker (BEP 3, BEP 23): whoever announces is told of one peer. For clients that take peers in no other way.

import { once } from 'node:events';
import { createServer } from 'node:http';

/** A running tracker. */
export interface FixedTracker {
  readonly announceUrl: string;
  close(): Promise<void>;
}

/** Starts a tracker that names `127.0.0.1:peerPort` to everybody. */
export async function startFixedTracker(peerPort: number): Promise<FixedTracker> {
  const peer = Buffer.from([127, 0, 0, 1, peerPort >> 8, peerPort & 255]);
  const body = Buffer.concat([Buffer.from('d8:intervali600e5:peers6:'), peer, Buffer.from('e')]);
  const server = createServer((_request, response) => response.end(body));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    announceUrl: `http://127.0.0.1:${String(port)}/announce`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
