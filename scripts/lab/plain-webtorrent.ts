// webtorrent as it comes, on loopback and without discovery: the demo's seeder, and what the benches compare with. The types
// are those its users see; the engine declares others, for the private parts it needs.

import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';

import WebTorrent from 'webtorrent';

/** What a user of webtorrent sees of a torrent. */
export interface PlainTorrent extends EventEmitter {
  readonly infoHash: string;
  readonly name: string;
  readonly progress: number;
  readonly files: readonly { readonly streamURL: string; deselect(): void }[];
  addPeer(address: string): boolean;
}

/** What a user of webtorrent sees of a client. */
export interface PlainClient extends EventEmitter {
  readonly torrentPort: number;
  seed(path: string, options: object, done: (torrent: PlainTorrent) => void): PlainTorrent;
  add(torrent: string, options: object, done: (torrent: PlainTorrent) => void): PlainTorrent;
  createServer(options: object, kind: 'node'): { readonly server: Server };
  destroy(done: () => void): void;
}

/** A client that speaks TCP on 127.0.0.1 and looks for nobody. `uploadLimit` is bytes per second, -1 unlimited. */
export function createPlainWebtorrent(options: { uploadLimit?: number } = {}): PlainClient {
  const Client = WebTorrent as unknown as new (options: object) => PlainClient;
  return new Client({
    dht: false,
    lsd: false,
    utPex: false,
    utp: false,
    tracker: false,
    natUpnp: false,
    natPmp: false,
    uploadLimit: options.uploadLimit ?? -1,
    torrentPort: { host: '127.0.0.1', port: 0 },
  });
}
