// `npm run demo`: with no network and no accounts, a film is made, seeded by a second engine on loopback, prepared by
// Headstart through its API and played over HTTP while it downloads. Prints what happened and when; under a minute.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { makeFilm } from './demo/film.js';
import { hashFile, play, probe } from './demo/player.js';
import type { SeederReady, SeederTask } from './demo/seeder.js';
import { Timeline } from './demo/timeline.js';
import { ServerProcess } from './lab/index.js';

const filmBytes = 40_000_000;
const seedBytesPerSecond = 5_000_000;
const pollMs = 250;
const usage = `usage: npm run demo
Makes a film, seeds it on loopback, prepares it, plays it over HTTP while it downloads, prints what happened and when.
`;

interface Status {
  readonly status: string;
  readonly progress: number;
  readonly message: string;
  readonly error?: string;
}

interface Stage {
  readonly timeline: Timeline;
  readonly server: ServerProcess;
  readonly film: { readonly path: string; readonly sizeBytes: number };
  readonly seeder: SeederReady;
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return void process.stdout.write(usage);
  const timeline = new Timeline();
  const folder = await mkdtemp(join(tmpdir(), 'headstart-demo-'));
  const server = new ServerProcess({ dataDir: join(folder, 'data') });
  let worker: Worker | null = null;
  try {
    const path = join(folder, 'Open.Film.2024.ts');
    const sizeBytes = await makeFilm(path, filmBytes);
    timeline.tell(`A film of ${megabytes(sizeBytes)} is made.`);
    worker = startSeeder({ path, uploadLimit: seedBytesPerSecond });
    const [seeder] = await Promise.all([untilSeeding(worker), server.start()]);
    timeline.tell(`A second engine seeds it on ${seeder.address}, at ${megabytes(seedBytesPerSecond)}/s.`);
    timeline.tell(`Headstart answers on ${server.origin}.`);
    await show({ timeline, server, film: { path, sizeBytes }, seeder });
  } finally {
    await worker?.terminate();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
  timeline.tell('Everything is stopped and cleaned up.');
}

async function show(stage: Stage): Promise<void> {
  const { timeline, server, seeder } = stage;
  const prepared = await post(server, `/stream/prepare/${seeder.infoHash}`, {
    magnet: seeder.magnet,
    initial_peers: seeder.address,
  });
  timeline.tell(`POST /stream/prepare answered: job ${prepared.jobId}`);
  await untilReady(timeline, server.url(prepared.statusUrl));
  timeline.tell(`Ready to play, with ${percent(await downloaded(stage))} of the film here.`);
  const url = server.url(prepared.streamUrl);
  const ending = new AbortController();
  const watching = watch(stage, ending.signal);
  try {
    await playAll(stage, url);
  } finally {
    ending.abort();
    await watching;
  }
}

async function playAll(stage: Stage, url: string): Promise<void> {
  const { timeline, film } = stage;
  const seekStart = Math.floor(film.sizeBytes * 0.7);
  const seek = { start: seekStart, end: seekStart + 1_048_576 };
  const sought = await play(url, seek);
  mustEqual(sought.sha256, await hashFile(film.path, seek), 'the bytes after the seek');
  timeline.tell(`Seek to 70 %: first byte after ${milliseconds(sought.firstByteMs)}, 1 MiB hash-equal.`);
  const [whole, seen] = await Promise.all([play(url), probe(url)]);
  timeline.tell(
    `Played: first byte after ${milliseconds(whole.firstByteMs)}, all ${megabytes(whole.sizeBytes)} in ${seconds(whole.totalMs)}.`,
  );
  timeline.tell(seen === null ? 'ffprobe is not installed; the hash has to do.' : `ffprobe sees: ${seen}`);
  mustEqual(whole.sha256, await hashFile(film.path), 'the film');
  timeline.tell(`SHA-256 equals the original: ${whole.sha256.slice(0, 16)}…`);
  const again = await play(url);
  mustEqual(again.sha256, whole.sha256, 'the second showing');
  timeline.tell(
    `Played again from disk in ${seconds(again.totalMs)} (${megabytes((again.sizeBytes / again.totalMs) * 1000)}/s).`,
  );
}

function startSeeder(task: SeederTask): Worker {
  return new Worker(new URL('./demo/seeder.js', import.meta.url), { workerData: task });
}

function untilSeeding(worker: Worker): Promise<SeederReady> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function untilReady(timeline: Timeline, statusUrl: string): Promise<void> {
  for (;;) {
    const status = await getJson<Status>(statusUrl);
    timeline.showBar(status.progress / 100, `${status.status}: ${status.message}`);
    if (status.status === 'ready') return;
    if (status.status === 'failed') throw new Error(`Preparation failed: ${status.error ?? status.message}`);
    await delay(pollMs);
  }
}

async function watch(stage: Stage, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const fraction = await downloaded(stage);
    if (fraction < 1) stage.timeline.showBar(fraction, 'downloaded while it plays');
    await delay(pollMs * 4, undefined, { signal }).catch(() => undefined);
  }
}

async function downloaded(stage: Stage): Promise<number> {
  const url = stage.server.url(`/torrents/${stage.seeder.infoHash}/stats/v1`);
  const stats = await getJson<{ progress_bytes: number; total_bytes: number }>(url, {
    'x-api-key': stage.server.apiKey,
  });
  return stats.total_bytes > 0 ? stats.progress_bytes / stats.total_bytes : 0;
}

async function post(
  server: ServerProcess,
  path: string,
  body: object,
): Promise<Record<'jobId' | 'statusUrl' | 'streamUrl', string>> {
  const response = await fetch(server.url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': server.apiKey },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Record<'jobId' | 'statusUrl' | 'streamUrl', string>;
}

async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}.`);
  return (await response.json()) as T;
}

function mustEqual(one: string, other: string, what: string): void {
  if (one !== other) throw new Error(`${what}: the hash differs from the original.`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const milliseconds = (ms: number): string => `${ms.toFixed(0)} ms`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const percent = (fraction: number): string => `${(fraction * 100).toFixed(0)} %`;

try {
  await main();
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
