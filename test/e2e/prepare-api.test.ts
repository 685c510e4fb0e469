// The async preparation API, row by row, against a running server.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomBytes } from '../../scripts/lab/index.js';
import { startFileServer } from '../support/file-server.js';
import { ask, askHash, askJson, open, postJson, readSome, sha256 } from '../support/http.js';
import { pollStatus, prepare, untilReady } from '../support/prepare.js';
import type { MadeTorrent } from '../support/torrent-maker.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

const jobIdForm = /^[0-9a-f]{40}:(?:\d+|auto):\d{13}$/;

describe('prepare api', () => {
  let lab: TorrentLab;
  let film: MadeTorrent;
  beforeAll(async () => {
    lab = await startTorrentLab({ env: { MAX_WAIT: '1s' } });
    film = await lab.make({
      name: 'Table.Film.2020.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 900_000 }],
    });
  });
  afterAll(() => lab.close());

  const unseeded = async (name: string): Promise<MadeTorrent> =>
    lab.make({ name, pieceLength: 65_536, files: [{ path: [], sizeBytes: 200_000 }], isSeeded: false });

  it('POST /stream/prepare - answers at once with the fields clients know, nobody in the swarm or not', async () => {
    const torrent = await unseeded('Fields.mkv');
    const { status, json } = await lab.server.post(`/stream/prepare/${torrent.infoHash}?fileIndex=0`, {
      magnet: torrent.magnet,
    });
    expect((await pollStatus(lab.server.url(String(json.statusUrl)))).status).not.toMatch(/ready|failed/);
    expect(status).toBe(200);
    expect(json).toMatchObject({ success: true, infoHash: torrent.infoHash, fileIndex: 0 });
    expect(json.jobId).toMatch(jobIdForm);
    expect(json.statusUrl).toMatch(/^\/stream\/status\/.+access=/);
    expect(json.streamUrl).toMatch(/^\/stream\/.+access=/);
    expect(json).toHaveProperty('estimatedTime');
    expect(json).toHaveProperty('message');
  });

  it('POST /stream/prepare - without an index says null and auto until the file is known, and keeps the id', async () => {
    const torrent = await unseeded('Auto.mkv');
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    expect(prepared.fileIndex).toBeNull();
    expect(prepared.jobId).toMatch(/:auto:/);
    const status = await pollStatus(prepared.statusUrl);
    expect(status).toMatchObject({ jobId: prepared.jobId, status: expect.stringMatching(/^(preparing|connecting)$/) });
  });

  it('POST /stream/prepare - a form is as good as JSON', async () => {
    const { status, json } = await askJson(lab.server.url('/stream/prepare'), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${lab.server.apiKey}` },
      body: new URLSearchParams({ magnet: film.magnet }).toString(),
    });
    expect(status).toBe(200);
    expect(json.infoHash).toBe(film.infoHash);
  });

  it('POST /stream/prepare - base32 and upper case are the same torrent', async () => {
    const base32 = toBase32(film.infoHash);
    const one = await prepare(lab.server, base32, { magnet: film.magnet });
    const other = await prepare(lab.server, film.infoHash.toUpperCase(), { magnet: film.magnet });
    expect(one.infoHash).toBe(film.infoHash);
    expect(other.jobId).toBe(one.jobId);
  });

  it('POST /stream/prepare - a .torrent address is fetched and becomes the torrent', async () => {
    const files = lab.resources.use(await startFileServer({ '/film.torrent': film.torrentBytes }));
    const prepared = await prepare(lab.server, null, { torrent_url: `${files.origin}/film.torrent` });
    const status = await untilReady(prepared);
    expect(status).toMatchObject({ infoHash: film.infoHash, fileIndex: 0 });
    expect((await askHash(prepared.streamUrl)).sha256).toBe(film.files[0]?.sha256);
  });

  it('POST /stream/prepare - a plain file on a web server is prepared and served too', async () => {
    const bytes = pseudoRandomBytes('plain', 700_000);
    const files = lab.resources.use(await startFileServer({ '/plain.mkv': bytes }));
    const prepared = await prepare(lab.server, null, { url: `${files.origin}/plain.mkv` });
    expect(await untilReady(prepared)).toMatchObject({ method: 'http-download' });
    expect((await askHash(prepared.streamUrl)).sha256).toBe(sha256(bytes));
  });

  it('POST /stream/prepare - an NZB is answered 501 with a code', async () => {
    const { status, json } = await lab.server.post('/stream/prepare', { nzb_url: 'http://127.0.0.1:9/a.nzb' });
    expect(status).toBe(501);
    expect(json).toMatchObject({ success: false, error: expect.any(String), code: expect.stringMatching(/^[A-Z_]+$/) });
  });

  it('POST /stream/prepare - without a key is refused, with a wrong one too', async () => {
    const url = lab.server.url(`/stream/prepare/${film.infoHash}`);
    expect((await postJson(url, {})).status).toBe(401);
    expect((await postJson(url, {}, { 'x-api-key': 'wrong' })).status).toBe(401);
    expect((await postJson(`${url}?apikey=${lab.server.apiKey}`, { magnet: film.magnet })).status).toBe(200);
  });

  it.each(['', 'x', 'g'.repeat(40), 'a'.repeat(39)])('POST /stream/prepare/%s - a bad hash is 400', async (hash) => {
    const { status, json } = await lab.server.post(`/stream/prepare/${hash}`, {});
    expect(status).toBe(400);
    expect(json).toMatchObject({ success: false, error: expect.any(String), message: expect.any(String) });
  });

  it('GET /stream/status - ready carries what a player needs, percent-encoded id or not', async () => {
    const prepared = await prepare(lab.server, film.infoHash, { magnet: film.magnet });
    await untilReady(prepared);
    const { search } = new URL(prepared.statusUrl);
    for (const id of [prepared.jobId, encodeURIComponent(prepared.jobId)]) {
      const { status, json } = await askJson(lab.server.url(`/stream/status/${id}${search}`));
      expect(status).toBe(200);
      expect(json).toMatchObject({
        success: true,
        jobId: prepared.jobId,
        status: 'ready',
        progress: 100,
        fileName: 'Table.Film.2020.mkv',
        fileSize: 900_000,
        streamUrl: expect.stringMatching(/^\//),
        method: expect.stringMatching(/^(p2p|cache)$/),
        message: expect.stringMatching(/^Stream ready via /),
      });
      expect(json.expiresAt).toBeTruthy();
    }
  });

  it('GET /stream/status and ready - without their access are refused, unknown ones are 404', async () => {
    const prepared = await prepare(lab.server, film.infoHash, { magnet: film.magnet });
    const bare = new URL(prepared.statusUrl);
    bare.search = '';
    expect((await ask(bare.href)).status).toBe(401);
    const unknown = `${film.infoHash}:0:1234567890123`;
    for (const kind of ['status', 'ready']) {
      const { status, json } = await lab.server.get(`/stream/${kind}/${unknown}`);
      expect(status).toBe(404);
      expect(json).toMatchObject({ success: false, error: 'Job not found', message: expect.any(String) });
    }
  });

  it('GET /stream/ready - not yet is 202 with a time to come back', async () => {
    const torrent = await unseeded('NotYet.mkv');
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    const { status, headers, json } = await lab.server.get(`/stream/ready/${encodeURIComponent(prepared.jobId)}`);
    expect(status).toBe(202);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(json).toMatchObject({
      success: false,
      status: expect.any(String),
      progress: expect.any(Number),
      statusUrl: expect.any(String),
    });
  });

  it('GET /stream/proxy - bytes as soon as they exist, as a download when asked', async () => {
    await lab.ready(film);
    const url = `/stream/proxy/${film.infoHash}?fileIndex=0&download=true`;
    const answer = await ask(lab.server.url(url), { headers: { 'x-api-key': lab.server.apiKey } });
    expect(answer.status).toBe(200);
    expect(answer.body.length).toBe(900_000);
    expect(answer.headers['content-disposition']).toMatch(/^attachment/);
  });

  it('GET /stream/proxy - what is not there after MAX_WAIT is 503 with the way to ask on', async () => {
    const torrent = await unseeded('Slow.mkv');
    const { status, headers, json } = await lab.server.get(`/stream/proxy/${torrent.infoHash}`);
    expect(status).toBe(503);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(json.statusUrl).toMatch(/^\/stream\/status\//);
  });

  it('GET /stream/info - says what is known, padding and all indexes as they are', async () => {
    await lab.ready(film);
    const { status, json } = await lab.server.get(`/stream/info/${film.infoHash}`);
    expect(status).toBe(200);
    expect(json.files).toEqual([expect.objectContaining({ index: 0 })]);
  });

  it('admin jobs - lists and cancels; a cancelled job says so', async () => {
    const torrent = await unseeded('Cancelled.mkv');
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    const { json } = await lab.server.get('/api/admin/jobs');
    expect(json.activeJobs).toBeGreaterThan(0);
    expect(json.jobs).toContainEqual(expect.objectContaining({ jobId: prepared.jobId, infoHash: torrent.infoHash }));
    const cancelled = await ask(lab.server.url(`/api/admin/jobs/${encodeURIComponent(prepared.jobId)}`), {
      method: 'DELETE',
      headers: { 'x-api-key': lab.server.apiKey },
    });
    expect([200, 204]).toContain(cancelled.status);
    expect(await pollStatus(prepared.statusUrl)).toMatchObject({ status: 'failed', progress: 0, error: 'Cancelled' });
    expect((await ask(lab.server.url('/api/admin/jobs'))).status).toBe(401);
  });

  it('events - a subscriber sees the job become ready without polling', async () => {
    const torrent = await lab.make({
      name: 'Events.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 300_000 }],
    });
    const events = await open(lab.server.url('/api/events'), { headers: { 'x-api-key': lab.server.apiKey } });
    expect(events.headers['content-type']).toMatch(/^text\/event-stream/);
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    let heard = '';
    await until('the event comes', async () => {
      heard += (await readSome(events, 1)).toString('utf8');
      return heard.includes(prepared.jobId) && /"status":"ready"/.test(heard.slice(heard.indexOf(prepared.jobId)));
    });
    events.destroy();
    expect(heard).toMatch(/event: job/);
  });

  it('log - the lines of a job carry its id', async () => {
    const prepared = await prepare(lab.server, film.infoHash, { magnet: film.magnet });
    await untilReady(prepared);
    expect(lab.server.logs).toContain(`Background: Starting stream preparation for ${prepared.jobId}`);
    expect(lab.server.logs).toMatch(new RegExp(`Background: Stream ready via \\w+.* for ${prepared.jobId}`));
    expect(lab.server.logs).not.toContain(lab.server.apiKey);
  });
});

/** RFC 4648 base32 of a hex string, as old magnets carry it. */
function toBase32(hex: string): string {
  const bits = [...Buffer.from(hex, 'hex')].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[parseInt(five, 2)]).join('');
}
