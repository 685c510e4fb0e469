// The rqbit-compatible API on the real engine: what players and scripts written for it do.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, askHash, askJson, askRange } from '../support/http.js';
import { clip } from '../support/media.js';
import { playWithMpv } from '../support/players.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';
import { quietAfter } from '../support/upstream.js';

interface Added {
  readonly id: number;
  readonly details: {
    readonly info_hash: string;
    readonly files: readonly { name: string; length: number; included: boolean }[];
  };
}

describe('torrents api', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  const add = async (body: string | Uint8Array, query = ''): Promise<Added> => {
    const url = lab.server.url(`/torrents${query}`);
    const { status, json } = await askJson(url, { method: 'POST', headers: { 'x-api-key': lab.server.apiKey }, body });
    expect(status).toBe(200);
    return json as unknown as Added;
  };
  const withKey = (path: string): string =>
    lab.server.url(`${path}${path.includes('?') ? '&' : '?'}apikey=${lab.server.apiKey}`);
  const pack = (name: string, uploadLimit = 0): Promise<MadeTorrent> =>
    lab.make({
      name,
      pieceLength: 65_536,
      files: [
        { path: ['one.mkv'], sizeBytes: 1_500_000 },
        { path: ['two.mp3'], sizeBytes: 700_000 },
        { path: ['note.txt'], sizeBytes: 100 },
      ],
      uploadLimit,
    });

  it('add - magnet, torrent bytes and address are the same torrent with the same id', async () => {
    const torrent = await pack('Same');
    const byMagnet = await add(torrent.magnet);
    const byBytes = await add(torrent.torrentBytes);
    expect(byBytes.id).toBe(byMagnet.id);
    expect(byMagnet.details.info_hash).toBe(torrent.infoHash);
    expect(byMagnet.details.files.map(({ name, length }) => ({ name, length }))).toEqual([
      { name: 'one.mkv', length: 1_500_000 },
      { name: 'two.mp3', length: 700_000 },
      { name: 'note.txt', length: 100 },
    ]);
    for (const id of [String(byMagnet.id), torrent.infoHash]) {
      expect((await askHash(withKey(`/torrents/${id}/stream/1/any name`))).sha256).toBe(torrent.files[1]?.sha256);
    }
  });

  it('add - nothing is downloaded that nobody asked for', async () => {
    const torrent = await pack('Unasked');
    await add(torrent.torrentBytes);
    await quietAfter(lab.seeder, torrent.infoHash);
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBe(0);
    await askHash(withKey(`/torrents/${torrent.infoHash}/stream/1`));
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(900_000);
  });

  it('add - only_files are fetched in the background until they are whole', async () => {
    const torrent = await pack('Chosen');
    const { id } = await add(torrent.torrentBytes, '?only_files=1');
    await until('the file is whole', async () => {
      const { json } = await lab.server.get(`/torrents/${String(id)}/stats/v1`);
      return (json.file_progress as number[])[1] === 700_000;
    });
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(900_000);
  });

  it('only_files - are remembered across a restart, and fetched on without anybody asking', async () => {
    const torrent = await pack('Kept choice', 100_000);
    const { id } = await add(torrent.torrentBytes, '?only_files=1');
    expect(await lab.server.stop()).toBe(0);
    const given = (await lab.seeder.stats(torrent.infoHash)).uploadedBytes;
    expect(given).toBeLessThan(700_000);
    await lab.server.start();
    const { json } = await lab.server.get(`/torrents/${String(id)}`);
    expect((json.files as { included: boolean }[]).map(({ included }) => included)).toEqual([false, true, false]);
    await until('the seeder has given the whole file', async () => {
      return (await lab.seeder.stats(torrent.infoHash)).uploadedBytes >= 700_000;
    });
  });

  it('pause - what is here is served, what is not is 503 at once; start makes it whole', async () => {
    const torrent = await lab.make({
      name: 'Halt.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 20_000_000 }],
    });
    const { id } = await add(torrent.torrentBytes);
    const url = withKey(`/torrents/${String(id)}/stream/0`);
    await askRange(url, 0, 1000);
    expect((await lab.server.post(`/torrents/${String(id)}/pause`)).status).toBe(200);
    expect((await askRange(url, 0, 1000)).status).toBe(206);
    const started = Date.now();
    expect((await askRange(url, 19_000_000, 19_000_100)).status).toBe(503);
    expect(Date.now() - started).toBeLessThan(15_000); // not as late as what is waited for
    expect((await lab.server.post(`/torrents/${String(id)}/start`)).status).toBe(200);
    expect((await askHash(url)).sha256).toBe(torrent.files[0]?.sha256);
  });

  it('forget - keeps the bytes; delete removes them', async () => {
    const torrent = await pack('Forgotten');
    const { id } = await add(torrent.torrentBytes);
    await askHash(withKey(`/torrents/${String(id)}/stream/0`));
    expect((await lab.server.post(`/torrents/${String(id)}/forget`)).status).toBe(200);
    expect([404, 410]).toContain((await ask(withKey(`/torrents/${String(id)}/stream/0`))).status);
    const given = (await lab.seeder.stats(torrent.infoHash)).uploadedBytes;
    const again = await add(torrent.torrentBytes);
    expect((await askHash(withKey(`/torrents/${String(again.id)}/stream/0`))).sha256).toBe(torrent.files[0]?.sha256);
    expect((await lab.seeder.stats(torrent.infoHash)).uploadedBytes).toBeLessThan(given + 500_000);
  });

  it('playlist - names every playable file, and mpv plays it through', async () => {
    const torrent = await lab.make({
      name: 'Listed',
      pieceLength: 65_536,
      files: [
        { path: ["It's 1.mkv"], from: await clip({ container: 'mkv', seconds: 5, kilobitsPerSecond: 600 }) },
        { path: ['readme.txt'], sizeBytes: 100 },
        { path: ['Zwei 50%.mp4'], from: await clip({ container: 'mp4', seconds: 5, kilobitsPerSecond: 600 }) },
      ],
    });
    const { id } = await add(torrent.torrentBytes);
    const url = withKey(`/torrents/${String(id)}/playlist`);
    const { headers, body } = await ask(url);
    expect(headers['content-type']).toBe('application/mpegurl; charset=utf-8');
    expect(headers['content-disposition']).toMatch(/^attachment; filename=.*-playlist\.m3u8/);
    const entries = body
      .toString('utf8')
      .split('\n')
      .filter((line) => line.startsWith('http'));
    expect(entries).toHaveLength(2);
    for (const [at, index] of [0, 2].entries()) {
      expect((await askHash(entries[at] ?? '')).sha256).toBe(torrent.files[index]?.sha256);
    }
    const played = await playWithMpv(url);
    expect(played).toEqual({ code: 0, output: played.output });
    expect(played.output.match(/\(\+\) Video/g)).toHaveLength(2);
  });

  it('errors - have the shape rqbit has', async () => {
    const { status, json } = await lab.server.get('/torrents/999999');
    expect(status).toBe(404);
    expect(json).toMatchObject({ error_kind: expect.any(String), human_readable: expect.any(String), status: 404 });
  });
});
