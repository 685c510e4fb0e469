// The yardstick's process: sends back whatever it hears, as plainly as Node does that. Ends with its parent.

import { createServer } from 'node:net';

/** What it answers to the first message. */
export interface EchoReady {
  readonly port: number;
}

process.on('message', () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    process.send?.({ port } satisfies EchoReady);
  });
});
process.on('disconnect', () => process.exit(0));
