// Private torrents (BEP 27): peers come from their own trackers alone.

import { afterEach, describe, expect, it } from '@jest/globals';

import { askHash, askJson } from '../support/http.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { startTracker } from '../support/tracker.js';

const film = {
  name: 'Private.mkv',
  pieceLength: 65_536,
  files: [{ path: [], sizeBytes: 2_000_000 }],
  isPrivate: true,
} as const;

describe('private torrents', () => {
  let lab: TorrentLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  it('a .torrent - is never announced to the trackers of the settings', async () => {
    const open = await startTracker();
    lab = await startTorrentLab({ env: { TRACKERS: open.announceUrl } });
    lab.resources.use(open);
    const torrent = await lab.make(film);
    const { server } = lab;
    const answer = await askJson(server.url('/torrents'), {
      method: 'POST',
      headers: { 'x-api-key': server.apiKey, 'content-type': 'application/octet-stream' },
      body: Buffer.from(torrent.torrentBytes),
    });
    expect(answer.status).toBe(200);
    const url = server.url(`/torrents/${torrent.infoHash}/stream/0?apikey=${server.apiKey}`);
    expect(await askHash(url)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
    expect(open.announces()).toBe(0);
  });
});
