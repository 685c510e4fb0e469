// A real tracker (bittorrent-tracker) over HTTP, and where it is wanted over UDP, on loopback ports of the system's choice.

import { once } from 'node:events';

import { Server } from 'bittorrent-tracker';

/** A running tracker. */
export interface TestTracker {
  readonly announceUrl: string;
  /** Null where it does not speak UDP. */
  readonly udpUrl: string | null;
  /** How many announces it has had. */
  announces(): number;
  /** As `seeders` and `leechers` would that have this torrent. */
  addPeers(infoHash: string, peers: { readonly seeders: number; readonly leechers: number }): Promise<void>;
  close(): Promise<void>;
}

/** Starts a tracker; `intervalMs` is when peers are told to ask again. */
export async function startTracker(options: { intervalMs?: number; isUdp?: boolean } = {}): Promise<TestTracker> {
  const server = new Server({
    http: true,
    udp: options.isUdp ?? false,
    ws: false,
    stats: false,
    trustProxy: false,
    interval: options.intervalMs ?? 2000,
  });
  let announces = 0;
  for (const event of ['start', 'update', 'complete'] as const) server.on(event, () => announces++);
  server.on('warning', () => undefined);
  server.listen(0, { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' });
  await once(server, 'listening');
  const { port } = server.http.address();
  const announceUrl = `http://127.0.0.1:${String(port)}/announce`;
  return {
    announceUrl,
    udpUrl: options.isUdp === true ? `udp://127.0.0.1:${String(server.udp4.address().port)}/announce` : null,
    announces: () => announces,
    addPeers: async (infoHash, { seeders, leechers }) => {
      for (let peer = 0; peer < seeders + leechers; peer += 1) {
        const who = `peer_id=-XX0001-${String(peer).padStart(12, '0')}&port=${String(10_000 + peer)}`;
        const left = `left=${peer < seeders ? '0' : '5'}&event=started&compact=1`;
        await fetch(`${announceUrl}?info_hash=${infoHash.replace(/../g, '%$&')}&${who}&${left}`);
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.http.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
