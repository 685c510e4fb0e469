// What tests of Usenet trouble share: a film whose bytes are known, the engine between two news servers, reading and hashing,
// articles that are not what they were posted as.

import { createHash } from 'node:crypto';

import type { MediaFile } from '../../backend/content/index.js';
import type { UsenetEngineOptions } from '../../backend/engines/usenet/index.js';
import type { NntpProvider } from '../../backend/platform/index.js';
import {
  chunksOf,
  makePost,
  startNntpServer,
  type ByteSource,
  type FileToPost,
  type LabArticle,
  type NntpServer,
  type NntpServerOptions,
  type Post,
  type PostOptions,
} from '../../scripts/lab/index.js';

import { startHeadstart, type HeadstartProcess } from './headstart-process.js';
import { askJson } from './http.js';
import { openEngineLab, providerAt, type EngineLab } from './usenet-engine.js';
import type { UsenetLab } from './usenet-lab.js';

export interface TroubleLabOptions {
  readonly server?: NntpServerOptions;
  readonly provider?: Partial<NntpProvider>;
  /** Present: there is a second provider, asked only for what the first cannot give. */
  readonly backup?: NntpServerOptions;
  readonly engine?: Partial<UsenetEngineOptions>;
}

/** The engine with one or two providers; both have what is posted. */
export interface TroubleLab extends EngineLab {
  /** Throws where there is none. */
  readonly backup: NntpServer;
  /** Posts to all servers and prepares the first file of it. Rejects as the engine does. */
  play(files: readonly FileToPost[], options?: Partial<PostOptions>): Promise<MediaFile>;
  /** The same for what was made before. */
  playPost(post: Pick<Post, 'nzb' | 'articles'>): Promise<MediaFile>;
}

export async function openTroubleLab(options: TroubleLabOptions = {}): Promise<TroubleLab> {
  const second = options.backup === undefined ? null : await startNntpServer(options.backup);
  const spare = second === null ? [] : [providerAt(second.port, { id: 'backup', isBackup: true, connections: 2 })];
  const lab = await openEngineLab({
    ...(options.server && { server: options.server }),
    providers: (port) => [providerAt(port, options.provider), ...spare],
    ...(options.engine && { engine: options.engine }),
  });
  const playPost = async ({ nzb, articles }: Pick<Post, 'nzb' | 'articles'>): Promise<MediaFile> => {
    for (const article of articles) for (const server of [lab.news, second]) server?.post(article);
    const source = await lab.engine.accept(Buffer.from(nzb), { fileName: 'Film.2024.1080p.nzb' });
    const wait = { signal: new AbortController().signal, report: () => undefined, priority: 'play' as const };
    const release = await lab.engine.resolve(source, wait);
    const [file] = release.files;
    if (file === undefined) throw new Error('There is no file in this release.');
    const prepared = await lab.engine.prepare(release, file, wait);
    prepared.completed.catch(() => undefined);
    return prepared.file;
  };
  return {
    ...lab,
    get backup() {
      if (second === null) throw new Error('This lab has one provider: say `backup`.');
      return second;
    },
    play: (files, more) => playPost(makePost(files, { seed: 'trouble', partBytes: 20_000, ...more })),
    playPost,
    close: async () => {
      await lab.close();
      await second?.close();
    },
  };
}

/** SHA-256 of a file read through the engine, from `start` on. */
export async function hashOfFile(file: MediaFile, { start = 0 }: { readonly start?: number } = {}): Promise<string> {
  const hash = createHash('sha256');
  const { signal } = new AbortController();
  for await (const chunk of file.open({ start, end: file.sizeBytes }, { signal })) hash.update(chunk);
  return hash.digest('hex');
}

/** SHA-256 of what was posted, with zeros where `holes` (each `[start, end)`) are. */
export function hashOfSource(source: ByteSource, holes: readonly (readonly [number, number])[] = []): string {
  const hash = createHash('sha256');
  let offset = 0;
  for (const chunk of chunksOf(source)) {
    const bytes = holes.length === 0 ? chunk : Buffer.from(chunk);
    for (const [start, end] of holes) bytes.fill(0, clamp(start - offset, bytes), clamp(end - offset, bytes));
    hash.update(bytes);
    offset += bytes.length;
  }
  return hash.digest('hex');
}

/** The article with its lines of control changed: those before the data. */
export function withHead(article: LabArticle, change: (head: string) => string): LabArticle {
  return {
    ...article,
    body: () => {
      const body = Buffer.concat(article.body());
      const end = body.indexOf('\r\n', body.indexOf('=ypart')) + 2;
      return [Buffer.from(change(body.subarray(0, end).toString('latin1')), 'latin1'), body.subarray(end)];
    },
  };
}

/** What an error says to programs. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** Commands about these articles, of any kind, that a server has heard so far. */
export function asksFor({ counts }: NntpServer, messageIds: readonly string[]): number {
  const verbs = ['ARTICLE', 'BODY', 'HEAD', 'STAT'];
  return messageIds
    .flatMap((id) => verbs.map((verb) => counts.asked.get(`${verb} ${id}`) ?? 0))
    .reduce((sum, count) => sum + count, 0);
}

/** The server of a lab again on the same data, which nobody else runs on, with other settings. */
export async function startAnother(lab: UsenetLab, env: Readonly<Record<string, string>>): Promise<HeadstartProcess> {
  const { headstart, resources, scripted } = lab;
  const NNTP_PROVIDERS = `nntp://127.0.0.1:${String(scripted.port)}/?connections=4`;
  const options = { dataDir: headstart.dataDir, env: { NNTP_PROVIDERS, ALLOW_PRIVATE_FETCH: 'true', ...env } };
  return resources.use(await startHeadstart(options));
}

/** `POST /api/nzb/streams` of any server. */
export function submitTo(server: HeadstartProcess, nzbUrl: string): ReturnType<typeof askJson> {
  return askJson(server.url('/api/nzb/streams'), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': server.apiKey },
    body: new URLSearchParams({ nzb_url: nzbUrl }).toString(),
  });
}

function clamp(value: number, { length }: Buffer): number {
  return Math.min(Math.max(0, value), length);
}
