// What bench:seek asks of a film that is far away, and what it says of the answers. The same for every kind of source.

import { randomNumbers } from '../lab/index.js';

import { percentile, type Sample } from './measure.js';
import { rawGet } from './raw-get.js';

const rangeBytes = 1_048_576;
const rangeCount = 50;
const [headBytes, tailBytes, middleBytes] = [65_536, 262_144, 1_048_576];
const rateBytes = 48_000_000;

/** A film, and how many bytes have come for it from upstream once nothing comes any more. */
export interface FarFilm {
  readonly url: string;
  readonly sizeBytes: number;
  upstreamBytes(): Promise<number>;
}

/** Reads random places one after the other, the same ones for a round. */
export async function readAround(film: FarFilm, round: number): Promise<Sample> {
  const random = randomNumbers(round + 1);
  const waits: number[] = [];
  const before = await film.upstreamBytes();
  for (let count = 0; count < rangeCount; count++) {
    const start = Math.floor(random() * (film.sizeBytes - rangeBytes));
    waits.push((await rawGet(film.url, { start, end: start + rangeBytes })).totalMs);
  }
  const upstream = (await film.upstreamBytes()) - before;
  const sorted = waits.sort((one, other) => one - other);
  return {
    'p50 ms': percentile(sorted, 0.5),
    'p95 ms': percentile(sorted, 0.95),
    'upstream MB': upstream / 1e6,
    'upstream per byte': upstream / (rangeCount * rangeBytes),
  };
}

/** Head, tail and middle, as ffmpeg-like players look at a file before they play it. What preparing it cost is counted too. */
export async function probe(film: FarFilm): Promise<Sample> {
  const { url, sizeBytes } = film;
  const middle = Math.floor(sizeBytes / 2);
  await rawGet(url, { start: 0, maxBytes: headBytes });
  await rawGet(url, { start: sizeBytes - tailBytes });
  await rawGet(url, { start: middle, end: middle + middleBytes });
  const upstream = await film.upstreamBytes();
  return { 'upstream MB': upstream / 1e6, 'upstream per byte': upstream / (headBytes + tailBytes + middleBytes) };
}

/** What a range takes without any waiting, at the rate of a long read: it and one unit (piece, article) that it only touches. */
export async function transferMs({ url, sizeBytes }: FarFilm, unitBytes: number): Promise<number> {
  const bytes = Math.min(sizeBytes / 2, rateBytes);
  const answer = await rawGet(url, { start: 8_000_000, end: 8_000_000 + bytes });
  return ((answer.totalMs - answer.firstByteMs) / bytes) * (rangeBytes + unitBytes);
}

/** Waits until a number stays the same for a second, and answers it. */
export async function untilQuiet(count: () => number | Promise<number>): Promise<number> {
  for (let before = -1; ;) {
    const now = await count();
    if (now === before) return now;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
