// Readers that come too early or leave too soon, and files on disk that somebody cut: the next viewer must not notice.

import { once } from 'node:events';
import { readdir, truncate, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { askHash, askJson } from '../support/http.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startHeadstart } from '../support/headstart-process.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const film = { name: 'Rude.mkv', pieceLength: 65_536, files: [{ path: [], sizeBytes: 3_000_000 }] } as const;

/** Sends a request and hangs up once it is sent. */
async function askAndLeave(url: string): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  await new Promise<void>((resolve) =>
    socket.end(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`, resolve),
  );
  socket.destroy();
}

describe('rude beginnings', () => {
  let lab: TorrentLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  async function add(torrent: MadeTorrent): Promise<string> {
    const { server } = lab!;
    const answer = await askJson(server.url('/torrents'), {
      method: 'POST',
      headers: { 'x-api-key': server.apiKey, 'content-type': 'application/octet-stream' },
      body: Buffer.from(torrent.torrentBytes),
    });
    expect(answer.status).toBe(200);
    return server.url(`/torrents/${torrent.infoHash}/stream/0?apikey=${server.apiKey}`);
  }

  it('first reader leaves before the engine is up - the second one gets the film', async () => {
    lab = await startTorrentLab({ env: { STREAM_STALL_TIMEOUT: '8s' } });
    const torrent = await lab.make(film);
    const url = await add(torrent);
    await askAndLeave(url);
    expect(await askHash(url)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('extents cut or removed while the server was stopped - are fetched again', async () => {
    lab = await startTorrentLab({ env: { CACHE_MAX_BYTES: '64MB' } });
    const { server } = lab;
    const torrent = await lab.make(film);
    expect(await askHash(await add(torrent))).toMatchObject({ sha256: torrent.files[0]?.sha256 });
    expect(await server.stop()).toBe(0);
    const folder = join(server.dataDir, 'cache', 'torrents', torrent.infoHash);
    const extents = (await readdir(folder)).filter((name) => name.endsWith('.extent'));
    expect(extents.length).toBeGreaterThan(1);
    await truncate(join(folder, extents[0]!), 1000);
    await unlink(join(folder, extents[1]!));
    await server.start();
    expect(await askHash(await add(torrent))).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('a second server on the same data - ends with 78 and says why; the first goes on', async () => {
    lab = await startTorrentLab();
    const { server } = lab;
    const { dataDir } = server;
    await expect(startHeadstart({ dataDir })).rejects.toThrow(
      /ended with 78[^]*DATA_DIR: .* is used by another Headstart that is running/,
    );
    expect((await server.get('/torrents')).status).toBe(200);
    await server.kill();
    await server.start();
    expect((await server.get('/torrents')).status).toBe(200);
  });
});
