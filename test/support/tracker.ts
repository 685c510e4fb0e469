// A real tracker (bittorrent-tracker) over HTTP on a loopback port of the system's choice.

import { once } from 'node:events';

import { Server } from 'bittorrent-tracker';

/** A running tracker. */
export interface TestTracker {
  readonly announceUrl: string;
  /** How many announces it has had. */
  announces(): number;
  close(): Promise<void>;
}

/** Starts a tracker; `intervalMs` is when peers are told to ask again. */
export async function startTracker(options: { intervalMs?: number } = {}): Promise<TestTracker> {
  const server = new Server({
    http: true,
    udp: false,
    ws: false,
    stats: false,
    trustProxy: false,
    interval: options.intervalMs ?? 2000,
  });
  let announces = 0;
  for (const event of ['start', 'update', 'complete'] as const) server.on(event, () => announces++);
  server.on('warning', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.http.address();
  return {
    announceUrl: `http://127.0.0.1:${String(port)}/announce`,
    announces: () => announces,
    close: () =>
      new Promise((resolve) => {
        server.http.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
