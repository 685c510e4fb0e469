// NZBs through the async preparation API of the built server: the same fields, states and clients as for any other source.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { ask, askHash, askJson, sha256 } from '../support/http.js';
import { run } from '../support/players.js';
import { pollStatus, prepare, untilReady, type JobStatus } from '../support/prepare.js';
import { until } from '../support/until.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const size = 300_000;
const jobIdForm = /^(?:[0-9a-f]{40}|[0-9a-f]{64}):(?:\d+|auto):\d{13}$/;

describe('NZBs in the preparation api', () => {
  let lab: UsenetLab;
  let count = 0;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted', sets: ['rar5-pack'], headstart: { env: { MAX_WAIT: '1s' } } });
  });
  afterAll(() => lab.close());

  const newFilm = (isMissing = false): Promise<PostedNzb & { readonly sha256: string }> => {
    const name = `Prepared.Film.${String(++count)}.2020.1080p`;
    const content = pseudoRandomSource(name, size);
    const files = [{ name: `${name}.mkv`, content }];
    const posted = lab.post(name, files, { partBytes: 20_000, isMissing: () => isMissing });
    return posted.then((post) => ({ ...post, sha256: sha256(content.read(0, size)) }));
  };
  const silence = ({ messageIds }: PostedNzb): (() => void) => {
    const ids = new Set(Object.values(messageIds).flat());
    lab.scripted.set({ faults: ({ messageId }) => (ids.has(messageId) ? { kind: 'never' } : null) });
    return () => {
      lab.scripted.set({ faults: () => null });
      lab.scripted.cutSilent();
    };
  };

  it('nzb_url - is answered at once, becomes ready and plays; progress never goes down', async () => {
    const film = await newFilm();
    const speak = silence(film);
    const prepared = await prepare(lab.headstart, null, { nzb_url: film.nzbUrl });
    speak();
    expect(prepared.jobId).toMatch(jobIdForm);
    const seen: number[] = [];
    const ready = await untilReady(prepared, { onStatus: ({ progress }) => seen.push(progress) });
    expect(seen).toEqual([...seen].sort((one, other) => one - other));
    expect(ready).toMatchObject({
      jobId: prepared.jobId,
      method: 'usenet',
      progress: 100,
      fileIndex: 0,
      fileSize: size,
    });
    expect(contentOf(ready)).toMatch(/^[0-9a-f]{64}$/);
    expect((await askHash(prepared.streamUrl)).sha256).toBe(film.sha256);
    const range = await ask(lab.headstart.url(ready.streamUrl ?? ''), { headers: { range: 'bytes=-500' } });
    expect([range.status, range.body.length]).toEqual([206, 500]);
    expect(lab.headstart.logs).toContain(`Background: Stream ready via usenet for ${prepared.jobId}`);
  });

  it('a form - is as good; the same NZB asked for twice is the same job', async () => {
    const film = await newFilm();
    const { status, json } = await askJson(lab.headstart.url('/stream/prepare'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': lab.headstart.apiKey },
      body: new URLSearchParams({ nzb_url: film.nzbUrl }).toString(),
    });
    expect(status).toBe(200);
    expect((await prepare(lab.headstart, null, { nzb_url: film.nzbUrl })).jobId).toBe(json.jobId);
  });

  it('a known NZB - is prepared, described and proxied by its content id, after a restart too', async () => {
    const film = await newFilm();
    const contentId = contentOf(await untilReady(await prepare(lab.headstart, null, { nzb_url: film.nzbUrl })));
    const info = async (): Promise<Record<string, unknown>> =>
      (await lab.headstart.get(`/stream/info/${contentId}`)).json;
    expect(await info()).toMatchObject({ files: [{ index: 0, size }], health: { missing: 0, holes: 0 } });
    await lab.headstart.kill();
    await lab.headstart.start();
    const again = await prepare(lab.headstart, contentId, {}, 0);
    expect(again).toMatchObject({ infoHash: contentId, fileIndex: 0 });
    expect((await untilReady(again)).fileSize).toBe(size);
    expect((await askHash(again.streamUrl)).sha256).toBe(film.sha256);
    const proxied = lab.headstart.url(`/stream/proxy/${contentId}?fileIndex=0&apikey=${lab.headstart.apiKey}`);
    expect((await askHash(proxied)).sha256).toBe(film.sha256);
    expect(await info()).toMatchObject({ files: [{ index: 0, size }] });
  });

  it('a pack - gives the episode that is asked for, and its files in name order', async () => {
    const { nzbUrl, contains } = lab.set('rar5-pack');
    const ready = await untilReady(await prepare(lab.headstart, null, { nzb_url: nzbUrl, season: 1, episode: 2 }));
    const name = 'Open.Show.S01E02.720p.WEB.x264-DEMO.mkv';
    expect(ready).toMatchObject({ fileName: name, fileIndex: 1 });
    expect((await askHash(lab.headstart.url(ready.streamUrl ?? ''))).sha256).toBe(contains[name]?.sha256);
    const third = await untilReady(await prepare(lab.headstart, contentOf(ready), {}, 2));
    expect(third.fileName).toMatch(/S01E03/);
  });

  it('ready and proxy - are 202 and 503 while it is prepared; a cancelled job says so', async () => {
    const film = await newFilm();
    const speak = silence(film);
    const prepared = await prepare(lab.headstart, null, { nzb_url: film.nzbUrl });
    await until('it is looked into', () => lab.scripted.fetches(Object.values(film.messageIds)[0]?.[0] ?? '') > 0);
    const status = await pollStatus(prepared.statusUrl);
    expect(status).toMatchObject({ status: 'connecting', infoHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const waiting = await askJson(prepared.statusUrl.replace('/status/', '/ready/'));
    expect([waiting.status, Boolean(waiting.headers['retry-after'])]).toEqual([202, true]);
    const headers = { 'x-api-key': lab.headstart.apiKey };
    const path = `/api/admin/jobs/${encodeURIComponent(prepared.jobId)}`;
    expect((await ask(lab.headstart.url(path), { method: 'DELETE', headers })).status).toBeLessThan(300);
    expect(await pollStatus(prepared.statusUrl)).toMatchObject({ status: 'failed', error: 'Cancelled' });
    speak();
    const anew = await prepare(lab.headstart, null, { nzb_url: film.nzbUrl });
    expect((await untilReady(anew)).fileSize).toBe(size);
  });

  it('a dead NZB, or none - fails with a reason, and a new attempt begins anew', async () => {
    const dead = await newFilm(true);
    const failed = async (nzbUrl: string): Promise<JobStatus> => {
      const prepared = await prepare(lab.headstart, null, { nzb_url: nzbUrl });
      const status = await until('it fails', async () => {
        const polled = await pollStatus(prepared.statusUrl);
        return polled.status === 'failed' ? polled : null;
      });
      expect(await askJson(prepared.statusUrl.replace('/status/', '/ready/'))).toMatchObject({ status: 502 });
      return status;
    };
    const first = await failed(dead.nzbUrl);
    expect(first.progress).toBe(0);
    expect(first.error).toMatch(/missing/i);
    expect((await failed(`${new URL(dead.nzbUrl).origin}/none.nzb`)).error).toMatch(/server answered 404/);
    expect((await failed(dead.nzbUrl)).jobId).not.toBe(first.jobId);
  });

  it('the bash client - plays an NZB by its content id', async () => {
    const film = await newFilm();
    const contentId = contentOf(await untilReady(await prepare(lab.headstart, null, { nzb_url: film.nzbUrl })));
    const output = join(await lab.resources.folder(), 'film.mkv');
    const script = join(process.cwd(), 'test', 'support', 'clients', 'play.sh');
    const player = `PLAYER=curl --silent --fail --output ${output}`;
    const ended = await run('env', [player, 'bash', script, lab.headstart.origin, lab.headstart.apiKey, contentId]);
    expect(ended).toMatchObject({ code: 0 });
    expect(sha256(await readFile(output))).toBe(film.sha256);
  });
});

function contentOf(status: JobStatus): string {
  return (status as JobStatus & { readonly infoHash: string }).infoHash;
}
