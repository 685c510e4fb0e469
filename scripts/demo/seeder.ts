// The other side of the demo: plain webtorrent in a worker thread, seeding one file on loopback at a limited rate.

import { parentPort, workerData } from 'node:worker_threads';

import { createPlainWebtorrent } from '../lab/index.js';

/** What the worker is given: the file, and bytes per second. */
export interface SeederTask {
  readonly path: string;
  readonly uploadLimit: number;
}

/** What the worker says once it seeds. */
export interface SeederReady {
  readonly infoHash: string;
  readonly magnet: string;
  /** `127.0.0.1:<port>` */
  readonly address: string;
}

const { path, uploadLimit } = workerData as SeederTask;
const client = createPlainWebtorrent({ uploadLimit });
client.seed(path, { announceList: [], pieceLength: 262_144 }, (torrent) => {
  const ready: SeederReady = {
    infoHash: torrent.infoHash,
    magnet: `magnet:?xt=urn:btih:${torrent.infoHash}&dn=${encodeURIComponent(torrent.name)}`,
    address: `127.0.0.1:${String(client.torrentPort)}`,
  };
  parentPort?.postMessage(ready);
});
