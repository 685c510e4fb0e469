// Whether peers will be able to reach us where the settings say: asked once at start, when there is somebody to tell.

import { createServer } from 'node:net';
import { ConfigError } from '../../../platform/index.js';

/** @throws {ConfigError} when something else listens on the port. Port 0 is chosen by the system and always free. */
export async function checkListeningPort(address: { readonly host: string; readonly port: number }): Promise<void> {
  if (address.port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'something else listens there already' : (error.code ?? 'unknown error');
      reject(
        new ConfigError([`TORRENT_HOST, TORRENT_PORT: cannot listen on ${address.host} port ${address.port} (${why})`]),
      );
    });
    server.listen(address.port, address.host, () => server.close(() => resolve()));
  });
}
