// The NZB half of bench:seek: a cold NZB whose news server is far away. Each round a fresh server.

import { probe, readAround, transferMs, untilQuiet, type FarFilm } from './far-ranges.js';
import type { Side } from './measure.js';
import { submitNzb, usualPartBytes, withNewsReader, withNewsRoom, type NewsRoom } from './news-room.js';

export const nzbRanges = 'NZB, 50 random MiB';
export const nzbProbe = 'NZB, probing player';

/** Runs `work` with what is measured. */
export function withNzbSides<T>(
  { sizeBytes, roundTripMs }: { readonly sizeBytes: number; readonly roundTripMs: number },
  work: (sides: readonly Side[]) => Promise<T>,
): Promise<T> {
  const releases = [{ name: 'Bench.Film.2024.mkv', sizeBytes, partBytes: usualPartBytes }];
  return withNewsRoom({ releases, roundTripMs }, (room) =>
    work([
      {
        name: nzbRanges,
        run: async (round) => {
          const sample = await withFarFilm(room, sizeBytes, (film) => readAround(film, round));
          const transfer = await withFarFilm(room, sizeBytes, (film) => transferMs(film, usualPartBytes));
          return { ...sample, 'transfer ms': transfer };
        },
      },
      { name: nzbProbe, run: () => withFarFilm(room, sizeBytes, probe) },
    ]),
  );
}

function withFarFilm<T>(room: NewsRoom, sizeBytes: number, work: (film: FarFilm) => Promise<T>): Promise<T> {
  return withNewsReader(room, async (server) => {
    const count = async (): Promise<number> => (await room.numbers()).bytes;
    const before = await untilQuiet(count);
    const url = await submitNzb(server, room.nzbs[0] ?? '');
    return work({ url, sizeBytes, upstreamBytes: async () => (await untilQuiet(count)) - before });
  });
}
