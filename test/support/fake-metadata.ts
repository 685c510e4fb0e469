// A metadata addon on loopback: made-up titles in the form Cinemeta answers with, and whatever else a test wants instead.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

/** What answers: a `meta` object, or anything. */
export type MetaReply = object | RequestListener;

/** A running addon. */
export interface FakeMetadata {
  /** What `METADATA_URL` would be. */
  readonly url: string;
  /** Paths asked for, in order. */
  readonly asked: readonly string[];
  /** Answers `/meta/<type>/<id>.json`; titles nobody told of are 404. */
  tell(type: 'movie' | 'series' | 'anime', id: string, reply: MetaReply): void;
  /** From now on everything is answered so; null: as told again. */
  failWith(listener: RequestListener | null): void;
  close(): Promise<void>;
}

/** A film as Cinemeta tells it. */
export const paperLantern = {
  id: 'tt9000001',
  imdb_id: 'tt9000001',
  moviedb_id: 900001,
  type: 'movie',
  name: 'The Paper Lantern',
  year: '2008',
  releaseInfo: '2008',
  released: '2008-05-02T00:00:00.000Z',
  runtime: '112 min',
  genres: ['Drama'],
  country: 'Denmark',
  videos: [],
};

/** A series as Cinemeta tells it: a special, two whole seasons of three episodes. */
export const harbourLights = {
  id: 'tt9000002',
  imdb_id: 'tt9000002',
  tvdb_id: 900002,
  type: 'series',
  name: 'Harbour Lights',
  year: '2008–2013',
  releaseInfo: '2008–2013',
  runtime: '45 min',
  genres: ['Drama', 'Mystery'],
  country: 'United States',
  videos: [
    { id: 'tt9000002:0:1', season: 0, number: 1, episode: 1, name: 'The Making', released: '2008-01-01T00:00:00.000Z' },
    { id: 'tt9000002:1:1', season: 1, number: 1, episode: 1, name: 'Pilot', released: '2008-01-20T03:00:00.000Z' },
    { id: 'tt9000002:1:2', season: 1, number: 2, episode: 2, name: 'Fog', released: '2008-01-27T03:00:00.000Z' },
    { id: 'tt9000002:1:3', season: 1, number: 3, episode: 3, name: 'Low Tide', firstAired: '2008-02-03' },
    { id: 'tt9000002:2:1', season: 2, number: 1, episode: 1, name: 'Return', released: '2009-03-08T00:00:00.000Z' },
    { id: 'tt9000002:2:2', season: 2, number: 2, episode: 2, title: 'Anchors', released: '2009-03-15T00:00:00.000Z' },
    { id: 'tt9000002:2:3', season: 2, number: 3, episode: 3, name: 'Episode 3', released: '2009-03-22T00:00:00.000Z' },
  ],
};

/** Listens on a port of the system's choice. */
export async function startFakeMetadata(): Promise<FakeMetadata> {
  const asked: string[] = [];
  const replies = new Map<string, MetaReply>();
  let failure: RequestListener | null = null;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const reply = failure ?? replies.get(path);
    if (typeof reply === 'function') return void (reply as RequestListener)(request, response);
    response.writeHead(reply === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply === undefined ? { err: 'not found' } : { meta: reply }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${String(typeof address === 'object' && address ? address.port : 0)}`,
    asked,
    tell: (type, id, reply) => void replies.set(`/meta/${type}/${id}.json`, reply),
    failWith: (listener) => {
      failure = listener;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
