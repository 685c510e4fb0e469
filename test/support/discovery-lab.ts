// Everything between a title and a picture, on loopback: a metadata addon, indexers that lead to torrents of a real swarm and to
// posts on a news server, and Headstart in front of them, asked as Stremio asks.

import { FAKE_KEY, type FakeIndexer } from './fake-indexer.js';
import { paperLantern, harbourLights, startFakeMetadata, type FakeMetadata } from './fake-metadata.js';
import type { HeadstartProcess } from './headstart-process.js';
import { ask, askJson, type Answer } from './http.js';
import type { IndexerDialect } from './indexer-captures.js';
import { seed, seedAlso, type LibtorrentPeer } from './libtorrent-seeder.js';
import type { Resources } from './resources.js';
import { makeTorrent, type MadeTorrent, type TorrentRecipe } from './torrent-maker.js';
import { startTracker, type TestTracker } from './tracker.js';

/** One line of a list; `url` is absent in the line that only says something. */
export interface ListedStream {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly externalUrl?: string;
  readonly behaviorHints: { readonly filename: string; readonly videoSize?: number; readonly bingeGroup: string };
}

/** What the title is called by; the metadata addon knows it from then on. */
export interface MadeUpFilm {
  readonly id: string;
  readonly name: string;
  readonly year: number;
}

/** Starts a metadata addon that knows the two titles of its captures. */
export async function startKnowingMetadata(): Promise<FakeMetadata> {
  const metadata = await startFakeMetadata();
  metadata.tell('movie', paperLantern.id, paperLantern);
  metadata.tell('series', harbourLights.id, harbourLights);
  return metadata;
}

/** Makes the film known. */
export function tellFilm(metadata: FakeMetadata, { id, name, year }: MadeUpFilm): void {
  metadata.tell('movie', id, {
    ...{ ...paperLantern, id, imdb_id: id, moviedb_id: Number(id.slice(2)), name },
    ...{ year: String(year), releaseInfo: String(year), released: `${year}-05-02T00:00:00.000Z` },
  });
}

/** Makes a series of six episodes known. */
export function tellSeries(metadata: FakeMetadata, { id, name }: Pick<MadeUpFilm, 'id' | 'name'>): void {
  const videos = [1, 2, 3, 4, 5, 6].map((number) => ({
    ...{ id: `${id}:1:${number}`, season: 1, number, episode: number, name: `Part ${number}` },
    released: `2009-03-0${number}T00:00:00.000Z`,
  }));
  metadata.tell('series', id, { ...harbourLights, id, imdb_id: id, tvdb_id: Number(id.slice(2)), name, videos });
}

/** An entry of INDEXERS. */
export function indexerEntry(kind: IndexerDialect, { url }: Pick<FakeIndexer, 'url'>, name: string): string {
  return `${kind}+${url}?apikey=${FAKE_KEY}#name=${name}`;
}

/** The list Stremio gets for a film (`tt1`) or an episode (`tt1:1:2`), its information lines included. */
export async function listOf(server: HeadstartProcess, id: string): Promise<readonly ListedStream[]> {
  const type = id.includes(':') ? 'series' : 'movie';
  const base = server.manifestUrl.replace('/manifest.json', '');
  const { status, json } = await askJson(`${base}/stream/${type}/${encodeURIComponent(id)}.json`);
  if (status !== 200) throw new Error(`The list of ${id} is answered with ${String(status)}.`);
  return json.streams as readonly ListedStream[];
}

/** Not one of the lines that only say something. */
export function isStream({ externalUrl }: ListedStream): boolean {
  return externalUrl === undefined;
}

/** The names of the releases, in the order of the list. */
export function namesOf(list: readonly ListedStream[]): string[] {
  return list.filter(isStream).map(({ description }) => description.split('\n')[0] ?? '');
}

/** The stream of the release of this name. */
export function streamOf(list: readonly ListedStream[], name: string): ListedStream {
  const stream = list.find(({ description }) => description.startsWith(name));
  if (stream === undefined) throw new Error(`${name} is not listed.`);
  return stream;
}

/** Play addresses, in the order of the list. */
export function urlsOf(list: readonly ListedStream[]): string[] {
  return list.filter(isStream).map(({ url }) => url);
}

/** The same without the origin, which another start has another port in. */
export function pathsOf(list: readonly ListedStream[]): string[] {
  return urlsOf(list).map((url) => new URL(url).pathname);
}

/** Follows redirects as players do, and reads all. */
export async function play(url: string, range?: string, hops = 20): Promise<Answer> {
  const answer = await ask(url, range === undefined ? {} : { headers: { range } });
  const isRedirect = answer.status === 307 || answer.status === 302;
  if (!isRedirect || hops === 0) return answer;
  return play(new URL(answer.headers.location ?? '', url).href, range, hops - 1);
}

/** Torrents of a real swarm on loopback. */
export interface Swarm {
  readonly tracker: TestTracker;
  readonly seeder: LibtorrentPeer;
  /** Makes a torrent on its tracker, seeded unless `isSeeded` is false. */
  make(recipe: SwarmRecipe): Promise<MadeTorrent>;
}

export type SwarmRecipe = Omit<TorrentRecipe, 'folder'> & {
  readonly isSeeded?: boolean;
  /** Bytes per second; 0 (default) is unlimited. */
  readonly uploadLimit?: number;
};

/** Starts tracker and seeder. */
export async function startSwarm(resources: Resources): Promise<Swarm> {
  const tracker = resources.use(await startTracker());
  const seeder = resources.use(await seed([]));
  const make = async ({ isSeeded = true, uploadLimit = 0, ...recipe }: SwarmRecipe): Promise<MadeTorrent> => {
    const folder = await resources.folder();
    const torrent = await makeTorrent({ trackers: [tracker.announceUrl], ...recipe, folder });
    if (isSeeded) await seedAlso(seeder, torrent, { uploadLimit });
    return torrent;
  };
  return { tracker, seeder, make };
}
