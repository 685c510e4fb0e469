// Subtitles of a film from a swarm, as a player meets them: files beside it, tracks inside it, and the hash it is known by.

import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, askHash, askJson } from '../support/http.js';
import { clip } from '../support/media.js';
import { prepare, untilReady } from '../support/prepare.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

const titleId = 'tt9999911';
const name = 'Harbour.Lights.2022.720p.WEB.x264-GROUP';
const subRip =
  '1\n00:00:01,000 --> 00:00:02,500\n<i>Good evening</i>\n\n2\n00:00:04,000 --> 00:00:05,000\nThe tide is in\n';
const script = [
  '[Script Info]',
  '[Events]',
  'Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\an8}Guten Abend,\\Nihr alle',
].join('\r\n');

interface Stream {
  readonly url: string;
  readonly behaviorHints: { readonly filename: string; readonly videoSize: number; readonly videoHash?: string };
  readonly subtitles?: readonly Subtitle[];
}

interface Subtitle {
  readonly id: string;
  readonly url: string;
  readonly lang: string;
}

describe('subtitles', () => {
  let lab: TorrentLab;
  let film: MadeTorrent;
  let base: string;
  let path: string;

  beforeAll(async () => {
    path = await clip({ container: 'mkv', seconds: 12, kilobitsPerSecond: 600, subtitles: subRip });
    lab = await startTorrentLab();
    base = lab.server.manifestUrl.replace('/manifest.json', '');
    film = await lab.make({
      name,
      pieceLength: 65_536,
      files: [
        { path: [`${name}.mkv`], from: path },
        { path: [`${name}.de.ass`], bytes: Buffer.from(script) },
      ],
    });
    await untilReady(await prepare(lab.server, film.infoHash, { magnet: film.magnet, id: titleId }));
  });
  afterAll(() => lab.close());

  const listed = async (): Promise<Stream> => {
    const { json } = await askJson(`${base}/stream/movie/${titleId}.json`);
    const [stream] = json.streams as Stream[];
    if (stream === undefined) throw new Error('The film is not listed.');
    return stream;
  };
  const hashed = (): Promise<Stream> =>
    until('its hash is known', async () => {
      const stream = await listed();
      return stream.behaviorHints.videoHash === undefined ? null : stream;
    });
  const subtitlesFor = async ({ behaviorHints }: Stream): Promise<readonly Subtitle[]> => {
    const { filename, videoSize, videoHash } = behaviorHints;
    const told = `filename=${encodeURIComponent(filename)}&videoSize=${String(videoSize)}`;
    const { json } = await askJson(`${base}/subtitles/movie/${titleId}/${told}&videoHash=${String(videoHash)}.json`);
    return json.subtitles as Subtitle[];
  };

  it('hash - is that of the file as it lies on the disk', async () => {
    const bytes = await readFile(path);
    let sum = BigInt(bytes.length);
    for (const start of [0, bytes.length - 65_536]) {
      for (let at = start; at < start + 65_536; at += 8) sum += bytes.readBigUInt64LE(at);
    }
    expect((await hashed()).behaviorHints.videoHash).toBe((sum % 2n ** 64n).toString(16).padStart(16, '0'));
  });

  it('a file beside the film - is offered by the list and to the player, and read as WebVTT', async () => {
    const stream = await hashed();
    const german = (await subtitlesFor(stream)).find(({ lang }) => lang === 'ger');
    expect(stream.subtitles).toEqual([german]);
    expect((await ask(german?.url ?? '')).body.toString('utf8')).toBe(
      'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nGuten Abend,\nihr alle\n',
    );
  });

  it('a track inside the film - is offered once the film is here, and read as WebVTT', async () => {
    const stream = await hashed();
    await askHash(stream.url);
    const english = await until('it is offered', async () => {
      return (await subtitlesFor(stream)).find(({ lang }) => lang === 'eng') ?? null;
    });
    const { body } = await ask(english.url);
    expect(body.toString('utf8')).toMatch(/^WEBVTT\n\n00:01\.0\d\d --> 00:02\.5\d\d\n<i>Good evening<\/i>\n\n/);
    expect(body.toString('utf8')).toContain('The tide is in');
  });
});
