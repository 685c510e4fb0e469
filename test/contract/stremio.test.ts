// The Stremio protocol against a running server: what clients may rely on, whatever they send.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import addonClient from 'stremio-addon-client';
import linter from 'stremio-addon-linter';
import { ask, askJson } from '../support/http.js';
import { makeRelease, StremioHarness } from '../support/stremio-harness.js';

interface Listed {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly behaviorHints: Readonly<Record<string, unknown>>;
  readonly subtitles?: readonly { readonly url: string; readonly lang: string }[];
}

interface Subtitle {
  readonly id: string;
  readonly url: string;
  readonly lang: string;
}

describe('stremio protocol', () => {
  let harness: StremioHarness;

  beforeEach(async () => {
    harness = await StremioHarness.open();
  });
  afterEach(() => harness.close());

  const streams = async (type: string, id: string): Promise<readonly Listed[]> =>
    (await askJson(`${harness.base}/stream/${type}/${id}.json`)).json['streams'] as Listed[];

  it('manifest - passes the linter, is small and holds no null', async () => {
    const { status, headers, json } = await askJson(`${harness.base}/manifest.json`);
    const text = JSON.stringify(json);
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(linter.lintManifest(json)).toMatchObject({ valid: true, errors: [], warnings: [] });
    expect(text.length).toBeLessThan(8192);
    expect(text).not.toContain('null');
    expect((await ask(json['logo'] as string)).headers['content-type']).toBe('image/png');
  });

  it('addon client - installs the addon, lists a film and reaches its configure page', async () => {
    const { addon } = await addonClient.detectFromURL(`${harness.base}/manifest.json`);
    expect(addon.isSupported('stream', 'movie', 'tt1254207')).toBe(true);
    expect(addon.isSupported('meta', 'movie', 'tt1254207')).toBe(false);
    const answer = await addon.get('stream', 'movie', 'tt1254207');
    expect(answer['streams']).toHaveLength(1);
    expect((await ask(`${harness.base}/configure`)).status).toBe(200);
  });

  it('wrong key - is refused with 401 that a page may read', async () => {
    for (const path of [
      'manifest.json',
      'stream/movie/tt1254207.json',
      'subtitles/movie/tt1254207/videoSize=5.json',
      'catalog/other/headstart-ready.json',
    ]) {
      const { status, headers } = await ask(`${harness.origin}/stremio/wrong/${path}`);
      expect([status, headers['access-control-allow-origin']]).toEqual([401, '*']);
    }
  });

  it('without a key - the root has no manifest while keys are needed, and has one with AUTH=none', async () => {
    expect((await ask(`${harness.origin}/manifest.json`)).status).toBe(404);
    const open = await StremioHarness.open({ env: { AUTH: 'none' } });
    try {
      expect((await askJson(`${open.origin}/manifest.json`)).json).toMatchObject({ name: 'Headstart' });
      const { json } = await askJson(`${open.origin}/stream/movie/tt1254207.json`);
      expect((json['streams'] as Listed[])[0]?.url).toContain(`${open.base}/play/`);
    } finally {
      await open.close();
    }
  });

  it('caching - is private and short, shorter for nothing, none for a refusal', async () => {
    const cacheOf = async (url: string): Promise<string | undefined> => (await ask(url)).headers['cache-control'];
    expect(await cacheOf(`${harness.base}/manifest.json`)).toBe('private, max-age=60');
    expect(await cacheOf(`${harness.base}/stream/movie/tt1254207.json`)).toBe('private, max-age=30');
    expect(await cacheOf(`${harness.base}/stream/movie/tt0000001.json`)).toBe('private, max-age=10');
    expect(await cacheOf(`${harness.base}/catalog/movie/headstart-ready.json`)).toBe('private, max-age=10');
    expect(await cacheOf(`${harness.origin}/stremio/wrong/manifest.json`)).toBe('private, no-store');
  });

  it('ids - arrive percent-encoded, with extras and queries behind them', async () => {
    harness.keep(
      makeRelease('Show.S01', [
        ['Show.S01E01.mkv', 10],
        ['Show.S01E02.mkv', 20],
      ]),
      'tt7654321',
    );
    const [encoded] = await streams('series', 'tt7654321%3A1%3A2');
    const [plain] = await streams('series', 'tt7654321:1:2');
    expect(encoded?.behaviorHints).toMatchObject({ filename: 'Show.S01E02.mkv', videoSize: 20 });
    expect(encoded).toEqual(plain);
    const skipped = await askJson(`${harness.base}/catalog/series/headstart-ready/skip=1&genre=a%26b.json?x=1`);
    expect(skipped.json['metas']).toEqual([]);
    const first = await askJson(`${harness.base}/catalog/series/headstart-ready/genre=a%26skip%3D1.json?skip=1`);
    expect(first.json['metas']).toHaveLength(1);
  });

  it.each(['tt', '%00', 'tt1%ZZ', '../../etc', 'headstart:xyz', 'tt'.repeat(500)])(
    'ids - %.20s is answered with 200 and no stream to play',
    async (id) => {
      const { status, json } = await askJson(`${harness.base}/stream/movie/${id.replaceAll('/', '%2F')}.json`);
      expect(status).toBe(200);
      expect((json['streams'] as Listed[]).every(({ url }) => url === undefined)).toBe(true);
    },
  );

  it('streams - the address is the same every time and ends in the file name', async () => {
    const [first] = await streams('movie', 'tt1254207');
    const [second] = await streams('movie', 'tt1254207');
    expect(first?.url).toBe(second?.url);
    expect(first?.url).toMatch(/\/stremio\/[\w-]{22}\/play\/[\w-]{22}\/1\/Big%20Buck%20Bunny\.mp4$/);
  });

  it('streams - every address begins with the origin the caller used', async () => {
    const { json } = await askJson(`${harness.base}/stream/movie/tt1254207.json`, {
      headers: { host: 'media.test:81' },
    });
    const [stream] = json['streams'] as Listed[];
    expect(stream?.url).toMatch(/^http:\/\/media\.test:81\/stremio\//);
    expect(stream?.subtitles?.[0]?.url).toMatch(/^http:\/\/media\.test:81\/stremio\//);
  });

  it('streams - what plays at once says so and comes first', async () => {
    harness.keep(makeRelease('Film.2020.2160p.WEB-DL', [['film.mkv', 9_000_000]], 'd'), 'tt0000002');
    const ready = harness.keep(makeRelease('Film.2020.720p.WEB-DL', [['film.mkv', 2_000_000]], 'e'), 'tt0000002');
    const job = await harness.jobs.prepare({ source: ready.source, fileIndex: 0 });
    await harness.jobs.untilStreamable(job.id, { signal: new AbortController().signal });
    const names = (await streams('movie', 'tt0000002')).map(({ name }) => name);
    expect(names).toEqual(['Headstart ⚡\n720p', 'Headstart ⏳\n2160p']);
  });

  describe('subtitles', () => {
    const name = 'Harbour & Lights=1+1 100%.mkv';
    const subtitlesFor = async (type: string, rest: string): Promise<readonly Subtitle[]> => {
      const { status, json } = await askJson(`${harness.base}/subtitles/${type}/${rest}.json`);
      expect(status).toBe(200);
      return json['subtitles'] as Subtitle[];
    };

    beforeEach(() => {
      const files = (size: number): [string, number][] => [
        [name, size],
        ['Harbour & Lights=1+1 100%.de.ass', 90],
      ];
      harness.keep(makeRelease('Harbour.Lights.2020.720p', files(7_000), 'd'), 'tt0000004');
      harness.keep(makeRelease('Harbour.Lights.2020.1080p', files(9_000), 'e'), 'tt0000004');
      const ass =
        '[Script Info]\r\n[Events]\r\nDialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\\i1}Gute Nacht{\\i0}\\Nallen';
      harness.engine.texts.set('Harbour & Lights=1+1 100%.de.ass', Buffer.from(`\uFEFF${ass}`, 'utf16le'));
    });

    it('extras - are split before they are decoded, and say which release it is', async () => {
      const [large] = await subtitlesFor('movie', `tt0000004/filename=${encodeURIComponent(name)}&videoSize=9000`);
      const [small] = await subtitlesFor('movie', `tt0000004/videoSize=7000&filename=${encodeURIComponent(name)}`);
      const listed = await streams('movie', 'tt0000004');
      const urlOf = (size: number): string | undefined =>
        listed.find(({ behaviorHints }) => behaviorHints['videoSize'] === size)?.subtitles?.[0]?.url;
      expect(large).toEqual({ id: 'headstart-1', lang: 'ger', url: urlOf(9_000) });
      expect(small?.url).toBe(urlOf(7_000));
      expect(small?.url).not.toBe(large?.url);
    });

    it('addresses - are absolute, open what was never listed before, and give WebVTT', async () => {
      const [subtitle] = await subtitlesFor('movie', 'tt0000004/videoSize=9000');
      expect(subtitle?.url).toMatch(`${harness.base}/sidecar/`);
      const { headers, body } = await ask(subtitle?.url ?? '');
      expect(headers['content-type']).toBe('text/vtt; charset=utf-8');
      expect(body.toString('utf8')).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>Gute Nacht</i>\nallen\n');
    });

    it('hash - finds the file whatever it is called, and stands in the list once it is known', async () => {
      const videoHash = '00000000deadbeef';
      const release = makeRelease('Harbour.Lights.2020.1080p', [], 'e');
      expect((await streams('movie', 'tt0000004')).map(({ behaviorHints }) => behaviorHints['videoHash'])).toEqual([
        undefined,
        undefined,
      ]);
      harness.library.setMedia(release.contentId, 0, { videoHash });
      const [subtitle] = await subtitlesFor('movie', `tt0000004/filename=x&videoHash=${videoHash}`);
      const hashed = (await streams('movie', 'tt0000004')).find(({ behaviorHints }) => behaviorHints['videoHash']);
      expect(hashed?.behaviorHints).toMatchObject({ videoHash, videoSize: 9_000 });
      expect(subtitle?.url).toBe(hashed?.subtitles?.[0]?.url);
    });

    it('a file of the library - is known by its id alone', async () => {
      const id = `headstart:${'d'.repeat(40)}`;
      expect(await subtitlesFor('other', `${id}:0`)).toHaveLength(1);
      expect(await subtitlesFor('other', `${encodeURIComponent(id)}/videoSize=7000`)).toHaveLength(1);
      expect(await subtitlesFor('other', `headstart:${'0'.repeat(40)}:0`)).toEqual([]);
    });

    it('an open film - has the subtitles it was released with', async () => {
      const [stream] = await streams('movie', 'tt1254207');
      const { filename, videoSize } = stream?.behaviorHints ?? {};
      const extra = `filename=${encodeURIComponent(String(filename))}&videoSize=${String(videoSize)}`;
      expect(await subtitlesFor('movie', `tt1254207/${extra}`)).toEqual(stream?.subtitles);
    });

    it.each([
      'tt0000004',
      'tt0000004/videoSize=8000',
      'tt0000004/filename=other.mkv&videoSize=9000',
      'tt0000004/filename=a%26videoSize%3D9000',
      'tt0000004/videoSize=9000&videoSize=7000',
      'tt0000004/videoSize=-1&videoHash=zz&filename=',
      'tt0000004/filename=%ZZ',
      'tt0000009/videoSize=9000',
      '%00/filename=x',
      `tt0000004/filename=${'%F0'.repeat(3_000)}`,
    ])('%.60s - is nothing known here: an empty answer, kept briefly', async (rest) => {
      expect(await subtitlesFor('movie', rest)).toEqual([]);
      const { headers } = await ask(`${harness.base}/subtitles/movie/${rest}.json`);
      expect(headers['cache-control']).toMatch(/^private, (?:max-age=(?:10|60)|no-store)$/);
    });

    it('text tracks of the file - are offered once it is wholly here, after the files beside it', async () => {
      const release = makeRelease('Harbour.Lights.2020.1080p', [], 'e');
      const subtitles = [
        { index: 2, codec: 'subrip', language: 'eng', isText: true },
        { index: 3, codec: 'hdmv_pgs_subtitle', language: 'eng', isText: false },
      ];
      harness.library.setMedia(release.contentId, 0, { container: 'matroska', subtitles });
      harness.held.set(release.contentId, { fileHaveBytes: [8_999, 0] });
      expect(await subtitlesFor('movie', 'tt0000004/videoSize=9000')).toHaveLength(1);
      harness.held.set(release.contentId, { fileHaveBytes: [9_000, 0] });
      const [beside, inside, ...others] = await subtitlesFor('movie', 'tt0000004/videoSize=9000');
      expect([beside?.lang, inside?.lang, others]).toEqual(['ger', 'eng', []]);
      const { headers, body } = await ask(inside?.url ?? '');
      expect(headers).toMatchObject({ 'content-type': 'text/vtt; charset=utf-8', 'access-control-allow-origin': '*' });
      expect(body.toString('utf8')).toBe(`WEBVTT\n\n00:01.000 --> 00:02.000\n${name} 2\n`);
      const url = inside?.url ?? '';
      const statusOf = async (address: string): Promise<number> => (await ask(address)).status;
      expect(await statusOf(url.replace('2.vtt', '3.vtt'))).toBe(404);
      expect(await statusOf(url.replace('2.vtt', '2'))).toBe(404);
      expect(await statusOf(url.replace(/embedded\/[^/]+/, 'embedded/unknown'))).toBe(404);
      expect(await statusOf(url.replace(/stremio\/[^/]+/, 'stremio/wrong'))).toBe(401);
      harness.held.clear();
      expect(await statusOf(url)).toBe(503);
    });

    it('addon client - asks for them as for any resource', async () => {
      const { addon } = await addonClient.detectFromURL(`${harness.base}/manifest.json`);
      expect(addon.isSupported('subtitles', 'movie', 'tt0000004')).toBe(true);
      const answer = await addon.get('subtitles', 'movie', 'tt0000004', { filename: name, videoSize: 9000 });
      expect(answer['subtitles']).toHaveLength(1);
    });
  });

  it('sidecars - come as UTF-8 WebVTT, whatever they were written in', async () => {
    const release = harness.keep(
      makeRelease(
        'Film',
        [
          ['Film.mkv', 5_000],
          ['Film.fr.srt', 60],
        ],
        'f',
      ),
      'tt0000003',
    );
    harness.engine.texts.set(
      'Film.fr.srt',
      Buffer.from('1\r\n00:00:01,000 --> 00:00:02,500\r\n\u00e7a va\r\n', 'latin1'),
    );
    const [stream] = await streams('movie', 'tt0000003');
    const [subtitle] = stream?.subtitles ?? [];
    expect(release.files[1]?.name).toBe('Film.fr.srt');
    expect(subtitle?.lang).toBe('fre');
    const { headers, body } = await ask(subtitle?.url ?? '');
    expect(headers['content-type']).toBe('text/vtt; charset=utf-8');
    expect(body.toString('utf8')).toBe('WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nça va\n');
  });
});

describe('stremio addresses that cannot be read', () => {
  it.each(['/stremio/%ZZ/manifest.json', '/stremio/%ZZ/configure', '/stremio/k/play/%ZZ/0/a.mkv'])(
    '%s - is answered with an error, without a trace of the inside',
    async (path) => {
      const harness = await StremioHarness.open();
      try {
        const { status, body } = await ask(`${harness.origin}${path}`);
        expect([400, 401]).toContain(status);
        expect(body.toString()).not.toMatch(/node_modules|\bat /);
      } finally {
        await harness.close();
      }
    },
  );
});
