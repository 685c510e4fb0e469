// Everything a Usenet test needs, started together and ended together: a news server (scripted or INN) with posts, a relay that
// withholds bodies, NZBs over HTTP, and Headstart in front of it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  postFiles,
  sourceOfBytes,
  startNntpServer,
  type FileToPost,
  type NntpServer,
  type NntpServerOptions,
  type Post,
  type PostOptions,
} from '../../scripts/lab/index.js';

import { archiveFixture } from './archive-fixtures.js';
import { startFileServer, type FileServer } from './file-server.js';
import { startHeadstart, type HeadstartOptions, type HeadstartProcess } from './headstart-process.js';
import { askJson } from './http.js';
import { startInn, type InnOptions, type InnServer } from './inn.js';
import { startNntpRelay, type NntpRelay } from './nntp-relay.js';
import { Resources } from './resources.js';

/** Small, so that the small fixtures have many articles. */
const FIXTURE_PART_BYTES = 20_000;

export interface UsenetLabOptions {
  readonly server: 'scripted' | 'inn';
  /** Of the scripted server. */
  readonly scripted?: NntpServerOptions;
  readonly inn?: InnOptions;
  /** Sets of test/fixtures/archives that are posted at once; default none. */
  readonly sets?: readonly string[];
  /** Connections go through `lab.relay`; not with TLS. Default false. */
  readonly hasRelay?: boolean;
  /** Parameters of the provider's address; default `connections=4`. */
  readonly provider?: string;
  /** More addresses for NNTP_PROVIDERS, after the lab's own. */
  readonly moreProviders?: readonly string[];
  readonly headstart?: Omit<HeadstartOptions, 'dataDir'>;
}

/** A post with its NZB where Headstart can fetch it. */
export interface PostedNzb extends Post {
  readonly nzbUrl: string;
}

/** A set of the fixtures, posted. */
export interface PostedSet extends PostedNzb {
  readonly password: string | null;
  /** Stored sets play; the others are refused. */
  readonly isStored: boolean;
  /** What must come out, by name. */
  readonly contains: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>;
  /** Message ids of every article of volume `index` (from 0). */
  volumeIds(index: number): readonly string[];
}

/** One of the answer's streams. */
export interface OfferedStream {
  readonly url: string;
  readonly name: string;
  readonly size: number;
}

/** A laboratory; `close` ends everything in it. */
export interface UsenetLab {
  readonly headstart: HeadstartProcess;
  /** What articles are posted to. */
  readonly news: NntpServer | InnServer;
  /** The scripted server; throws in a lab with INN. */
  readonly scripted: NntpServer;
  /** Throws in a lab without one. */
  readonly relay: NntpRelay;
  readonly resources: Resources;
  /** A set that was named in `sets`. */
  set(name: string): PostedSet;
  /** Posts files and serves their NZB as `/<name>.nzb`. */
  post(name: string, files: readonly FileToPost[], options?: Partial<PostOptions>): Promise<PostedNzb>;
  /** Posts a set of the fixtures; its password stands in the NZB unless `options.meta` says otherwise. */
  postSet(name: string, options?: Partial<PostOptions>): Promise<PostedSet>;
  /** What AIOStreams sends: `POST /api/nzb/streams`, urlencoded, with the key. */
  submit(nzbUrl: string, fields?: Readonly<Record<string, string>>): ReturnType<typeof askJson>;
  /** What `submit` offers to be played. @throws Error with the answer and the end of the log when it offers nothing */
  streams(posted: Pick<PostedNzb, 'nzbUrl'>): Promise<readonly OfferedStream[]>;
  close(): Promise<void>;
}

/** Starts the news server, posts the sets, starts Headstart with that server as its first provider. */
export async function openUsenetLab(options: UsenetLabOptions): Promise<UsenetLab> {
  const resources = new Resources();
  try {
    const news = resources.use(
      await (options.server === 'inn' ? startInn(options.inn) : startNntpServer(options.scripted)),
    );
    const relay = options.hasRelay ? resources.use(await startNntpRelay(news.port)) : null;
    const desk = new PostDesk(news);
    resources.use(await desk.open());
    for (const name of options.sets ?? []) await desk.postSet(name);
    const address = providerAddress(news, relay, options);
    const { env, ...rest } = options.headstart ?? {};
    const providers = [address, ...(options.moreProviders ?? [])].join(' ');
    const headstart = resources.use(
      await startHeadstart({
        dataDir: await resources.folder(),
        env: { NNTP_PROVIDERS: providers, ALLOW_PRIVATE_FETCH: 'true', ...env },
        ...rest,
      }),
    );
    return {
      headstart,
      news,
      resources,
      get scripted() {
        if (!('counts' in news)) throw new Error('This lab has INN.');
        return news;
      },
      get relay() {
        if (!relay) throw new Error('This lab has no relay: say `hasRelay`.');
        return relay;
      },
      set: (name) => desk.set(name),
      post: (name, files, how) => desk.post(name, files, how),
      postSet: (name, how) => desk.postSet(name, how),
      submit: (nzbUrl, fields) => submit(headstart, nzbUrl, fields),
      streams: ({ nzbUrl }) => streamsOf(headstart, nzbUrl),
      close: () => resources.close(),
    };
  } catch (error) {
    await resources.close();
    throw error;
  }
}

function submit(
  headstart: HeadstartProcess,
  nzbUrl: string,
  fields: Readonly<Record<string, string>> = {},
): ReturnType<typeof askJson> {
  return askJson(headstart.url('/api/nzb/streams'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': headstart.apiKey },
    body: new URLSearchParams({ nzb_url: nzbUrl, ...fields }).toString(),
  });
}

async function streamsOf(headstart: HeadstartProcess, nzbUrl: string): Promise<readonly OfferedStream[]> {
  const { status, json } = await submit(headstart, nzbUrl);
  const streams = json.streams as OfferedStream[] | undefined;
  if (status === 200 && streams !== undefined && streams.length > 0) return streams;
  throw new Error(`${status} ${JSON.stringify(json)}\n${headstart.logs.slice(-3000)}`);
}

function providerAddress(news: NntpServer | InnServer, relay: NntpRelay | null, options: UsenetLabOptions): string {
  const account = options.server === 'inn' ? options.inn?.account : options.scripted;
  const login =
    account?.user === undefined
      ? ''
      : `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password ?? '')}@`;
  const parameters = options.provider ?? 'connections=4';
  if ('caFile' in news && news.caFile !== null) {
    return `nntps://${login}127.0.0.1:${String(news.tlsPort)}/?${parameters}&ca=${encodeURIComponent(news.caFile)}`;
  }
  return `nntp://${login}127.0.0.1:${String((relay ?? news).port)}/?${parameters}`;
}

/** Posts, and serves the NZBs of what was posted. */
class PostDesk {
  readonly #nzbs: Record<string, Uint8Array> = {};
  readonly #sets = new Map<string, PostedSet>();
  #origin = '';

  constructor(private readonly news: NntpServer | InnServer) {}

  async open(): Promise<FileServer> {
    const server = await startFileServer(this.#nzbs);
    this.#origin = server.origin;
    return server;
  }

  async post(name: string, files: readonly FileToPost[], options: Partial<PostOptions> = {}): Promise<PostedNzb> {
    const post = await postFiles(this.news, files, { seed: name, ...options });
    const path = `/${encodeURIComponent(name)}.nzb`;
    this.#nzbs[path] = Buffer.from(post.nzb);
    return { ...post, nzbUrl: `${this.#origin}${path}` };
  }

  async postSet(name: string, options: Partial<PostOptions> = {}): Promise<PostedSet> {
    const { volumes, password, contains, stored } = archiveFixture(name);
    const folder = join(process.cwd(), 'test', 'fixtures', 'archives', name);
    const files = await Promise.all(
      volumes.map(async (volume) => ({ name: volume, content: sourceOfBytes(await readFile(join(folder, volume))) })),
    );
    const meta = { name, ...(password === null ? {} : { password }) };
    const posted = await this.post(name, files, { partBytes: FIXTURE_PART_BYTES, meta, ...options });
    const volumeIds = (index: number): readonly string[] => posted.messageIds[volumes[index] ?? ''] ?? [];
    const set = { ...posted, password, contains, isStored: stored, volumeIds };
    this.#sets.set(name, set);
    return set;
  }

  set(name: string): PostedSet {
    const set = this.#sets.get(name);
    if (!set) throw new Error(`The set ${name} was not posted.`);
    return set;
  }
}
