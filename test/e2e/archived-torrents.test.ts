// A film in RAR volumes inside a torrent: prepared by magnet, played byte for byte, though nobody ever unpacks it.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { archiveFixture, fixtureBytes } from '../support/archive-fixtures.js';
import { ask, askHash, askRange, askJson } from '../support/http.js';
import { prepare, untilReady } from '../support/prepare.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const FILM = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';

describe('archives in torrents', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  const make = (set: string, name: string) =>
    lab.make({
      name,
      pieceLength: 16_384,
      files: [
        { path: ['readme.nfo'], bytes: Buffer.from('about') },
        ...archiveFixture(set).volumes.map((volume) => ({ path: [volume], bytes: fixtureBytes(set, volume) })),
      ],
    });

  it.each(['rar5-volumes', 'rar4-old-names', '7z-stored-split'])(
    '%s - the film plays as if it were a file of the torrent',
    async (set) => {
      const torrent = await make(set, `Open.Film.2024.${set}`);
      const { streamUrl, status } = await lab.ready(torrent);
      const { size, sha256 } = archiveFixture(set).contains[FILM]!;
      expect(status).toMatchObject({ fileName: FILM, fileSize: size });
      const whole = await askHash(streamUrl);
      expect(whole).toMatchObject({ sha256 });
      const { body } = await ask(streamUrl);
      for (const [start, end] of [
        [0, 1],
        [98_000, 99_000],
        [size - 500, size],
      ] as const) {
        expect((await askRange(streamUrl, start, end)).body.equals(body.subarray(start, end))).toBe(true);
      }
    },
  );

  it('lists of torrents - show the volumes and no members', async () => {
    const torrent = await make('rar5-volumes', 'Open.Film.2024.listed');
    await lab.ready(torrent);
    const url = lab.server.url('/torrents');
    await askJson(url, { method: 'POST', headers: { 'x-api-key': lab.server.apiKey }, body: torrent.magnet });
    const { json } = await lab.server.get(`/torrents/${torrent.infoHash}`);
    const { files } = json as unknown as { files: readonly { readonly name: string }[] };
    expect(files).toHaveLength(6);
  });

  it('a compressed archive - fails with its reason', async () => {
    const torrent = await make('rar5-compressed', 'Open.Film.2024.compressed');
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    await expect(untilReady(prepared)).rejects.toThrow(/compressed/i);
  });
});
