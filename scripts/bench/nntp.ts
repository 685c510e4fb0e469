// bench:nntp: a film from a news server to an HTTP client, plainly and through TLS, against what a Node process echoes in
// the same run. Checksums on, articles kept on disk, as users have it.

import { readFile } from 'node:fs/promises';

import { echoOnce } from './echo.js';
import { costOf, ratesOf, takeTurns, type Sample } from './measure.js';
import { submitNzb, usualPartBytes, withNewsReader, withNewsRoom, type NewsRoom } from './news-room.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';

/** Played before: a server that runs for days has long compiled what it runs. */
const primerBytes = 256 << 20;
const plain = 'headstart, plain';
const secure = 'headstart, TLS';
const yardstick = 'Node TCP echo, there and back';

/** Every round a fresh server that has nothing. */
export async function benchNntp(options: BenchOptions): Promise<Report> {
  const { sizeBytes, rounds } = options;
  const releases = [
    { name: 'Bench.Primer.2024.mkv', sizeBytes: primerBytes, partBytes: usualPartBytes },
    { name: 'Bench.Film.2024.mkv', sizeBytes, partBytes: usualPartBytes },
  ];
  const results = await withNewsRoom({ releases }, (plainRoom) =>
    withNewsRoom({ releases, isTls: true }, (secureRoom) =>
      takeTurns(
        [
          { name: yardstick, run: () => echoOnce(sizeBytes) },
          { name: plain, run: () => playOnce(plainRoom, sizeBytes) },
          { name: secure, run: () => playOnce(secureRoom, sizeBytes) },
        ],
        rounds,
      ),
    ),
  );
  const of = (side: string, column: string): number => medianOf(results, side, column);
  const ratio = (side: string): number => of(side, 'MB/s') / of(yardstick, 'MB/s');
  return {
    bench: 'nntp',
    setting: `${(sizeBytes / 2 ** 20).toFixed(0)} MiB in articles of ${String(usualPartBytes)} bytes, 8 connections, one reader; ${(primerBytes / 2 ** 20).toFixed(0)} MiB played before`,
    results,
    claims: [
      { what: 'plain, throughput × Node TCP echo', measured: ratio(plain), limit: 0.38, must: 'be at least' },
      { what: 'TLS, throughput × Node TCP echo', measured: ratio(secure), limit: 0.2, must: 'be at least' },
      { what: 'plain, CPU-s/GB', measured: of(plain, 'CPU-s/GB'), limit: 1.6, must: 'be at most' },
      { what: 'TLS, CPU-s/GB', measured: of(secure, 'CPU-s/GB'), limit: 2.6, must: 'be at most' },
      { what: 'plain, peak RSS MB', measured: of(plain, 'peak RSS MB'), limit: 150, must: 'be at most' },
      { what: 'TLS, peak RSS MB', measured: of(secure, 'peak RSS MB'), limit: 150, must: 'be at most' },
    ],
  };
}

function playOnce(room: NewsRoom, sizeBytes: number): Promise<Sample> {
  return withNewsReader(room, async (server) => {
    const play = async (nzb: string): Promise<void> => {
      await rawGet(await submitNzb(server, nzb));
    };
    const [primer = '', film = ''] = room.nzbs;
    await play(primer);
    const rates = ratesOf(sizeBytes, await costOf(server.pid, () => play(film)));
    return { ...rates, 'peak RSS MB': (await peakBytesOf(server.pid)) / 1e6 };
  });
}

/** The most a process ever had resident, start and primer included. */
async function peakBytesOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
}
