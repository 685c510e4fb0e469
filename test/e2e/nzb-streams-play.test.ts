// Addresses handed out for NZBs, and where an item stands, of the built server: they play as files do, restarts or not.

import type { IncomingMessage } from 'node:http';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { ask, askHash, askJson, open, sha256 } from '../support/http.js';
import {
  afterRestart,
  nzbAnswer,
  nzbFailure,
  queueItem,
  queueNews,
  submitNzb,
  untilCompleted,
  type QueueItem,
} from '../support/nzb-client.js';
import { until } from '../support/until.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const size = 476_120;

describe('addresses of nzb streams', () => {
  let lab: UsenetLab;
  let handedOut = '';
  let original: Buffer;
  let count = 0;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted', sets: ['rar5-volumes'] });
    handedOut = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: lab.set('rar5-volumes').nzbUrl })).streams[0]!.url;
    original = (await ask(handedOut)).body;
  });
  afterAll(() => lab.close());

  const url = (): string => afterRestart(lab.headstart, handedOut);
  const newFilm = (name = `Told.Film.${String(++count)}.2020.1080p`): Promise<PostedNzb> =>
    lab.post(name, [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 90_000) }], { partBytes: 20_000 });

  it('GET and HEAD - whole, as type and size of the film', async () => {
    expect(sha256(original)).toBe(lab.set('rar5-volumes').contains[film]?.sha256);
    const headers = { 'content-length': String(size), 'accept-ranges': 'bytes', 'content-type': 'video/x-matroska' };
    expect(await ask(url(), { method: 'HEAD' })).toMatchObject({ status: 200, headers, body: Buffer.alloc(0) });
    const whole = await ask(url());
    expect(whole).toMatchObject({ status: 200, headers });
    expect(whole.body.equals(original)).toBe(true);
  });

  it.each([
    ['bytes=0-0', 206, 0, 1],
    ['bytes=100000-299999', 206, 100_000, 300_000],
    ['bytes=-500', 206, size - 500, size],
    ['bytes=476119-', 206, size - 1, size],
    ['bytes=99999-9999999', 206, 99_999, size],
    ['bytes=476120-', 416, 0, 0],
  ])('range %s - is answered %i with those bytes', async (range, status, start, end) => {
    const answer = await ask(url(), { headers: { range } });
    expect(answer.status).toBe(status);
    if (status === 206) expect(answer.body.equals(original.subarray(start, end))).toBe(true);
    const told =
      status === 206 ? `bytes ${String(start)}-${String(end - 1)}/${String(size)}` : `bytes */${String(size)}`;
    expect(answer.headers['content-range']).toBe(told);
  });

  it('keys - its own is enough, whatever else comes along; another one is 401, an unknown path 404', async () => {
    const foreign = { authorization: 'Basic Zm9yZWlnbjprZXk=', 'x-api-key': 'another' };
    expect((await ask(url(), { method: 'HEAD', headers: foreign })).status).toBe(200);
    const at = (change: (query: URLSearchParams) => void): string => {
      const changed = new URL(url());
      change(changed.searchParams);
      return changed.href;
    };
    for (const wrong of [
      at((query) => query.delete('download_key')),
      at((query) => query.set('download_key', 'a'.repeat(64))),
      at((query) => query.set('path', `${query.get('path') ?? ''}.nfo`)),
    ])
      expect((await ask(wrong)).status).toBe(401);
    const withKey = { 'x-api-key': lab.headstart.apiKey };
    for (const path of ['/complete/stremio/nothing/a.mkv', '/complete/stremio/../../etc/passwd', '/etc/passwd', ''])
      expect(
        (
          await ask(
            at((query) => query.set('path', path)),
            { headers: withKey },
          )
        ).status,
      ).toBe(404);
  });

  it('kill -9 - ends a reading, not the address: it opens again and gives the same bytes', async () => {
    const answer = await open(url());
    await lab.headstart.kill();
    answer.destroy();
    await lab.headstart.start();
    const tail = await ask(url(), { headers: { range: 'bytes=-500' } });
    expect(tail.body.equals(original.subarray(size - 500))).toBe(true);
    expect(sha256((await ask(url())).body)).toBe(sha256(original));
  });

  it('kill -9 during a preparation - the same request gets it after the start', async () => {
    const posted = await newFilm();
    const ids = new Set(Object.values(posted.messageIds).flat());
    lab.scripted.set({ faults: ({ messageId }) => (ids.has(messageId) ? { kind: 'never' } : null) });
    const request = { nzb_url: posted.nzbUrl };
    expect(nzbFailure(await submitNzb(lab.headstart, { ...request, timeout: '1' }))).toEqual([408, 'TIMEOUT']);
    await lab.headstart.kill();
    lab.scripted.set({ faults: () => null });
    await lab.headstart.start();
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, request));
    expect((await askHash(streams[0]?.url ?? '')).sizeBytes).toBe(90_000);
  });

  it('queue - says where an item stands while it is prepared, when it is finished, and why it failed', async () => {
    const posted = await newFilm('Queued.Film.2020.1080p');
    const ids = new Set(Object.values(posted.messageIds).flat());
    lab.scripted.set({ faults: ({ messageId }) => (ids.has(messageId) ? { kind: 'never' } : null) });
    const news = await listen(lab);
    const submitted = submitNzb(lab.headstart, { nzb_url: posted.nzbUrl });
    const { id } = await until(
      'it is told',
      () => news.items.find(({ name }) => name === 'Queued.Film.2020.1080p') ?? null,
    );
    expect(await queueItem(lab.headstart, id)).toMatchObject({ name: 'Queued.Film.2020.1080p', status: 'processing' });
    lab.scripted.set({ faults: () => null });
    lab.scripted.cutSilent();
    expect(nzbAnswer(await submitted)._queue_item_id).toBe(id);
    await untilCompleted(lab.headstart, id);
    const completed = { id, name: 'Queued.Film.2020.1080p', status: 'completed', percentage: 100, error: null };
    expect(await queueItem(lab.headstart, id)).toMatchObject(completed);
    await until('the end is told', () => news.items.some((item) => item.id === id && item.status === 'completed'));
    const told = news.items.filter((item) => item.id === id).map(({ status }) => status);
    expect([...new Set(told)].slice(-2)).toEqual(['streamable', 'completed']);
    const text = await lab.post('Text.2020', [{ name: 'a.txt', content: pseudoRandomSource('text', 10) }]);
    expect(nzbFailure(await submitNzb(lab.headstart, { nzb_url: text.nzbUrl }))).toEqual([422, 'NO_VIDEO']);
    const failed = await until(
      'the failure is told',
      () => news.items.find(({ status }) => status === 'failed') ?? null,
    );
    news.close();
    expect(failed.error?.code).toBe('NO_VIDEO');
    expect(await queueItem(lab.headstart, failed.id)).toMatchObject({ status: 'failed', error: failed.error });
  });

  it('queue - unknown items are 404, no key is 401, in the words of this dialect', async () => {
    for (const id of ['999999', 'x', '-1', '1e3']) {
      const { status, json } = await lab.headstart.get(`/api/queue/${id}`);
      expect([status, json]).toMatchObject([404, { success: false, error: { code: 'NOT_FOUND' } }]);
    }
    const { status, json } = await askJson(lab.headstart.url('/api/queue/1'));
    expect([status, json]).toMatchObject([401, { success: false, error: { code: 'UNAUTHORIZED' } }]);
  });
});

/** Items as they are told; `close` ends the listening. */
async function listen(lab: UsenetLab): Promise<{ readonly items: QueueItem[]; close(): void }> {
  const headers = { 'x-api-key': lab.headstart.apiKey };
  const stream: IncomingMessage = await open(lab.headstart.url('/api/events'), { headers });
  const items: QueueItem[] = [];
  let text = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (chunk: string) => {
    const events = (text + chunk).split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, data] = /^event: item\ndata: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) items.push(queueNews(JSON.parse(data)));
    }
  });
  return { items, close: () => void stream.destroy() };
}
