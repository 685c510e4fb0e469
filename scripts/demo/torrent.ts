// The demo with a torrent: a film is made, seeded by a second engine on loopback, prepared by Headstart through its API and
// played over HTTP while it downloads. Prints what happened and when.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import { ServerProcess } from '../lab/index.js';
import { makeFilm } from './film.js';
import type { SeederReady, SeederTask } from './seeder.js';
import { getJson, megabytes, percent, playAll, post, untilReady, type Stage } from './show.js';
import { Timeline } from './timeline.js';

const filmBytes = 40_000_000;
const seedBytesPerSecond = 5_000_000;
const pollMs = 250;

interface SeededStage extends Stage {
  readonly seeder: SeederReady;
}

/** Shows it; cleans up behind itself, also when it fails. */
export async function demoTorrent(): Promise<void> {
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

async function show(stage: SeededStage): Promise<void> {
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

function startSeeder(task: SeederTask): Worker {
  return new Worker(new URL('./seeder.js', import.meta.url), { workerData: task });
}

function untilSeeding(worker: Worker): Promise<SeederReady> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function watch(stage: SeededStage, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const fraction = await downloaded(stage);
    if (fraction < 1) stage.timeline.showBar(fraction, 'downloaded while it plays');
    await delay(pollMs * 4, undefined, { signal }).catch(() => undefined);
  }
}

async function downloaded(stage: SeededStage): Promise<number> {
  const url = stage.server.url(`/torrents/${stage.seeder.infoHash}/stats/v1`);
  const stats = await getJson<{ progress_bytes: number; total_bytes: number }>(url, {
    'x-api-key': stage.server.apiKey,
  });
  return stats.total_bytes > 0 ? stats.progress_bytes / stats.total_bytes : 0;
}
