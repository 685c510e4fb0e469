// NZBs behind the Stremio face of the built server: what was prepared is listed and plays; what died shows why.

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { ask, askHash, askJson, type Answer } from '../support/http.js';
import { nzbAnswer, submitNzb, untilCompleted } from '../support/nzb-client.js';
import { prepare, untilReady } from '../support/prepare.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';

interface Stream {
  readonly name: string;
  readonly url: string;
  readonly behaviorHints: { readonly filename: string; readonly videoSize?: number };
}

const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';

describe('NZBs in Stremio', () => {
  let lab: UsenetLab;
  beforeAll(async () => {
    const env = { PLAY_HOLD: '30s' };
    lab = await openUsenetLab({ server: 'scripted', sets: ['rar5-volumes', 'rar5-pack'], headstart: { env } });
    const fields = { nzb_url: lab.set('rar5-volumes').nzbUrl, id: 'tt9999911' };
    const { _queue_item_id: id } = nzbAnswer(await submitNzb(lab.headstart, fields));
    await untilCompleted(lab.headstart, id);
  });
  afterAll(() => lab.close());

  const base = (): string => lab.headstart.manifestUrl.replace('/manifest.json', '');
  const streamsOf = async (type: string, id: string): Promise<readonly Stream[]> =>
    (await askJson(`${base()}/stream/${type}/${encodeURIComponent(id)}.json`)).json.streams as Stream[];
  const catalogue = async (): Promise<readonly string[]> => {
    const { json } = await askJson(lab.headstart.manifestUrl);
    const metas = await Promise.all(
      (json.catalogs as { type: string; id: string }[]).map(
        async ({ type, id }) => (await askJson(`${base()}/catalog/${type}/${id}.json`)).json.metas as { id: string }[],
      ),
    );
    return metas.flat().map(({ id }) => id);
  };

  it('a prepared NZB - is in the catalogue and among the streams of its title, and plays, after a restart too', async () => {
    for (const isRestarted of [false, true]) {
      if (isRestarted) {
        await lab.headstart.kill();
        await lab.headstart.start();
      }
      expect(await catalogue()).toContain('tt9999911');
      const [stream, ...others] = await streamsOf('movie', 'tt9999911');
      expect(others).toEqual([]);
      expect(stream?.behaviorHints).toMatchObject({ filename: film, videoSize: 476_120 });
      const url = stream?.url ?? '';
      expect(await ask(url, { method: 'HEAD' })).toMatchObject({
        status: 200,
        headers: { 'content-type': 'video/x-matroska', 'content-length': '476120' },
      });
      expect((await ask(url, { headers: { range: 'bytes=0-0' } })).status).toBe(206);
      expect((await askHash(url)).sha256).toBe(lab.set('rar5-volumes').contains[film]?.sha256);
    }
  });

  it('an episode of a pack - is the one that was opened, also one that nobody asked for before', async () => {
    const { contains, nzbUrl } = lab.set('rar5-pack');
    await untilReady(await prepare(lab.headstart, null, { nzb_url: nzbUrl, id: 'tt9999912:1:1' }));
    for (const episode of [1, 3]) {
      const name = `Open.Show.S01E0${String(episode)}.720p.WEB.x264-DEMO.mkv`;
      const [stream] = await streamsOf('series', `tt9999912:1:${String(episode)}`);
      expect(stream?.behaviorHints.filename).toBe(name);
      expect((await askHash(stream?.url ?? '')).sha256).toBe(contains[name]?.sha256);
    }
  });

  it('an NZB without a title - has a page of its own, whose streams play', async () => {
    const name = 'Untitled.Film.2020.1080p';
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 80_000) }];
    const { nzbUrl } = await lab.post(name, files, { partBytes: 20_000 });
    nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl }));
    const ids = (await catalogue()).filter((id) => !id.startsWith('tt'));
    const pages = await Promise.all(
      ids.map(async (id) => {
        const { json } = await askJson(`${base()}/meta/other/${encodeURIComponent(id)}.json`);
        return json.meta as {
          readonly name: string;
          readonly videos: readonly { readonly streams: readonly Stream[] }[];
        };
      }),
    );
    const page = pages.find((one) => one.name.includes('Untitled'));
    expect((await askHash(page?.videos[0]?.streams[0]?.url ?? '')).sizeBytes).toBe(80_000);
  });

  it('a release whose articles are gone - shows the clip that says so, and plays once they are back', async () => {
    const name = 'Gone.Film.2020.1080p';
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 400_000) }];
    const posted = await lab.post(name, files, { partBytes: 20_000 });
    const request = { nzb_url: posted.nzbUrl, id: 'tt9999913' };
    await untilCompleted(lab.headstart, nzbAnswer(await submitNzb(lab.headstart, request))._queue_item_id);
    for (const { messageId } of posted.articles) lab.scripted.remove(messageId);
    await lab.headstart.stop();
    await rm(join(lab.headstart.dataDir, 'cache', 'usenet'), { recursive: true });
    await lab.headstart.start();
    const [stream] = await streamsOf('movie', 'tt9999913');
    const shown = await follow(stream?.url ?? '');
    expect(shown).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4' } });
    expect(shown.headers['cache-control']).toMatch(/no-store/);
    const clip = await readFile(join(process.cwd(), 'addon', 'clips', 'articles-missing.mp4'));
    expect(shown.body.equals(clip)).toBe(true);
    const seek = await ask(stream?.url ?? '', { headers: { range: 'bytes=100-199' } });
    expect([seek.status, seek.body.equals(clip.subarray(100, 200))]).toEqual([206, true]);
    for (const article of posted.articles) lab.scripted.post(article);
    await lab.headstart.kill();
    await lab.headstart.start();
    const [again] = await streamsOf('movie', 'tt9999913');
    expect((await askHash(again?.url ?? '')).sizeBytes).toBe(400_000);
  });
});

/** Follows the redirects of a held play request, as players do. */
async function follow(url: string, hops = 15): Promise<Answer> {
  const answer = await ask(url);
  if (answer.status !== 307 || hops === 0) return answer;
  return follow(new URL(answer.headers.location ?? '', url).href, hops - 1);
}
