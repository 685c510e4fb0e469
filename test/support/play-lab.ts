// A discovery laboratory in which what is listed can be played: each title gets its releases, which lie in a real swarm or on a
// news server, and are offered by a Torznab and a Newznab indexer.

import { pseudoRandomSource, pseudoRandomBytes } from '../../scripts/lab/index.js';
import {
  indexerEntry,
  listOf,
  startKnowingMetadata,
  startSwarm,
  type ListedStream,
  type Swarm,
} from './discovery-lab.js';
import { startFakeIndexer, type FakeIndexer } from './fake-indexer.js';
import type { FakeMetadata } from './fake-metadata.js';
import type { HeadstartProcess } from './headstart-process.js';
import { sha256 } from './http.js';
import { nzbItem, torrentItem } from './release-feed.js';
import { Resources } from './resources.js';
import type { MadeTorrent } from './torrent-maker.js';
import { openUsenetLab, type UsenetLab } from './usenet-lab.js';

/** A file of a release and what must come out. */
export interface OfferedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface TorrentOffer {
  /** Its address: a magnet link, a `.torrent`, or an address that leads to the magnet link. Default: a magnet link. */
  readonly as?: 'magnet' | 'torrent-url' | 'magnet-url';
  /** What the indexer calls it; default: its own name. */
  readonly title?: string;
  readonly isSeeded?: boolean;
  /** Bytes per second; 0 (default) is unlimited. */
  readonly uploadLimit?: number;
}

export interface PlayLab {
  readonly server: HeadstartProcess;
  /** What leads a server to the laboratory. */
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: FakeMetadata;
  readonly torznab: FakeIndexer;
  readonly newznab: FakeIndexer;
  readonly usenet: UsenetLab;
  readonly swarm: Swarm;
  readonly resources: Resources;
  /** Makes a torrent of these files (name and size; one makes a single-file torrent) and offers it. */
  offerTorrent(name: string, files: Sizes, offer?: TorrentOffer): Promise<MadeTorrent>;
  /** Posts these files and offers their NZB; `isMissing`: no server has half of the articles. */
  offerNzb(name: string, files: Sizes, post?: { readonly isMissing?: boolean }): Promise<readonly OfferedFile[]>;
  /** Posts a set of the fixtures, without its password, and offers it under this name. */
  offerLocked(name: string, set: string): Promise<void>;
  list(id: string): Promise<readonly ListedStream[]>;
  close(): Promise<void>;
}

export type Sizes = readonly (readonly [name: string, sizeBytes: number])[];

const PART_BYTES = 20_000;

/** `env` is Headstart's, beside what leads it to the laboratory. */
export async function openPlayLab(env: Readonly<Record<string, string>> = {}): Promise<PlayLab> {
  const resources = new Resources();
  try {
    const metadata = resources.use(await startKnowingMetadata());
    const torznab = resources.use(await startFakeIndexer('torznab'));
    const newznab = resources.use(await startFakeIndexer('newznab'));
    const swarm = await startSwarm(resources);
    const INDEXERS = `${indexerEntry('torznab', torznab, 'Lighthouse')} ${indexerEntry('newznab', newznab, 'Quayside')}`;
    const leads = { METADATA_URL: metadata.url, INDEXERS, ALLOW_PRIVATE_FETCH: '127.0.0.0/8' };
    const usenet = resources.use(await openUsenetLab({ server: 'scripted', headstart: { env: { ...leads, ...env } } }));
    const { headstart: server, news } = usenet;
    const NNTP_PROVIDERS = `nntp://127.0.0.1:${news.port}/?connections=4`;
    const desk = new OfferDesk({ torznab, newznab, swarm, usenet });
    return {
      ...{ server, env: { ...leads, NNTP_PROVIDERS }, metadata, torznab, newznab, usenet, swarm, resources },
      offerTorrent: (name, files, offer) => desk.offerTorrent(name, files, offer),
      offerNzb: (name, files, post) => desk.offerNzb(name, files, post),
      offerLocked: (name, set) => desk.offerLocked(name, set),
      list: (id) => listOf(server, id),
      close: () => resources.close(),
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

/** Makes releases, and keeps the lists of what the two indexers offer. */
class OfferDesk {
  readonly #torrents: string[] = [];
  readonly #nzbs: string[] = [];

  constructor(private readonly o: Pick<PlayLab, 'torznab' | 'newznab' | 'swarm' | 'usenet'>) {}

  async offerTorrent(
    name: string,
    files: Sizes,
    { as = 'magnet', title = name, isSeeded = true, uploadLimit = 0 }: TorrentOffer = {},
  ): Promise<MadeTorrent> {
    const { torznab, swarm } = this.o;
    const recipes = files.map(([file, sizeBytes]) => ({ path: files.length === 1 ? [] : [file], sizeBytes }));
    const torrent = await swarm.make({ name, pieceLength: 65_536, files: recipes, isSeeded, uploadLimit });
    const reply = as === 'torrent-url' ? torrent.torrentBytes : { redirectsTo: torrent.magnet };
    const url = as === 'magnet' ? torrent.magnet : torznab.serve(`/dl/${torrent.infoHash}`, reply);
    this.#torrents.push(torrentItem({ name: title, url, sizeBytes: torrent.totalBytes }));
    torznab.offer(this.#torrents.join(''));
    return torrent;
  }

  async offerNzb(
    name: string,
    files: Sizes,
    { isMissing = false }: { readonly isMissing?: boolean } = {},
  ): Promise<readonly OfferedFile[]> {
    const posted = files.map(([file, sizeBytes]) => {
      return { name: file, content: pseudoRandomSource(`${name}/${file}`, sizeBytes) };
    });
    const { nzb } = await this.o.usenet.post(name, posted, {
      partBytes: PART_BYTES,
      ...(isMissing ? { isMissing: ({ number }) => number % 2 === 0 || number === 1 } : {}),
    });
    this.#offer(name, nzb, files);
    return files.map(([file, sizeBytes]) => {
      return { name: file, sizeBytes, sha256: sha256(pseudoRandomBytes(`${name}/${file}`, sizeBytes)) };
    });
  }

  async offerLocked(name: string, set: string): Promise<void> {
    const { nzb } = await this.o.usenet.postSet(set, { meta: { name } });
    this.#offer(name, nzb, [[name, 500_000]]);
  }

  #offer(name: string, nzb: string, files: Sizes): void {
    const { newznab } = this.o;
    const url = newznab.serve(`/get/${encodeURIComponent(name)}.nzb`, Buffer.from(nzb));
    const sizeBytes = files.reduce((sum, [, size]) => sum + size, 0);
    this.#nzbs.push(nzbItem({ name, url: `${url}?apikey=secret`, sizeBytes }));
    newznab.offer(this.#nzbs.join(''));
  }
}
