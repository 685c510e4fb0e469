// The Stremio face as Stremio's own code sees it: its core, its addon client, its linter, and a player on the play address.

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { startFileServer } from '../support/file-server.js';
import { ask, askHash, askJson, open, readSome, sha256 } from '../support/http.js';
import { clip } from '../support/media.js';
import { playWithMpv, probeDuration, run } from '../support/players.js';
import { prepare, untilReady } from '../support/prepare.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

const require = createRequire(import.meta.url);
const titleId = 'tt9999901';
const deadTitleId = 'tt9999902';
const seriesId = 'tt9999903';

interface Stream {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly behaviorHints: { readonly filename: string; readonly videoSize?: number; readonly bingeGroup: string };
}

interface CoreReport {
  readonly isInstalled: boolean;
  readonly groups: readonly { readonly content: { readonly type: string; readonly content: readonly Stream[] } }[];
}

interface AddonClient {
  detectFromURL(url: string): Promise<{
    addon: {
      readonly manifest: object;
      get(...args: string[]): Promise<{ streams: Stream[]; metas: { id: string }[] }>;
    };
  }>;
}

describe('stremio', () => {
  let lab: TorrentLab;
  let film: MadeTorrent;
  beforeAll(async () => {
    lab = await startTorrentLab({ env: { PLAY_HOLD: '3s', PLAY_DEADLINE: '12s' } });
    film = await lab.make({
      name: 'Listed.Film.2020.1080p.WEB.x264-GROUP.mkv',
      pieceLength: 65_536,
      files: [{ path: [], from: await clip({ container: 'mkv', seconds: 30, kilobitsPerSecond: 1200 }) }],
      uploadLimit: 3_000_000,
    });
    await untilReady(await prepare(lab.server, film.infoHash, { magnet: film.magnet, id: titleId }));
  });
  afterAll(() => lab.close());

  const streamsOf = async (type: string, id: string): Promise<Stream[]> => {
    const base = lab.server.manifestUrl.replace('/manifest.json', '');
    const { status, json } = await askJson(`${base}/stream/${type}/${id}.json`);
    expect(status).toBe(200);
    return json.streams as Stream[];
  };

  it('linter and addon client - take the manifest and get the streams', async () => {
    const { lintManifest } = require('stremio-addon-linter') as {
      readonly lintManifest: (manifest: object) => { valid: boolean };
    };
    const client = require('stremio-addon-client') as AddonClient;
    const { addon } = await client.detectFromURL(lab.server.manifestUrl);
    expect(lintManifest(addon.manifest)).toMatchObject({ valid: true });
    expect(JSON.stringify(addon.manifest).length).toBeLessThan(8192);
    const { streams } = await addon.get('stream', 'movie', titleId);
    expect(streams).toHaveLength(1);
  });

  it('core - installs the addon and keeps every stream that is emitted', async () => {
    const emitted = await streamsOf('movie', titleId);
    const report = await openInCore(lab.server.manifestUrl, 'movie', titleId);
    expect(report.isInstalled).toBe(true);
    const kept = report.groups.flatMap((group) => group.content.content);
    expect(report.groups[0]?.content.type).toBe('Ready');
    expect(kept.map((stream) => stream.url)).toEqual(emitted.map((stream) => stream.url));
    expect(kept.map((stream) => stream.description)).toEqual(emitted.map((stream) => stream.description));
  });

  it('core - has the catalogue of open films, each with a stream', async () => {
    const report = await openInCore(lab.server.manifestUrl, 'movie', 'tt1254207');
    expect(report.groups.flatMap((group) => group.content.content).length).toBeGreaterThan(0);
  });

  it('streams - say what plays at once and what it is, with an address that stays the same', async () => {
    const [stream] = await streamsOf('movie', titleId);
    expect(stream?.name).toMatch(/^Headstart ⚡\n1080p$/);
    expect(stream?.description).toMatch(/💾 .* 🔍 /);
    expect(stream?.behaviorHints).toMatchObject({
      filename: 'Listed.Film.2020.1080p.WEB.x264-GROUP.mkv',
      videoSize: film.totalBytes,
    });
    expect((await streamsOf('movie', titleId))[0]?.url).toBe(stream?.url);
    expect(await streamsOf('movie', 'tt0000000')).toEqual(expect.any(Array));
  });

  it('play - HEAD tells what it is, GET serves the film on the same address, players play and seek', async () => {
    const [stream] = await streamsOf('movie', titleId);
    const url = stream?.url ?? '';
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'video/x-matroska' },
    });
    expect((await ask(url, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
    expect(await playWithMpv(url, { startSeconds: 20, lengthSeconds: 3 })).toMatchObject({ code: 0 });
    expect(await probeDuration(url)).toBeCloseTo(30, 0);
    expect((await askHash(url)).sha256).toBe(film.files[0]?.sha256);
  });

  it('play - 20 taps at once are one preparation', async () => {
    const torrent = await lab.make({
      name: 'Tapped.Film.2021.720p.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 1_500_000 }],
    });
    await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet, id: 'tt9999904' }).then((prepared) =>
      untilReady(prepared),
    );
    const [stream] = await streamsOf('movie', 'tt9999904');
    const hashes = await Promise.all(Array.from({ length: 20 }, () => askHash(stream?.url ?? '')));
    expect(new Set(hashes.map(({ sha256 }) => sha256))).toEqual(new Set([torrent.files[0]?.sha256]));
  });

  it('play - a dead torrent ends in the clip that says so when time is up, seekable, and nothing hangs', async () => {
    const url = await listDead(lab);
    // Each redirect stands for 3 of the 12 s there are.
    const shown = await follow(url, 4);
    expectNoPeersClip(shown);
    expect(shown.body.length).toBeLessThan(200_000);
  });

  it('play - an episode of a pack is the one that was opened', async () => {
    const torrent = await lab.make({
      name: 'Listed.Show.S01.720p.WEB.x264-GROUP',
      pieceLength: 65_536,
      files: [1, 2].map((episode) => ({
        path: [`Listed.Show.S01E0${String(episode)}.mkv`],
        sizeBytes: 400_000 + episode,
      })),
    });
    await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet, id: `${seriesId}:1:1` }).then((prepared) =>
      untilReady(prepared),
    );
    const [stream] = await streamsOf('series', encodeURIComponent(`${seriesId}:1:2`));
    expect(sha256((await follow(stream?.url ?? '')).body)).toBe(torrent.files[1]?.sha256);
  });

  it('catalog - shows what is in the library', async () => {
    const base = lab.server.manifestUrl.replace('/manifest.json', '');
    const { json } = await askJson(lab.server.manifestUrl);
    const catalogs = json.catalogs as { type: string; id: string }[];
    const found = await Promise.all(
      catalogs.map(
        async ({ type, id }) => (await askJson(`${base}/catalog/${type}/${id}.json`)).json.metas as { id: string }[],
      ),
    );
    expect(found.flat().map(({ id }) => id)).toContain(titleId);
  });

  it('a wrong key - is refused with CORS headers, so that the app can say so', async () => {
    const wrong = lab.server.manifestUrl.replace(/\/stremio\/[^/]+/, '/stremio/wrong');
    const answer = await ask(wrong, { headers: { origin: 'https://web.stremio.com' } });
    expect(answer.status).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  it('a viewer who leaves - leaves nothing open', async () => {
    const [stream] = await streamsOf('movie', titleId);
    const sockets = async (): Promise<number> =>
      (await lab.server.openHandles()).filter((handle) => handle === 'socket').length;
    const before = await sockets();
    for (let tap = 0; tap < 10; tap++) {
      const response = await open(stream?.url ?? '');
      await readSome(response, 1000);
      response.destroy();
    }
    await until('the sockets are closed', async () => (await sockets()) <= before + 1);
  });
});

describe('a torrent without peers', () => {
  it('play - ends as soon as its preparation has failed, however much time is left', async () => {
    const lab = await startTorrentLab({ env: { PREPARE_TIMEOUT: '3s', PLAY_HOLD: '1h', PLAY_DEADLINE: '1h' } });
    try {
      expectNoPeersClip(await ask(await listDead(lab)));
    } finally {
      await lab.close();
    }
  });
});

/** The address of a listed film that nobody has. */
async function listDead(lab: TorrentLab): Promise<string> {
  const torrent = await lab.make({
    name: 'Dead.Film.2019.1080p.mkv',
    pieceLength: 65_536,
    files: [{ path: [], sizeBytes: 2_000_000 }],
    isSeeded: false,
  });
  const files = lab.resources.use(await startFileServer({ '/dead.torrent': torrent.torrentBytes }));
  await prepare(lab.server, null, { torrent_url: `${files.origin}/dead.torrent`, id: deadTitleId });
  const list = lab.server.manifestUrl.replace('/manifest.json', `/stream/movie/${deadTitleId}.json`);
  return until('it is listed', async () => ((await askJson(list)).json.streams as Stream[])[0]?.url ?? null);
}

function expectNoPeersClip({ status, headers, body }: Awaited<ReturnType<typeof ask>>): void {
  expect(status).toBe(200);
  expect(headers['content-disposition']).toContain('headstart-no-peers.mp4');
  expect(headers['content-type']).toBe('video/mp4');
  expect(headers['accept-ranges']).toBe('bytes');
  expect(headers['cache-control']).toMatch(/no-store/);
  expect(body.subarray(4, 8).toString('latin1')).toBe('ftyp');
}

async function openInCore(manifestUrl: string, type: string, id: string): Promise<CoreReport> {
  const script = join(process.cwd(), 'test', 'support', 'stremio-core.mjs');
  const { code, output } = await run(process.execPath, [script, manifestUrl, type, id], 150_000);
  if (code !== 0) throw new Error(`Stremio's core ended with ${String(code)}: ${output}`);
  return JSON.parse(output.slice(output.indexOf('{"isInstalled"'))) as CoreReport;
}

/** Follows the redirects of a held play request, as players do. */
async function follow(url: string, hops = 15): Promise<Awaited<ReturnType<typeof ask>>> {
  const answer = await ask(url);
  if (answer.status !== 307 || hops === 0) return answer;
  return follow(new URL(answer.headers.location ?? '', url).href, hops - 1);
}
