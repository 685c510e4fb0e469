// Which file of a pack is meant, and names that try to be more than names.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, askHash } from '../support/http.js';
import { prepare, untilReady } from '../support/prepare.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

describe('packs and names', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  it('pack - neither the readme in front nor the sample is taken for the film', async () => {
    const torrent = await lab.make({
      name: 'Open.Film.1080p',
      pieceLength: 65_536,
      files: [
        { path: ['readme.txt'], sizeBytes: 2_000_001 },
        { path: ['Sample', 'open.film.1080p-sample.mkv'], sizeBytes: 900_000 },
        { path: ['open.film.1080p.mkv'], sizeBytes: 1_700_000 },
        { path: ['Subs', 'english.srt'], sizeBytes: 30_000 },
      ],
    });
    const { status, streamUrl } = await lab.ready(torrent);
    expect(status).toMatchObject({ fileIndex: 2, fileName: 'open.film.1080p.mkv', fileSize: 1_700_000 });
    const answer = await askHash(lab.server.url(status.streamUrl ?? streamUrl));
    expect(answer.sha256).toBe(torrent.files[2]?.sha256);
  });

  it('season pack - the episode asked for is the one that plays', async () => {
    const torrent = await lab.make({
      name: 'Open.Show.S02.1080p',
      pieceLength: 65_536,
      files: [1, 2, 3].map((episode) => ({
        path: [`Open.Show.S02E0${String(episode)}.1080p.mkv`],
        sizeBytes: 500_000 + 100_000 * (3 - episode),
      })),
    });
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet, season: 2, episode: 3 });
    const status = await untilReady(prepared);
    expect(status).toMatchObject({ fileName: 'Open.Show.S02E03.1080p.mkv', fileIndex: 2 });
    expect((await askHash(lab.server.url(status.streamUrl ?? ''))).sha256).toBe(torrent.files[2]?.sha256);
  });

  it('season pack - an episode that is not in it fails with a reason', async () => {
    const torrent = await lab.make({
      name: 'Open.Show.S03',
      pieceLength: 65_536,
      files: [{ path: ['Open.Show.S03E01.mkv'], sizeBytes: 300_000 }],
    });
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet, season: 3, episode: 9 });
    await expect(untilReady(prepared)).rejects.toThrow(/Preparation failed: .+/);
  });

  it.each([
    ['quotes', `It's a "film".mkv`],
    ['a percent sign', '100% of %41 %zz.mkv'],
    ['a shell expression', '$(touch owned) `touch owned`; rm -rf .mkv'],
    ['Unicode', 'Amélie – 映画 🎬 фильм.mkv'],
    ['a line break and a header', 'film\r\nX-Injected: yes.mkv'],
    ['a question mark and a hash', 'what? #1 & more.mkv'],
    ['markup', '<script>alert(1)</script>.mkv'],
  ])('name - %s is served, and harms nobody', async (_label, name) => {
    const torrent = await lab.make({
      name: `Names ${name}`,
      pieceLength: 65_536,
      files: [
        { path: ['note.txt'], sizeBytes: 10 },
        { path: ['folder', name], sizeBytes: 400_000 },
      ],
    });
    const { status, streamUrl } = await lab.ready(torrent);
    expect(status.fileIndex).toBe(1);
    const url = lab.server.url(status.streamUrl ?? streamUrl);
    expect((await askHash(url)).sha256).toBe(torrent.files[1]?.sha256);
    const head = await ask(url, { method: 'HEAD' });
    expect(head.headers['x-injected']).toBeUndefined();
    expect(head.headers['content-disposition']).toMatch(/^inline/);
    expect(head.headers['content-type']).toBe('video/x-matroska');
    const listed = await ask(lab.server.url(`/torrents/${torrent.infoHash}/playlist?apikey=${lab.server.apiKey}`));
    expect(listed.status).toBe(200);
    expect(existsSync('owned')).toBe(false);
  });

  it('name - paths that climb out of the folder stay inside the cache', async () => {
    const torrent = await lab.make({
      name: '../../escaped',
      pieceLength: 65_536,
      files: [
        { path: ['..', '..', 'escaped-1.mkv'], sizeBytes: 400_000 },
        { path: ['/etc', 'escaped-2.mkv'], sizeBytes: 300_000 },
        { path: ['C:\\escaped-3.mkv'], sizeBytes: 200_000 },
      ],
    });
    for (const file of torrent.files) {
      const { streamUrl } = await lab.ready(torrent, file.index);
      expect((await askHash(streamUrl)).sha256).toBe(file.sha256);
    }
    const names = await readdir(lab.server.dataDir, { recursive: true });
    expect(names.filter((name) => name.includes('escaped'))).toEqual([]);
    expect(existsSync('/etc/escaped-2.mkv')).toBe(false);
  });
});
