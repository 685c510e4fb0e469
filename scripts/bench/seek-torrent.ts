// The torrent half of bench:seek: a cold torrent whose peer is far away. Each round a fresh server and a fresh relay.

import { startTcpRelay } from '../lab/index.js';

import { probe, readAround, transferMs, untilQuiet, type FarFilm } from './far-ranges.js';
import type { Side } from './measure.js';
import { openWorkshop, prepareFilm, withServer, type Workshop } from './workshop.js';

const pieceLength = 1_048_576;

export const torrentRanges = 'torrent, 50 random MiB';
export const torrentProbe = 'torrent, probing player';

/** Runs `work` with what is measured. */
export async function withTorrentSides<T>(
  options: { readonly sizeBytes: number; readonly roundTripMs: number },
  work: (sides: readonly Side[]) => Promise<T>,
): Promise<T> {
  const workshop = await openWorkshop({ sizeBytes: options.sizeBytes, pieceLength });
  const far = { workshop, roundTripMs: options.roundTripMs };
  try {
    return await work([
      {
        name: torrentRanges,
        run: async (round) => {
          const sample = await withFarFilm(far, (film) => readAround(film, round));
          return { ...sample, 'transfer ms': await withFarFilm(far, (film) => transferMs(film, pieceLength)) };
        },
      },
      { name: torrentProbe, run: () => withFarFilm(far, probe) },
    ]);
  } finally {
    await workshop.close();
  }
}

function withFarFilm<T>(
  { workshop, roundTripMs }: { readonly workshop: Workshop; readonly roundTripMs: number },
  work: (film: FarFilm) => Promise<T>,
): Promise<T> {
  return withServer(workshop, async (server) => {
    const relay = await startTcpRelay(workshop.seeder.port, { delayMs: roundTripMs / 2 });
    try {
      const url = await prepareFilm(server, workshop.infoHash, relay.address);
      const upstreamBytes = (): Promise<number> => untilQuiet(() => relay.downstreamBytes());
      return await work({ url, sizeBytes: workshop.sizeBytes, upstreamBytes });
    } finally {
      await relay.close();
    }
  });
}
