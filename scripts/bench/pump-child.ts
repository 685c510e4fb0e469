// The yardstick's process: answers any request with as many bytes as it was told, as fast as Node writes to a socket. Ends with
// its parent.

import { createServer } from 'node:net';

/** What the parent sends. */
export interface PumpTask {
  readonly sizeBytes: number;
}

/** What it answers. */
export interface PumpReady {
  readonly url: string;
}

const chunk = Buffer.alloc(256 * 1024, 1);

function pump({ sizeBytes }: PumpTask): void {
  const server = createServer((socket) => {
    let left = sizeBytes;
    const write = (): void => {
      while (left > 0) {
        const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on('error', () => undefined);
    socket.on('drain', write);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${String(sizeBytes)}\r\n\r\n`);
      write();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    process.send?.({ url: `http://127.0.0.1:${String(port)}/` } satisfies PumpReady);
  });
}

process.on('message', pump);
process.on('disconnect', () => process.exit(0));
