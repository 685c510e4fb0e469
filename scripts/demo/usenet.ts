// The demo with a news server: a film is packed into a set of RAR volumes, posted on loopback as articles, and an NZB handed to
// Headstart, which plays it from inside the archive while it downloads. Prints what happened and when.

import { once } from 'node:events';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rarVolumes } from '../fixtures/index.js';
import { postFiles, ServerProcess, sourceOfBytes, startNntpServer, type NntpServer, type Post } from '../lab/index.js';
import { makeFilm } from './film.js';
import { megabytes, milliseconds, playAll, post, untilReady, type Stage } from './show.js';
import { Timeline } from './timeline.js';

const filmBytes = 40_000_000;
const volumeBytes = 5_000_000;
const connections = 8;
const delayMs = 20;
const bytesPerSecond = 2_000_000;

interface Submitted {
  readonly streams: readonly { readonly url: string }[];
  readonly _cached: boolean;
}

/** Shows it; cleans up behind itself, also when it fails. */
export async function demoUsenet(): Promise<void> {
  const timeline = new Timeline();
  const folder = await mkdtemp(join(tmpdir(), 'headstart-demo-'));
  const news = await startNntpServer({ delayMs, bytesPerSecond });
  const provider = `nntp://127.0.0.1:${String(news.port)}/?connections=${String(connections)}`;
  const env = { NNTP_PROVIDERS: provider, ALLOW_PRIVATE_FETCH: 'true' };
  const server = new ServerProcess({ dataDir: join(folder, 'data'), env });
  let indexer: Server | null = null;
  try {
    const path = join(folder, 'Open.Film.2024.ts');
    const sizeBytes = await makeFilm(path, filmBytes);
    const posted = await postFilm(news, path, timeline);
    indexer = await serve(posted.nzb);
    await server.start();
    timeline.tell(`Headstart answers on ${server.origin}.`);
    const { port } = indexer.address() as AddressInfo;
    await show({ timeline, server, film: { path, sizeBytes } }, `http://127.0.0.1:${String(port)}/open-film.nzb`);
  } finally {
    await server.close();
    indexer?.close();
    await news.close();
    await rm(folder, { recursive: true, force: true });
  }
  timeline.tell('Everything is stopped and cleaned up.');
}

async function postFilm(news: NntpServer, path: string, timeline: Timeline): Promise<Post> {
  const source = sourceOfBytes(await readFile(path));
  timeline.tell(`A film of ${megabytes(source.sizeBytes)} is made.`);
  const volumes = rarVolumes({ format: 'rar5', innerName: 'Open.Film.2024.ts', content: source, volumeBytes });
  const posted = await postFiles(news, volumes, { seed: 'demo' });
  const rate = megabytes(bytesPerSecond);
  timeline.tell(
    `A news server has it as ${String(volumes.length)} RAR volumes in ${String(posted.articles.length)} articles, ${String(delayMs)} ms away, ${rate}/s per connection.`,
  );
  return posted;
}

async function show(stage: Stage, nzbUrl: string): Promise<void> {
  const { timeline, server } = stage;
  const prepared = await post(server, '/stream/prepare', { nzb_url: nzbUrl });
  timeline.tell(`POST /stream/prepare answered: job ${prepared.jobId}`);
  await untilReady(timeline, server.url(prepared.statusUrl));
  timeline.tell('Ready to play: one article of the archive was enough.');
  await playAll(stage, server.url(prepared.streamUrl));
  const started = performance.now();
  const again = await submit(server, nzbUrl);
  const took = milliseconds(performance.now() - started);
  timeline.tell(`The NZB submitted again, as AIOStreams does: ${took}, ${String(again.streams.length)} stream.`);
}

async function submit(server: ServerProcess, nzbUrl: string): Promise<Submitted> {
  const response = await fetch(server.url('/api/nzb/streams'), {
    method: 'POST',
    headers: { 'x-api-key': server.apiKey },
    body: new URLSearchParams({ nzb_url: nzbUrl }),
  });
  if (!response.ok) throw new Error(`/api/nzb/streams answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Submitted;
}

async function serve(nzb: string): Promise<Server> {
  const server = createServer((_request, response) => response.end(nzb)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
