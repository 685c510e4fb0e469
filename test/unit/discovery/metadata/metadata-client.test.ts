// The client over the real way out, against an addon on loopback; time is turned by hand.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getEventListeners, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { TimeoutError } from '../../../../backend/content/index.js';
import { MetadataClient } from '../../../../backend/discovery/index.js';
import type { MetadataWish } from '../../../../backend/discovery/metadata/facts-of-title.js';
import type { MetadataClientOptions } from '../../../../backend/discovery/metadata/metadata-client.js';
import { harbourLights, paperLantern, startFakeMetadata } from '../../../support/fake-metadata.js';
import type { FakeMetadata } from '../../../support/fake-metadata.js';
import { HttpLab, never } from '../../../support/http-lab.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';

const film: MetadataWish = { titleId: 'tt9000001', type: 'movie' };
const fog: MetadataWish = { titleId: 'tt9000002', type: 'series', episode: { season: 1, episode: 2 } };
const unlisted: MetadataWish = { titleId: 'tt9000002', type: 'series', episode: { season: 3, episode: 1 } };
const [SECOND, HOUR] = [1_000, 3_600_000];

let lab = new HttpLab();
let addon: FakeMetadata;
let clock = new ManualClock();
let log = new NotedLog();
let clients: MetadataClient[] = [];

beforeEach(async () => {
  lab = new HttpLab();
  addon = await startFakeMetadata();
  addon.tell('movie', 'tt9000001', paperLantern);
  addon.tell('series', 'tt9000002', harbourLights);
  clock = new ManualClock();
  log = new NotedLog();
  clients = [];
});

afterEach(async () => {
  for (const client of clients) client.close();
  await addon.close();
  await lab.close();
});

function clientOf(options: Partial<MetadataClientOptions> = {}): MetadataClient {
  const client = new MetadataClient({ url: addon.url, http: lab.client(), clock, log, ...options });
  clients.push(client);
  return client;
}

const ask = (client: MetadataClient, wish: MetadataWish) => client.find(wish, { signal: never() });

const unavailable = (_request: unknown, response: ServerResponse): void => void response.writeHead(503).end();

describe('what is found', () => {
  it('film and episode - are asked by the protocol of addons', async () => {
    const client = clientOf();
    await expect(ask(client, film)).resolves.toMatchObject({ kind: 'film', titles: ['The Paper Lantern'], year: 2008 });
    await expect(ask(client, fog)).resolves.toMatchObject({ kind: 'series', episode: { title: 'Fog', absolute: 2 } });
    expect(addon.asked).toEqual(['/meta/movie/tt9000001.json', '/meta/series/tt9000002.json']);
  });

  it('other databases - are asked for under their own ids', async () => {
    addon.tell('series', 'tmdb:1396', harbourLights);
    addon.tell('anime', 'kitsu:42', { name: 'Quiet Tides' });
    const client = clientOf();
    const episode = { season: 1, episode: 2 };
    await expect(ask(client, { titleId: 'tmdb:1396', type: 'series', episode })).resolves.toMatchObject({
      ids: { tmdb: 1396, imdb: 'tt9000002' },
    });
    await expect(ask(client, { titleId: 'kitsu:42', type: 'series', episode })).resolves.toMatchObject({
      isAnime: true,
    });
    await expect(ask(client, { titleId: 'tvdb:7', type: 'movie' })).resolves.toBeNull();
    expect(addon.asked).toEqual([
      '/meta/series/tmdb:1396.json',
      '/meta/series/kitsu:42.json',
      '/meta/anime/kitsu:42.json',
      '/meta/movie/tvdb:7.json',
    ]);
  });

  it('an addon with an account in its path - is asked under that path', async () => {
    await ask(clientOf({ url: `${addon.url}/account` }), film);
    expect(addon.asked).toEqual(['/account/meta/movie/tt9000001.json']);
  });

  it('open films and foreign ids - are asked of nobody', async () => {
    const client = clientOf();
    await expect(ask(client, { titleId: 'tt1727587', type: 'movie' })).resolves.toMatchObject({ titles: ['Sintel'] });
    for (const titleId of ['tt1/../../x', 'headstart:1', 'kitsu:x', '']) {
      await expect(ask(client, { titleId, type: 'movie' })).resolves.toBeNull();
    }
    expect(addon.asked).toEqual([]);
  });

  it('several who want the same title - ask once', async () => {
    const client = clientOf();
    const wishes = [fog, fog, unlisted];
    expect(await Promise.all(wishes.map((wish) => ask(client, wish)))).toHaveLength(3);
    expect(addon.asked).toHaveLength(1);
  });
});

describe('what is remembered', () => {
  it('a title - for a day', async () => {
    const client = clientOf();
    await ask(client, fog);
    await clock.advance(24 * HOUR - 1);
    await ask(client, { ...fog, episode: { season: 2, episode: 1 } });
    expect(addon.asked).toHaveLength(1);
    await clock.advance(1);
    await ask(client, fog);
    expect(addon.asked).toHaveLength(2);
  });

  it('a title whose wished episode is not listed yet - for an hour', async () => {
    const client = clientOf();
    await ask(client, unlisted);
    await clock.advance(HOUR - 1);
    await ask(client, unlisted);
    expect(addon.asked).toHaveLength(1);
    await clock.advance(1);
    await ask(client, unlisted);
    expect(addon.asked).toHaveLength(2);
  });

  it('that there is no such title - for ten minutes', async () => {
    const client = clientOf();
    const unknown: MetadataWish = { titleId: 'tt9999999', type: 'movie' };
    await expect(ask(client, unknown)).resolves.toBeNull();
    await clock.advance(600 * SECOND - 1);
    await expect(ask(client, unknown)).resolves.toBeNull();
    expect(addon.asked).toHaveLength(1);
    addon.tell('movie', 'tt9999999', paperLantern);
    await clock.advance(1);
    await expect(ask(client, unknown)).resolves.toMatchObject({ titles: ['The Paper Lantern'] });
  });

  it('titles when full - the least recently asked for is forgotten', async () => {
    addon.tell('movie', 'tt1', { name: 'Fog' });
    const client = clientOf({ maxEpisodes: 20 + 20 + 7 });
    const other: MetadataWish = { titleId: 'tt1', type: 'movie' };
    for (const wish of [film, other, film, fog]) await ask(client, wish);
    expect(addon.asked).toHaveLength(3);
    for (const wish of [film, fog]) await ask(client, wish);
    expect(addon.asked).toHaveLength(3);
    await ask(client, other);
    expect(addon.asked).toHaveLength(4);
  });
});

describe('an addon that fails', () => {
  it.each([
    ['a status', unavailable, 'METADATA_UNREACHABLE'],
    ['HTML', (_request: unknown, response: ServerResponse) => void response.end('<html>'), 'METADATA_INVALID'],
    [
      '11 MB',
      (_request: unknown, response: ServerResponse) => void response.end(Buffer.alloc(11e6, ' ')),
      'METADATA_INVALID',
    ],
    [
      'a broken connection',
      (_request: unknown, response: ServerResponse) => void response.destroy(),
      'METADATA_UNREACHABLE',
    ],
  ])('%s - is an error that names no path, not an unknown title', async (_what, listener, code) => {
    addon.failWith(listener);
    const failure = await ask(clientOf({ url: `${addon.url}/account` }), film).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'UpstreamError', code });
    expect((failure as Error).message).not.toContain('account');
  });

  it('a failure - is remembered for 30 s, for that title', async () => {
    const client = clientOf();
    addon.failWith(unavailable);
    await expect(ask(client, film)).rejects.toMatchObject({ code: 'METADATA_UNREACHABLE' });
    addon.failWith(null);
    await expect(ask(client, film)).rejects.toMatchObject({ code: 'METADATA_UNREACHABLE' });
    await expect(ask(client, fog)).resolves.toMatchObject({ kind: 'series' });
    await clock.advance(30 * SECOND);
    await expect(ask(client, film)).resolves.toMatchObject({ kind: 'film' });
  });

  it('an addon that does not answer - costs one wait in 30 s, whatever the title', async () => {
    let asked = 0;
    const get = async (): Promise<never> => {
      asked += 1;
      throw new TimeoutError('meta.example.org did not answer in time.');
    };
    const client = clientOf({ http: { get } });
    await expect(ask(client, film)).rejects.toThrow('meta.example.org did not answer in time.');
    await expect(ask(client, fog)).rejects.toMatchObject({ code: 'METADATA_UNREACHABLE' });
    expect(asked).toBe(1);
    await clock.advance(30 * SECOND);
    await expect(ask(client, fog)).rejects.toMatchObject({ code: 'METADATA_UNREACHABLE' });
    expect(asked).toBe(2);
  });

  it('what it told before - serves while it is down, however old', async () => {
    const client = clientOf();
    await ask(client, fog);
    addon.failWith(unavailable);
    await clock.advance(48 * HOUR);
    await expect(ask(client, fog)).resolves.toMatchObject({ episode: { title: 'Fog' } });
    await expect(ask(client, fog)).resolves.toMatchObject({ episode: { title: 'Fog' } });
    expect(addon.asked).toHaveLength(2);
    expect(log.messages).toEqual(['metadata could not be renewed; an older answer serves']);
  });

  it('a private address that is not allowed - is an error with a code, and nothing is asked', async () => {
    await expect(ask(clientOf({ http: lab.client({ allow: [] }) }), film)).rejects.toMatchObject({
      code: 'METADATA_UNREACHABLE',
    });
    expect(addon.asked).toEqual([]);
  });
});

describe('ending', () => {
  it('who leaves - gets the reason of the signal; the answer is kept for the next one', async () => {
    let answer = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      addon.failWith((_request, response) => {
        answer = () => void response.end(JSON.stringify({ meta: paperLantern }));
        resolve();
      });
    });
    const client = clientOf();
    const leaving = new AbortController();
    const left = client.find(film, { signal: leaving.signal });
    await arrived;
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(getEventListeners(leaving.signal, 'abort')).toHaveLength(0);
    const next = ask(client, film);
    answer();
    await expect(next).resolves.toMatchObject({ kind: 'film' });
    expect(addon.asked).toHaveLength(1);
  });

  it('a signal that has ended - asks nothing', async () => {
    await expect(clientOf().find(film, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    expect(addon.asked).toEqual([]);
  });

  it('closing - ends what is under way', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const arrived = new Promise<void>((resolve) => {
      addon.failWith((_request, response) => {
        closed = once(response, 'close');
        resolve();
      });
    });
    const client = clientOf();
    const waiting = ask(client, film);
    await arrived;
    client.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CLOSED' });
    await closed;
    await expect(ask(client, film)).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
