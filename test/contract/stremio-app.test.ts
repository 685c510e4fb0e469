// The addon through Stremio's own core: installed, browsed, opened; nothing that is emitted may get lost on the way.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askJson } from '../support/http.js';
import { StremioApp } from '../support/stremio-app.js';
import { makeRelease, StremioHarness } from '../support/stremio-harness.js';

const FILMS = ['tt1727587', 'tt1254207', 'tt2285752', 'tt4957236'];
const series = makeRelease(
  'Made.Up.Show.S01.1080p.WEB-DL.x265-GROUP',
  [
    ['Made.Up.Show.S01E01.mkv', 5_000_000],
    ['Made.Up.Show.S01E02.mkv', 6_000_000],
    ['Made.Up.Show.S01E02.en.srt', 900],
  ],
  'b',
);
const oddlyNamed = makeRelease(
  'Harbour & Lights',
  [
    ['Harbour & Lights = 100% + ü.mkv', 5_000_000],
    ['Harbour & Lights = 100% + ü.pt-br.ass', 900],
  ],
  'd',
);
const untitled = makeRelease(
  'Holiday "2024" <b>',
  [
    ['Day 1.mp4', 700],
    ['Day 2.mp4', 900],
  ],
  'c',
);

describe('stremio app', () => {
  let harness: StremioHarness;
  let core: StremioApp;

  beforeAll(async () => {
    harness = await StremioHarness.open();
    harness.keep(series, 'tt7654321');
    harness.keep(oddlyNamed, 'tt7654322');
    harness.keep(untitled);
    core = await StremioApp.boot(harness.origin);
  });
  afterAll(() => harness.close());

  it('manifest - is fetched, accepted and installed, with every resource whole', async () => {
    const { manifest } = await core.install(`${harness.base}/manifest.json`);
    expect(manifest).toMatchObject({ name: 'Headstart', version: '1.2.3', logo: `${harness.origin}/logo.png` });
  });

  it.each(FILMS)('streams - every stream emitted for %s is kept', async (id) => {
    await core.install(`${harness.base}/manifest.json`);
    const emitted = (await askJson(`${harness.base}/stream/movie/${id}.json`)).json['streams'] as { url: string }[];
    const kept = await core.streams('movie', id);
    expect(kept.map(({ url }) => url)).toEqual(emitted.map(({ url }) => url));
    expect(kept[0]?.behaviorHints).toMatchObject({ filename: expect.any(String), videoSize: expect.any(Number) });
  });

  it('streams - an episode of a pack is listed with its own file and its subtitles', async () => {
    await core.install(`${harness.base}/manifest.json`);
    const [stream, ...others] = await core.streams('series', 'tt7654321', 'tt7654321:1:2');
    expect(others).toEqual([]);
    expect(stream?.url).toMatch(/\/1\/Made\.Up\.Show\.S01E02\.mkv$/);
    expect(stream?.subtitles?.map(({ lang }) => lang)).toEqual(['eng']);
  });

  it.each([
    ['series', 'tt7654321', 'tt7654321:1:2', 'eng'],
    ['movie', 'tt7654322', 'tt7654322', 'pob'],
  ])('subtitles - of the %s %s are found by what the player tells of the file', async (type, metaId, videoId, lang) => {
    await core.install(`${harness.base}/manifest.json`);
    const [stream] = await core.streams(type, metaId, videoId);
    const { videoSize, filename } = stream?.behaviorHints ?? {};
    const video = { hash: null, size: Number(videoSize), filename: String(filename) };
    const subtitles = await core.subtitles(type, videoId, stream ?? {}, video);
    expect(subtitles).toMatchObject([{ lang, url: stream?.subtitles?.[0]?.url }]);
  });

  it('streams - where nothing is found, the line that says so is kept', async () => {
    await core.install(`${harness.base}/manifest.json`);
    const kept = await core.streams('movie', 'tt0000001');
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ externalUrl: `${harness.base}/configure` });
  });

  it('catalog and meta - what has no title of its own is listed, and opens with all its files', async () => {
    const { manifest } = await core.install(`${harness.base}/manifest.json`);
    expect(manifest['catalogs']).toHaveLength(4);
    const items = await core.catalog(`${harness.base}/manifest.json`, 'other', 'headstart-ready');
    expect(items.map(({ id }) => id)).toEqual([`headstart:${untitled.contentId}`]);
    const page = await core.meta('other', `headstart:${untitled.contentId}`);
    expect(page.videos.map(({ title }) => title)).toEqual(['Day 1.mp4', 'Day 2.mp4']);
  });

  it('catalog - the open films are there from the first minute, by their own ids', async () => {
    await core.install(`${harness.base}/manifest.json`);
    const items = await core.catalog(`${harness.base}/manifest.json`, 'movie', 'headstart-open');
    expect(items.map(({ id }) => id)).toEqual(['tt1727587', 'tt1254207', 'tt2285752', 'tt4957236']);
  });

  it('catalog - titles that Stremio knows are listed under their own type', async () => {
    await core.install(`${harness.base}/manifest.json`);
    const items = await core.catalog(`${harness.base}/manifest.json`, 'series', 'headstart-ready');
    expect(items).toMatchObject([{ id: 'tt7654321', name: 'Made Up Show' }]);
  });
});
