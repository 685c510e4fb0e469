// bench:seek: random ranges in a cold torrent whose peer is far away, and what a probing player costs upstream.

import { randomNumbers, startTcpRelay, type TcpRelay } from '../lab/index.js';

import { percentile, takeTurns, type Sample } from './measure.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';
import { openWorkshop, prepareFilm, withServer, type Workshop } from './workshop.js';

const pieceLength = 1_048_576;
const rangeBytes = 1_048_576;
const rangeCount = 50;
const oneWayMs = 25;
const roundTripMs = 2 * oneWayMs;
const quietMs = 1000;

/** Each round a fresh server, a fresh relay, the same places. */
export async function benchSeek(options: BenchOptions): Promise<Report> {
  const workshop = await openWorkshop({ sizeBytes: options.sizeBytes, pieceLength });
  try {
    const results = await takeTurns(
      [
        { name: '50 random MiB', run: (round) => readAround(workshop, round) },
        { name: 'probing player', run: () => probe(workshop) },
      ],
      options.rounds,
    );
    const beyond = medianOf(results, '50 random MiB', 'p50 ms') - medianOf(results, '50 random MiB', 'transfer ms');
    return {
      bench: 'seek',
      setting: `cold torrent of ${(options.sizeBytes / 2 ** 20).toFixed(0)} MiB, pieces of 1 MiB, one peer ${String(roundTripMs)} ms away`,
      results,
      claims: [
        { what: 'round trips beyond transfer, p50', measured: beyond / roundTripMs, limit: 1.5, must: 'be at most' },
        {
          what: 'probing player, MB upstream',
          measured: medianOf(results, 'probing player', 'upstream MB'),
          limit: 8,
          must: 'be at most',
        },
      ],
    };
  } finally {
    await workshop.close();
  }
}

function readAround(workshop: Workshop, round: number): Promise<Sample> {
  return withFarPeer(workshop, async (url, relay) => {
    const random = randomNumbers(round + 1);
    const waits: number[] = [];
    const before = relay.downstreamBytes();
    for (let count = 0; count < rangeCount; count++) {
      const start = Math.floor(random() * (workshop.sizeBytes - rangeBytes));
      waits.push((await rawGet(url, { start, end: start + rangeBytes })).totalMs);
    }
    await untilQuiet(relay);
    const sorted = waits.sort((one, other) => one - other);
    const upstream = relay.downstreamBytes() - before;
    return {
      'p50 ms': percentile(sorted, 0.5),
      'p95 ms': percentile(sorted, 0.95),
      'transfer ms': await transferMs(workshop, relay),
      'upstream MB': upstream / 1e6,
      'upstream per byte': upstream / (rangeCount * rangeBytes),
    };
  });
}

/** Head, tail and middle, as ffmpeg-like players look at a file before they play it. */
function probe(workshop: Workshop): Promise<Sample> {
  return withFarPeer(workshop, async (url, relay) => {
    const middle = Math.floor(workshop.sizeBytes / 2);
    await rawGet(url, { start: 0, maxBytes: 65_536 });
    await rawGet(url, { start: workshop.sizeBytes - 262_144 });
    await rawGet(url, { start: middle, end: middle + 1_048_576 });
    await untilQuiet(relay);
    return {
      'upstream MB': relay.downstreamBytes() / 1e6,
      'upstream per byte': relay.downstreamBytes() / (65_536 + 262_144 + 1_048_576),
    };
  });
}

/** What the two pieces that an unaligned MiB touches take on this way, without any waiting: two pieces at the relay's own rate. */
async function transferMs(workshop: Workshop, relay: TcpRelay): Promise<number> {
  return withServer(workshop, async (server) => {
    const url = await prepareFilm(server, workshop.infoHash, relay.address);
    const bytes = Math.min(workshop.sizeBytes / 2, 48_000_000);
    const answer = await rawGet(url, { start: 8_000_000, end: 8_000_000 + bytes });
    return ((answer.totalMs - answer.firstByteMs) / bytes) * (rangeBytes + pieceLength);
  });
}

function withFarPeer<T>(workshop: Workshop, work: (url: string, relay: TcpRelay) => Promise<T>): Promise<T> {
  return withServer(workshop, async (server) => {
    const relay = await startTcpRelay(workshop.seeder.port, { delayMs: oneWayMs });
    try {
      return await work(await prepareFilm(server, workshop.infoHash, relay.address), relay);
    } finally {
      await relay.close();
    }
  });
}

/** Waits until nothing has come from the peer for a while. */
async function untilQuiet(relay: TcpRelay): Promise<void> {
  let before = -1;
  while (before !== relay.downstreamBytes()) {
    before = relay.downstreamBytes();
    await new Promise((resolve) => setTimeout(resolve, quietMs));
  }
}
