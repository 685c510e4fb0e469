// A process of its own in which webtorrent serves a torrent with its own HTTP server, as its users do. Told what to fetch by
// its parent, answers with the address; ends with its parent.

import type { AddressInfo } from 'node:net';

import { createPlainWebtorrent } from '../lab/index.js';

/** What the parent sends. */
export interface WebtorrentTask {
  readonly torrentFile: string;
  readonly folder: string;
  readonly peer: string;
}

const client = createPlainWebtorrent();
const { server } = client.createServer({}, 'node');

process.on('message', (task: WebtorrentTask) => {
  client.add(task.torrentFile, { path: task.folder, deselect: true }, (torrent) => {
    torrent.addPeer(task.peer);
    const { port } = server.address() as AddressInfo;
    process.send?.(`http://127.0.0.1:${String(port)}${torrent.files[0]?.streamURL ?? ''}`);
  });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.('ready'));
