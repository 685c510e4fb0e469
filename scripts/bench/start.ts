// bench:start: from starting the built server to an answered manifest, beside a Node that does nothing; memory at rest.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { cpuSecondsOf, residentBytesOf, ServerProcess } from '../lab/index.js';

import { takeTurns, type Sample } from './measure.js';
import type { BenchOptions } from './options.js';
import { medianOf, type Report } from './report.js';

const restMs = 5000;

/** The first round of a folder makes keys and database; later rounds find them. All start from an empty folder here. */
export async function benchStart(options: BenchOptions): Promise<Report> {
  const sides = [
    { name: 'headstart', run: startOnce },
    { name: 'node -e 0', run: startNothing },
  ];
  const results = await takeTurns(sides, Math.max(options.rounds, 3));
  return {
    bench: 'start',
    setting: 'the built server, empty data folder, until the manifest is answered',
    results,
    claims: [
      {
        what: 'seconds to the manifest',
        measured: medianOf(results, 'headstart', 'seconds'),
        limit: 1.5,
        must: 'be at most',
      },
      {
        what: 'MB resident at rest',
        measured: medianOf(results, 'headstart', 'RSS MB'),
        limit: 120,
        must: 'be at most',
      },
    ],
  };
}

async function startOnce(): Promise<Sample> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headstart-bench-'));
  const server = new ServerProcess({ dataDir });
  try {
    const started = performance.now();
    await server.start();
    const answer = await fetch(server.manifestUrl);
    if (!answer.ok) throw new Error(`The manifest answered ${String(answer.status)}.`);
    await answer.arrayBuffer();
    const seconds = (performance.now() - started) / 1000;
    const cpuSeconds = await cpuSecondsOf(server.pid);
    await delay(restMs);
    return { seconds, 'CPU-s': cpuSeconds, 'RSS MB': (await residentBytesOf(server.pid)) / 1e6 };
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function startNothing(): Promise<Sample> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'close');
  return { seconds: (performance.now() - started) / 1000 };
}
