// bench:streams: many players at once, half of them on torrents and half on NZBs, each at the rate of a good film: whether all
// keep it, what it does to the server, and what is left when they have gone.

import { residentBytesOf, type ServerProcess } from '../lab/index.js';

import { startChild } from './child.js';
import type { HealthNumbers } from './health-child.js';
import { percentile, takeTurns, type Sample } from './measure.js';
import { submitNzb, usualPartBytes, withNewsReader, withNewsRoom, type NewsRoom } from './news-room.js';
import type { BenchOptions } from './options.js';
import { readPaced, type PacedAnswer } from './paced-reader.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Claim, type Report } from './report.js';
import { openWorkshop, prepareFilm, type Workshop } from './workshop.js';

const bytesPerSecond = 25e6 / 8;
const seconds = 12;
/** Between one player's start and the next one's: nobody presses fifty buttons at once, and all still play together. */
const arrivalMs = 100;
const crowds = [1, 10, 50];
const pieceLength = 1_048_576;
const newsBytes = 400_000_000;
/** What a player has in hand before it shows a picture: so late the bytes may be. */
const playerBufferMs = 1000;
const idleMs = 5000;
const watchMs = 2000;

interface Setting {
  readonly workshop: Workshop;
  readonly room: NewsRoom;
}

/** Every round a fresh server; every player on NZBs a film of its own, those on torrents places of their own in one. */
export async function benchStreams(options: BenchOptions): Promise<Report> {
  const count = Math.ceil(Math.max(...crowds) / 2);
  const releases = Array.from({ length: count }, (_, index) => ({
    name: `Bench.Film.${String(index + 1)}.2024.mkv`,
    sizeBytes: newsBytes,
    partBytes: usualPartBytes,
  }));
  const workshop = await openWorkshop({ sizeBytes: options.sizeBytes, pieceLength });
  try {
    const results = await withNewsRoom({ releases, connections: 20 }, (room) =>
      takeTurns(
        crowds.map((readers) => ({ name: nameOf(readers), run: () => playTogether({ workshop, room }, readers) })),
        options.rounds,
      ),
    );
    const most = nameOf(Math.max(...crowds));
    const atMost = (what: string, side: string, column: string, limit: number): Claim => {
      return { what, measured: medianOf(results, side, column), limit, must: 'be at most' };
    };
    return {
      bench: 'streams',
      setting: `players at 25 Mbit/s each for ${String(seconds)} s, one more every ${String(arrivalMs)} ms, mixed torrent and NZB; /health asked every 20 ms`,
      results,
      claims: [
        ...crowds.map((readers) =>
          atMost(`${nameOf(readers)}: most that any was late, ms`, nameOf(readers), 'late ms', playerBufferMs),
        ),
        atMost(`${most}: /health p99 ms`, most, 'health p99 ms', 30),
        atMost(`${most}: peak RSS MB`, most, 'RSS MB', 400),
        atMost(`${most}: MB upstream, 5 to 7 s after they left`, most, 'upstream after MB', 0.5),
        atMost(`${most}: MB RSS above rest, 5 s after they left`, most, 'RSS left MB', 100),
      ],
    };
  } finally {
    await workshop.close();
  }
}

function nameOf(readers: number): string {
  return readers === 1 ? '1 player' : `${String(readers)} players`;
}

function playTogether({ workshop, room }: Setting, readers: number): Promise<Sample> {
  return withNewsReader(room, async (server) => {
    const urls = await prepareAll({ workshop, room }, server, readers);
    const restBytes = await residentBytesOf(server.pid);
    const { answers, health, peakBytes } = await measured(server, () =>
      Promise.all(
        urls.map(async ({ url, start }, index) => {
          await sleep(index * arrivalMs);
          return readPaced(url, { start, bytesPerSecond, seconds });
        }),
      ),
    );
    await sleep(idleMs);
    const leftBytes = await residentBytesOf(server.pid);
    const before = await upstreamBytes({ workshop, room });
    await sleep(watchMs);
    const after = await upstreamBytes({ workshop, room });
    return {
      ...summaryOf(answers),
      'health p50 ms': health.p50Ms,
      'health p99 ms': health.p99Ms,
      'RSS MB': peakBytes / 1e6,
      'RSS left MB': (leftBytes - restBytes) / 1e6,
      'upstream after MB': (after - before) / 1e6,
    };
  });
}

function summaryOf(answers: readonly PacedAnswer[]): Sample {
  const rates = answers.map((answer) => (answer.bytes * 8) / 1e6 / answer.seconds);
  const firsts = answers.map(({ firstByteMs }) => firstByteMs).sort((one, other) => one - other);
  return {
    'slowest Mbit/s': Math.min(...rates),
    'late ms': latest(answers),
    // As `prepareAll` deals them out.
    'late ms, NZB': latest(answers.filter((_, index) => index % 2 === 0)),
    ...(answers.length > 1 && { 'late ms, torrent': latest(answers.filter((_, index) => index % 2 === 1)) }),
    'first byte p50 ms': percentile(firsts, 0.5),
  };
}

function latest(answers: readonly PacedAnswer[]): number {
  return Math.max(...answers.map(({ lateMs }) => lateMs));
}

/** Where each player begins; one of both kinds is played before, so that no code is being loaded. */
async function prepareAll(
  { workshop, room }: Setting,
  server: ServerProcess,
  readers: number,
): Promise<{ url: string; start: number }[]> {
  const { infoHash, seeder, sizeBytes } = workshop;
  const torrentUrl = await prepareFilm(server, infoHash, seeder.address);
  const onTorrent = Math.floor(readers / 2);
  const places: { url: string; start: number }[] = [];
  for (let index = 0; index < readers; index++) {
    if (index % 2 === 1) {
      const start = Math.floor((sizeBytes * ((index - 1) / 2)) / onTorrent);
      places.push({ url: torrentUrl, start });
    } else places.push({ url: await submitNzb(server, room.nzbs[index / 2] ?? ''), start: 0 });
  }
  await rawGet(torrentUrl, { start: 0, maxBytes: 1_000_000 });
  await rawGet(places[0]?.url ?? '', { start: newsBytes / 2, maxBytes: 10_000_000 });
  await sleep(idleMs);
  return places;
}

async function measured<T>(
  server: ServerProcess,
  work: () => Promise<T>,
): Promise<{ answers: T; health: HealthNumbers; peakBytes: number }> {
  const child = startChild('health-child');
  let peakBytes = 0;
  const look = async (): Promise<void> => {
    peakBytes = Math.max(peakBytes, await residentBytesOf(server.pid));
  };
  const timer = setInterval(() => void look(), 250);
  try {
    const task = { url: server.url('/health') };
    await child.ask(task);
    const answers = await work();
    return { answers, health: await child.ask<HealthNumbers>(task), peakBytes };
  } finally {
    clearInterval(timer);
    await child.close();
  }
}

async function upstreamBytes({ workshop, room }: Setting): Promise<number> {
  const { uploadedBytes } = await workshop.seeder.stats(workshop.infoHash);
  return uploadedBytes + (await room.numbers()).bytes;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
