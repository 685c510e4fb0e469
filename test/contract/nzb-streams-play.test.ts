// What follows a submission: bytes by virtual path, progress, events.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NzbSource } from '../../backend/content/index.js';
import { Deferred } from '../../backend/jobs/deferred.js';
import { ask, askJson, askRange, open } from '../support/http.js';
import { API_KEY, startNzbApi, type NzbApi } from '../support/nzb-harness.js';
import { nzbRelease } from '../support/nzb-lab.js';
import { until } from '../support/until.js';

const itemForm = z.strictObject({
  id: z.int(),
  name: z.string(),
  status: z.enum(['queued', 'processing', 'streamable', 'completed', 'failed']),
  stage: z.string(),
  percentage: z.number().min(0).max(100),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});
const film = nzbRelease('Öpen Film + more (2024)', [['Folder/Öpen & Film #1.mkv', 5_000]]);
const key = { 'x-api-key': API_KEY };
let api: NzbApi;

beforeEach(async () => {
  api = await startNzbApi();
  api.usenet.know(film);
});

afterEach(() => api.close());

async function submit(name = film.name): Promise<{ id: number; url: string }> {
  const { json } = await api.submit({ nzb_url: `http://indexer.example/get/${encodeURIComponent(name)}` });
  const { streams, _queue_item_id: id } = json as { streams: { url: string }[]; _queue_item_id: number };
  return { id, url: streams[0]?.url ?? '' };
}

function withKey(url: string, downloadKey: string | null): string {
  const changed = new URL(url);
  changed.searchParams.delete('download_key');
  if (downloadKey !== null) changed.searchParams.set('download_key', downloadKey);
  return changed.href;
}

describe('bytes', () => {
  it('files stream - ranges, suffixes and HEAD, as everywhere', async () => {
    const { url } = await submit();
    const whole = (await ask(url)).body;
    expect((await askRange(url, 1_000, 2_000)).body.equals(whole.subarray(1_000, 2_000))).toBe(true);
    const suffix = await ask(url, { headers: { range: 'bytes=-500' } });
    expect([suffix.status, suffix.body.equals(whole.subarray(4_500))]).toEqual([206, true]);
    const head = await ask(url, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.headers['accept-ranges']]).toEqual([
      200,
      '5000',
      'bytes',
    ]);
    expect(head.headers['cache-control']).toBe('private, no-store');
    expect((await ask(url, { method: 'OPTIONS' })).status).toBe(204);
  });

  it('files stream - a file opens by its path in the release and by the one in its folder', async () => {
    const archived = nzbRelease('Packed Film (2024)', [['a.part1.rar/Film.MKV', 5_000]]);
    api.usenet.know(archived);
    const { url } = await submit(archived.name);
    const own = await ask(url);
    const folder = new URL(withKey(url, null));
    folder.searchParams.set('path', `/complete/stremio/${archived.name}/Film.mkv`);
    const shown = await ask(folder.href, { headers: key });
    expect([own.status, shown.status, shown.body.equals(own.body)]).toEqual([200, 200, true]);
  });

  it('files stream - its own key is enough, whatever other credentials come along', async () => {
    const { url } = await submit();
    expect((await ask(url, { headers: { authorization: 'Basic Zm9vOmJhcg==' } })).status).toBe(200);
    const hash = createHash('sha256').update(API_KEY).digest('hex');
    expect((await ask(withKey(url, hash))).status).toBe(200);
    expect((await ask(withKey(url, null), { headers: key })).status).toBe(200);
  });

  it('files stream - a key of another path, or none, opens nothing', async () => {
    const { url } = await submit();
    const other = api.access.signPath('/complete/stremio/other/film.mkv');
    for (const downloadKey of [null, '', other, API_KEY, 'a'.repeat(64)])
      expect((await ask(withKey(url, downloadKey))).status).toBe(401);
    expect((await ask(api.url('/api/files/stream'))).status).toBe(401);
  });

  it('files stream - unknown paths are 404 for who may ask', async () => {
    await submit();
    const paths = ['/complete/stremio/other/a.mkv', `/complete/stremio/${film.name}`, '/etc/passwd', '', '../../etc'];
    for (const path of paths) {
      const url = api.url(`/api/files/stream?path=${encodeURIComponent(path)}`);
      expect((await ask(url, { headers: key })).status).toBe(404);
    }
    expect((await ask(api.url('/api/files/stream'), { headers: key })).status).toBe(400);
  });

  it('files stream - what was removed is gone', async () => {
    const { id, url } = await submit();
    await api.items.remove(id);
    expect((await askJson(url)).status).toBe(410);
    expect((await submit()).id).toBeGreaterThan(id);
    expect((await ask(url)).status).toBe(200);
    api.library.remove(film.contentId);
    expect((await ask(url)).status).toBe(410);
  });

  it('files stream - an address plays on after a restart', async () => {
    const { url } = await submit();
    const before = (await ask(url)).body;
    await api.stop();
    api = await startNzbApi({ database: api.database });
    const { pathname, search } = new URL(url);
    expect((await ask(api.url(pathname + search))).body.equals(before)).toBe(true);
  });
});

describe('progress', () => {
  it('queue - tells where an item stands, to who has the key', async () => {
    const streamable = new Deferred<void>();
    api.usenet.streamable = streamable.promise;
    const answering = submit();
    const queue = async () => askJson(api.url('/api/queue/1'), { headers: key });
    await until('it is processed', async () => (await queue()).json['status'] === 'processing');
    expect(itemForm.parse((await queue()).json)).toMatchObject({ id: 1, name: film.name, error: null });
    streamable.resolve();
    await answering;
    await until('it is completed', async () => (await queue()).json['status'] === 'completed');
    expect(itemForm.parse((await queue()).json)).toMatchObject({ percentage: 100 });
    expect((await ask(api.url('/api/queue/1'))).status).toBe(401);
    for (const id of ['2', 'x', '1e3', '99999999999999999999'])
      expect((await ask(api.url(`/api/queue/${id}`), { headers: key })).status).toBe(404);
  });

  it('queue - tells why an item failed', async () => {
    const { id } = await submit('dead').catch(() => ({ id: 1 }));
    const { json } = await askJson(api.url(`/api/queue/${String(id ?? 1)}`), { headers: key });
    expect(itemForm.parse(json)).toMatchObject({ status: 'failed', error: { code: 'ARTICLE_MISSING' } });
  });

  it('events - tell of items what the queue tells, the last state always', async () => {
    const events = await open(api.url('/api/events'), { headers: key });
    let text = '';
    events.on('data', (chunk: Buffer) => (text += chunk.toString()));
    events.on('error', () => undefined);
    await submit();
    await until('the item is completed', () => /event: item\ndata: .*"completed"/.test(text));
    const told = [...text.matchAll(/event: item\ndata: (.*)\n/g)].map(([, json]) => JSON.parse(json ?? '') as unknown);
    for (const item of told) itemForm.parse(item);
    expect(text).toMatch(/event: job\n/);
    events.destroy();
  });

  it('events - begin with the items under way', async () => {
    api.usenet.streamable = new Promise(() => undefined);
    void api.items.submit({ source: film.source as NzbSource, category: 'tv' });
    await until('it is prepared', () => api.items.listOpen()[0]?.status === 'processing');
    const events = await open(api.url('/api/events'), { headers: key });
    let text = '';
    events.on('data', (chunk: Buffer) => (text += chunk.toString()));
    events.on('error', () => undefined);
    await until('it is told', () => /event: item\ndata: .*"processing"/.test(text));
    events.destroy();
  });
});
