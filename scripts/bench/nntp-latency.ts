// bench:nntp-latency: from the submission of an NZB to the first byte of its film, from a news server that is far away and
// slow on each connection. Nothing is subtracted: what the first article takes on its line is shown beside it.

import type { ServerProcess } from '../lab/index.js';

import { untilQuiet } from './far-ranges.js';
import { takeTurns, type Sample } from './measure.js';
import type { NewsRelease } from './news-child.js';
import { submitNzb, withNewsReader, withNewsRoom, type NewsRoom } from './news-room.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';

const roundTripMs = 30;
const bytesPerSecond = 5_000_000;
const partBytes = 500_000;
const filmBytes = 1_000_000_000;
const graceMs = 60;
/** Played before, so that no warm side pays for code that is being loaded. */
const primerCount = 3;
/** What an article takes on its line once it begins to come: encoded it is some 3 % larger. */
const transferMs = ((partBytes * 1.03) / bytesPerSecond) * 1000;
const [warm, packed, cold] = ['warm', 'warm, RAR of 50 volumes', 'cold'];

/** Every round a fresh server. Cold: the NZB is the first thing it hears of. Warm: others were played before. */
export async function benchNntpLatency(options: BenchOptions): Promise<Report> {
  const results = await withNewsRoom({ releases: releases(), isTls: true, roundTripMs, bytesPerSecond }, (room) => {
    const [film = '', packedFilm = '', ...primers] = room.nzbs;
    return takeTurns(
      [
        { name: warm, run: () => withWarmReader(room, primers, (server) => firstByteOf(server, film)) },
        { name: packed, run: () => withWarmReader(room, primers, (server) => firstByteOf(server, packedFilm)) },
        { name: cold, run: () => withNewsReader(room, (server) => firstByteOf(server, film)) },
      ],
      options.rounds,
    );
  });
  const of = (side: string): number => medianOf(results, side, 'first byte ms');
  const roundTrips = (side: string): number => (of(side) - transferMs - graceMs) / roundTripMs;
  const line = `${String(roundTripMs)} ms away, ${String(bytesPerSecond / 1e6)} MB/s per connection, TLS and login`;
  return {
    bench: 'nntp-latency',
    setting: `articles of ${String(partBytes)} bytes, each ${transferMs.toFixed(0)} ms on the line; ${line}`,
    results,
    claims: [
      claim('warm, round trips beyond transfer and 60 ms', roundTrips(warm), 4),
      claim('cold, round trips beyond transfer and 60 ms', roundTrips(cold), 9),
      claim('50 volumes × plain file, nothing subtracted', of(packed) / of(warm), 1.5),
    ],
  };
}

function claim(what: string, measured: number, limit: number): Report['claims'][number] {
  return { what, measured, limit, must: 'be at most' };
}

function releases(): NewsRelease[] {
  const primers = Array.from({ length: primerCount }, (_, index) => ({
    name: `Bench.Primer.${String(index + 1)}.2024.mkv`,
    sizeBytes: 5_000_000,
    partBytes,
    // The last one is packed, so that this code too has run.
    ...(index === primerCount - 1 && { volumes: 3 }),
  }));
  return [
    { name: 'Bench.Film.2024.mkv', sizeBytes: filmBytes, partBytes },
    { name: 'Bench.Packed.2024.mkv', sizeBytes: filmBytes, partBytes, volumes: 50 },
    ...primers,
  ];
}

function withWarmReader<T>(
  room: NewsRoom,
  primers: readonly string[],
  work: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  return withNewsReader(room, async (server) => {
    for (const primer of primers) await rawGet(await submitNzb(server, primer));
    await untilQuiet(async () => (await room.numbers()).bytes);
    return work(server);
  });
}

async function firstByteOf(server: ServerProcess, nzb: string): Promise<Sample> {
  const started = performance.now();
  const url = await submitNzb(server, nzb);
  const answerMs = performance.now() - started;
  await rawGet(url, { maxBytes: 1 });
  const firstByteMs = performance.now() - started;
  return { 'first byte ms': firstByteMs, 'answer ms': answerMs, 'transfer ms': transferMs };
}
