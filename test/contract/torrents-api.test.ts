// The torrents dialect, call by call, as clients of rqbit use it: adding, looking, changing.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, askJson, askRange } from '../support/http.js';
import type { TorrentsApi } from '../support/torrents-api-harness.js';
import {
  expectError,
  FILM,
  makeTorrent,
  MAX_WAIT_MS,
  PREPARE_TIMEOUT_MS,
  SHOW,
  startTorrentsApi,
} from '../support/torrents-api-harness.js';

const MAGNET = `magnet:?xt=urn:btih:${SHOW.infoHash}&tr=http%3A%2F%2Ftracker.example%2Fannounce`;

let api: TorrentsApi;

beforeEach(async () => {
  api = await startTorrentsApi();
});

afterEach(async () => {
  await api.close();
});

describe('adding', () => {
  it('adding - the bytes of a .torrent answers id, details and where they come from', async () => {
    const { status, json } = await api.post('/torrents', SHOW.file);
    expect(status).toBe(200);
    expect(json).toEqual({
      id: 1,
      output_folder: 'Show S01',
      seen_peers: [],
      details: {
        id: 1,
        info_hash: SHOW.infoHash,
        name: 'Show S01',
        output_folder: 'Show S01',
        total_pieces: 5,
        files: [
          { index: 0, name: 'Show S01E10.mkv', components: ['Show S01E10.mkv'], length: 20_000, included: false },
          expect.objectContaining({ index: 2, length: 30_000 }),
          expect.objectContaining({ index: 3, name: 'subs/Show S01E02.srt', components: ['subs', 'Show S01E02.srt'] }),
          expect.objectContaining({ index: 4, name: 'theme.mp3' }),
        ],
      },
    });
  });

  it.each<[string, string, Record<string, string>?]>([
    ['a magnet', MAGNET],
    ['a magnet sent as a form', MAGNET, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['an infohash', SHOW.infoHash.toUpperCase()],
    ['a link', 'http://files.example/show.torrent\n'],
  ])('adding - %s answers once its metadata is here', async (_what, body, headers = {}) => {
    api.swarm.know(SHOW.info);
    api.swarm.links.set('http://files.example/show.torrent', SHOW.info);
    const { status, json } = await api.post('/torrents', body, headers);
    expect([status, json['id']]).toEqual([200, 1]);
  });

  it('adding - again, in another form and after others, is the same id with what is new about it', async () => {
    const id = await api.addShow();
    await api.post('/torrents', FILM.file);
    const again = await api.post(`/torrents?overwrite=true&initial_peers=127.0.0.1:5000,[::1]:5001`, MAGNET);
    expect(again.json).toMatchObject({ id, seen_peers: ['127.0.0.1:5000', '[::1]:5001'] });
    expect(api.library.get(SHOW.infoHash)?.source).toMatchObject({ peers: ['127.0.0.1:5000', '[::1]:5001'] });
    expect(api.swarm.asked.at(-1)).toMatchObject({ peers: ['127.0.0.1:5000', '[::1]:5001'] });
    expect(api.swarm.searches).toEqual([]);
  });

  it('adding - only to be listed answers details and adds nothing', async () => {
    const { status, json } = await api.post('/torrents?list_only=true', SHOW.file);
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: null, details: { id: null, info_hash: SHOW.infoHash, total_pieces: 5 } });
    expect(api.swarm.asked).toEqual([]);
    expect((await askJson(`${api.url}/torrents`)).json).toEqual({ torrents: [] });
  });

  it('adding - fetches nothing but what is asked for', async () => {
    await api.addShow();
    expect(api.swarm.included.size).toBe(0);
    await api.post('/torrents?only_files=0,4', SHOW.file);
    expect(api.swarm.included.get(SHOW.infoHash)).toEqual([0, 4]);
  });

  it('adding - without metadata says so after the longest wait, and goes on looking', async () => {
    const answer = api.post('/torrents', MAGNET);
    await api.swarm.untilAsked();
    await api.clock.advance(MAX_WAIT_MS);
    const { status, headers, json } = await answer;
    expectError({ status, json }, 503, 'busy');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(api.swarm.searches[0]?.signal.aborted).toBe(false);
    api.swarm.searches[0]?.finish(SHOW.info);
    expect((await askJson(`${api.url}/torrents`)).json['torrents']).toHaveLength(1);
  });

  it('adding - stops looking for metadata when the longest preparation is over', async () => {
    const answer = api.post('/torrents', MAGNET);
    await api.swarm.untilAsked();
    await api.clock.advance(MAX_WAIT_MS);
    await answer;
    await api.clock.advance(PREPARE_TIMEOUT_MS);
    expect(api.swarm.searches[0]?.signal.aborted).toBe(true);
    expect(api.clock.pending).toBe(0);
  });

  it('adding - looks for a bounded number of torrents at once', async () => {
    const magnets = Array.from({ length: 65 }, (_, at) => `magnet:?xt=urn:btih:${String(at).padStart(40, '0')}`);
    const answers = magnets.map((magnet) => api.post('/torrents', magnet));
    expectError(await Promise.race(answers), 503, 'busy');
    await api.clock.advance(MAX_WAIT_MS);
    await Promise.all(answers);
  });

  it.each<[string, string | Uint8Array, Record<string, string>?]>([
    ['nothing', ''],
    ['a page', '<!doctype html><title>Sign in</title>'],
    ['a torrent cut short', SHOW.file.subarray(0, 100)],
    ['JSON', '{"magnet":"magnet:?xt=urn:btih:"}'],
    ['a magnet without a hash', 'magnet:?dn=film'],
    ['a magnet of 10 MB', `${MAGNET}&dn=${'a'.repeat(10_000_000)}`],
    ['a link of 1 MB', `http://files.example/${'a'.repeat(1_000_000)}`],
    ['a link that is none', 'http://['],
    ['a local file', 'file:///etc/passwd'],
    ['lists a million deep', `d4:info${'l'.repeat(1_000_000)}`],
    ['compressed bytes that are none', 'x', { 'content-encoding': 'gzip' }],
  ])('adding - refuses %s', async (_what, body, headers = {}) => {
    expectError(await api.post('/torrents', body, headers), 400, 'input');
  });

  it('adding - refuses a body larger than any torrent', async () => {
    expectError(await api.post('/torrents', Buffer.alloc(33 * 1024 * 1024, 'd')), 413, 'too_large');
  });

  it('adding - names a torrent that only BitTorrent v2 can read', async () => {
    const answer = await api.post('/torrents', `magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`);
    expectError(answer, 400, 'torrent_v2_only');
  });

  it('adding - cleans names that would leave their folder', async () => {
    const hostile = makeTorrent('../../etc', [
      { path: ['..', '..', 'root', '.ssh', 'authorized_keys.mkv'], length: 100 },
      { path: ['a\r\nSet-Cookie: x\u0000.mkv'], length: 100 },
    ]);
    const { json } = await api.post('/torrents', hostile.file);
    expect(json['details']).toMatchObject({
      name: '.._.._etc',
      files: [{ components: ['root', '.ssh', 'authorized_keys.mkv'] }, { components: ['aSet-Cookie: x.mkv'] }],
    });
    const { status, headers } = await ask(`${api.url}/torrents/1/playlist`);
    expect([status, headers['set-cookie']]).toEqual([200, undefined]);
  });

  it.each([
    ['only_files=x', 'only_files'],
    ['only_files=', 'only_files'],
    ['only_files=99', 'only_files'],
    ['only_files=1', 'only_files'],
    ['list_only=perhaps', 'list_only'],
    ['initial_peers=tracker.example:80', 'initial_peers'],
    ['initial_peers=127.0.0.1:0', 'initial_peers'],
    ['initial_peers=127.0.0.1:1&initial_peers=127.0.0.1:2', 'initial_peers'],
  ])('adding - refuses the query %s and says which part', async (query, part) => {
    const answer = await api.post(`/torrents?${query}`, SHOW.file);
    expectError(answer, 400, 'input');
    expect(answer.json['human_readable']).toContain(part);
  });
});

describe('looking', () => {
  it('looking - lists torrents by id, with progress when asked for', async () => {
    await api.addShow();
    await api.post('/torrents', FILM.file);
    const { json } = await askJson(`${api.url}/torrents`);
    expect(json).toEqual({
      torrents: [
        { id: 1, info_hash: SHOW.infoHash, name: 'Show S01', output_folder: 'Show S01' },
        { id: 2, info_hash: FILM.infoHash, name: 'Film', output_folder: 'Film' },
      ],
    });
    const withStats = await askJson(`${api.url}/torrents?with_stats=true`);
    expect(withStats.json).toMatchObject({ torrents: [{ id: 1, stats: { state: 'live' } }, { id: 2 }] });
  });

  it('looking - shows details by id and by infohash of any case', async () => {
    const id = await api.addShow();
    const answers = await Promise.all(
      [String(id), SHOW.infoHash, SHOW.infoHash.toUpperCase()].map((name) => askJson(`${api.url}/torrents/${name}`)),
    );
    expect(answers.map(({ json }) => [json['id'], json['name'], json['total_pieces']])).toEqual(
      Array(3).fill([1, 'Show S01', 5]),
    );
  });

  it('looking - shows progress, speed and peers while the swarm is at work', async () => {
    await api.addShow();
    await api.post('/torrents/1/update_only_files', '{"only_files":[0,2]}');
    api.swarm.statuses.set(SHOW.infoHash, {
      state: 'live',
      error: null,
      haveBytes: 33_634,
      totalBytes: 67_268,
      fileHaveBytes: [20_000, 0, 13_634, 0, 0],
      receivedBytes: 40_000,
      uploadedBytes: 7,
      downloadBytesPerSecond: 1_048_576 / 2,
      uploadBytesPerSecond: 0,
      peers: { connected: 3, queued: 2, seen: 9 },
      included: [0, 2],
    });
    const { json } = await askJson(`${api.url}/torrents/1/stats/v1`);
    expect(json).toEqual({
      state: 'live',
      error: null,
      file_progress: [20_000, 0, 13_634, 0, 0],
      progress_bytes: 33_634,
      uploaded_bytes: 7,
      total_bytes: 50_000,
      finished: false,
      live: {
        snapshot: {
          downloaded_and_checked_bytes: 33_634,
          fetched_bytes: 40_000,
          uploaded_bytes: 7,
          downloaded_and_checked_pieces: 2,
          total_piece_download_ms: 0,
          peer_stats: { queued: 2, connecting: 0, live: 3, seen: 9, dead: 0, not_needed: 0, steals: 0 },
        },
        average_piece_download_time: null,
        download_speed: { mbps: 0.5, human_readable: '0.50 MiB/s' },
        upload_speed: { mbps: 0, human_readable: '0.00 MiB/s' },
        time_remaining: { duration: { secs: 1, nanos: 0 }, human_readable: '1s' },
      },
    });
    const details = await askJson(`${api.url}/torrents/1`);
    expect((details.json['files'] as { included: boolean }[]).map(({ included }) => included)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(['/torrents/7', '/torrents/x', '/torrents/-1', `/torrents/${'0'.repeat(40)}`, '/torrents/%00'])(
    'looking - does not find %s',
    async (path) => {
      expectError(await askJson(`${api.url}${path}`), 404, 'torrent_not_found');
      expectError(await askJson(`${api.url}${path}/stats/v1`), 404, 'torrent_not_found');
      expectError(await api.post(`${path}/pause`), 404, 'torrent_not_found');
    },
  );

  it.each([
    ['/torrents/1/nothing', 404, 'not_found'],
    ['/torrents/%E0%A4%A', 400, 'input'],
  ])('looking - answers %s with %i', async (path, status, kind) => {
    expectError(await askJson(`${api.url}${path}`), status, kind);
  });
});

describe('changing', () => {
  it('changing - pauses and starts, for the swarm and for good', async () => {
    await api.addShow();
    expect((await api.post('/torrents/1/pause')).json).toEqual({});
    expect([api.swarm.paused.has(SHOW.infoHash), api.library.get(SHOW.infoHash)?.isPaused]).toEqual([true, true]);
    expect((await askJson(`${api.url}/torrents/1/stats/v1`)).json).toMatchObject({ state: 'paused', live: null });
    await api.post(`/torrents/${SHOW.infoHash}/start`);
    expect([api.swarm.paused.has(SHOW.infoHash), api.library.get(SHOW.infoHash)?.isPaused]).toEqual([false, false]);
  });

  it.each([
    ['forget', false],
    ['delete', true],
  ])('changing - %s ends it and its jobs; its addresses say that it is gone', async (call, deleteFiles) => {
    await api.addShow();
    expect((await api.post(`/torrents/1/${call}`)).status).toBe(200);
    expect(api.swarm.removed).toEqual([{ infoHash: SHOW.infoHash, deleteFiles }]);
    expect(api.jobs.cancelled).toEqual([SHOW.infoHash]);
    expect((await askJson(`${api.url}/torrents`)).json).toEqual({ torrents: [] });
    expectError(await askJson(`${api.url}/torrents/${SHOW.infoHash}/stream/0`), 410, 'gone');
    expectError(await askJson(`${api.url}/torrents/${SHOW.infoHash}/playlist`), 410, 'gone');
    expectError(await askJson(`${api.url}/torrents/${SHOW.infoHash}`), 410, 'gone');
  });

  it('changing - what was removed can be added again', async () => {
    await api.addShow();
    await api.post('/torrents/1/delete');
    const id = await api.addShow();
    expect((await askRange(`${api.url}/torrents/${id}/stream/0`, 0, 10)).status).toBe(206);
  });

  it('changing - chooses the files that are fetched whole', async () => {
    await api.addShow();
    expect((await api.post('/torrents/1/update_only_files', '{"only_files":[4,0,4]}')).status).toBe(200);
    expect(api.swarm.included.get(SHOW.infoHash)).toEqual([4, 0]);
    await api.post('/torrents/1/update_only_files', '{"only_files":[]}');
    expect(api.swarm.included.get(SHOW.infoHash)).toEqual([]);
  });

  it('changing - the chosen files are shown, and fetched again, once the engine has let the torrent go', async () => {
    await api.post('/torrents?only_files=0,4', SHOW.file);
    api.swarm.held.clear();
    api.swarm.included.clear();
    const { json } = await askJson(`${api.url}/torrents/1`);
    const files = json['files'] as { index: number; included: boolean }[];
    expect(files.filter(({ included }) => included).map(({ index }) => index)).toEqual([0, 4]);
    await api.post('/torrents/1/pause');
    await api.post('/torrents/1/start');
    expect(api.swarm.included.get(SHOW.infoHash)).toEqual([0, 4]);
  });

  it('changing - chooses files of what the engine let go', async () => {
    await api.addShow();
    api.swarm.held.clear();
    expect((await api.post('/torrents/1/update_only_files', '{"only_files":[2]}')).status).toBe(200);
    expect(api.swarm.included.get(SHOW.infoHash)).toEqual([2]);
  });

  it.each(['', '{', '[]', '{"only_files":"0"}', '{"only_files":[-1]}', '{"only_files":[1]}', '{"only_files":[5]}'])(
    'changing - refuses %j as a choice of files',
    async (body) => {
      await api.addShow();
      expectError(await api.post('/torrents/1/update_only_files', body), 400, 'input');
    },
  );
});
