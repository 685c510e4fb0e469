// bench:torrent: a film from a native seeder to an HTTP client, against webtorrent with its own server; the native clients,
// which serve nobody, show what the protocol costs at least. And seeks while the film comes at a limited rate.

import { downloadWithAria2, downloadWithLibtorrent } from './download-clients.js';
import { costOf, ratesOf, spreadOf, takeTurns, type Result, type Sample } from './measure.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';
import { startWebtorrentServer } from './webtorrent-server.js';
import { openWorkshop, prepareFilm, warmMemory, withFolder, withServer, type Workshop } from './workshop.js';

const pieceLength = 1_048_576;
const seekRateBytesPerSecond = 20_000_000;
const seeksPerRound = 8;
const maxSeekFilmBytes = 512 * 1_048_576;

/** Downloads first, then seeks; every round from nothing. */
export async function benchTorrent(options: BenchOptions): Promise<Report> {
  const downloads = await withWorkshop({ sizeBytes: options.sizeBytes, pieceLength }, (workshop) =>
    takeTurns(
      [
        { name: 'headstart', run: warmed(workshop, playThroughHeadstart) },
        { name: 'webtorrent', run: warmed(workshop, playThroughWebtorrent) },
        { name: 'aria2c (no HTTP)', run: warmed(workshop, downloadWithAria2) },
        { name: 'libtorrent (no HTTP)', run: warmed(workshop, downloadWithLibtorrent) },
      ],
      options.rounds,
    ),
  );
  const sizeBytes = Math.min(options.sizeBytes, maxSeekFilmBytes);
  const seeks = await withWorkshop({ sizeBytes, pieceLength, uploadLimit: seekRateBytesPerSecond }, (workshop) =>
    takeTurns(
      [
        { name: 'headstart', run: () => seekInHeadstart(workshop) },
        { name: 'webtorrent', run: () => seekInWebtorrent(workshop) },
      ],
      options.rounds,
    ),
  );
  return formatReport(options, downloads, seeks);
}

function formatReport(options: BenchOptions, downloads: readonly Result[], seeks: readonly Result[]): Report {
  const ratio = (results: readonly Result[], column: string): number =>
    medianOf(results, 'headstart', column) / medianOf(results, 'webtorrent', column);
  return {
    bench: 'torrent',
    setting: `${(options.sizeBytes / 2 ** 20).toFixed(0)} MiB from one libtorrent seeder, pieces of 1 MiB; seeks at 20 MB/s`,
    results: [...downloads, ...seeks.map((result) => ({ ...result, name: `${result.name}, seeking` }))],
    claims: [
      { what: 'throughput × webtorrent', measured: ratio(downloads, 'MB/s'), limit: 1.3, must: 'be at least' },
      { what: 'CPU × webtorrent', measured: ratio(downloads, 'CPU-s/GB'), limit: 0.7, must: 'be at most' },
      { what: 'seek to first byte × webtorrent', measured: ratio(seeks, 'seek ms'), limit: 0.65, must: 'be at most' },
    ],
  };
}

async function withWorkshop<T>(
  options: Parameters<typeof openWorkshop>[0],
  work: (workshop: Workshop) => Promise<T>,
): Promise<T> {
  const workshop = await openWorkshop(options);
  try {
    return await work(workshop);
  } finally {
    await workshop.close();
  }
}

function warmed(workshop: Workshop, run: (workshop: Workshop) => Promise<Sample>): () => Promise<Sample> {
  return async () => {
    await warmMemory(workshop);
    return run(workshop);
  };
}

function playThroughHeadstart(workshop: Workshop): Promise<Sample> {
  return withServer(workshop, async (server) => {
    const play = async (infoHash: string): Promise<void> => {
      await rawGet(await prepareFilm(server, infoHash, workshop.seeder.address));
    };
    await play(workshop.primer.infoHash);
    return ratesOf(workshop.sizeBytes, await costOf(server.pid, () => play(workshop.infoHash)));
  });
}

function playThroughWebtorrent(workshop: Workshop): Promise<Sample> {
  return withWebtorrent(workshop, async (pid, serve) => {
    const play = async (torrentFile: string): Promise<void> => {
      await rawGet(await serve(torrentFile));
    };
    await play(workshop.primer.torrentFile);
    return ratesOf(workshop.sizeBytes, await costOf(pid, () => play(workshop.torrentFile)));
  });
}

function seekInHeadstart(workshop: Workshop): Promise<Sample> {
  return withServer(workshop, async (server) =>
    seekAround(workshop.sizeBytes, await prepareFilm(server, workshop.infoHash, workshop.seeder.address)),
  );
}

function seekInWebtorrent(workshop: Workshop): Promise<Sample> {
  return withWebtorrent(workshop, async (_pid, serve) =>
    seekAround(workshop.sizeBytes, await serve(workshop.torrentFile)),
  );
}

/** A player that watches a little, jumps, watches a little: from the jump's request to its first byte. */
async function seekAround(sizeBytes: number, url: string): Promise<Sample> {
  await rawGet(url, { start: 0, maxBytes: 4_000_000 });
  const waits: number[] = [];
  for (let seek = 1; seek <= seeksPerRound; seek++) {
    // Places far from one another and from all before: 5/8, 2/8, 7/8, … of the film, never at a piece's border.
    const start = Math.floor((sizeBytes * ((seek * 5) % 8 || 3.5)) / 8.5) + 12_345;
    const answer = await rawGet(url, { start, maxBytes: 4_000_000 });
    waits.push(answer.firstByteMs);
  }
  return { 'seek ms': spreadOf(waits).median, 'slowest seek ms': spreadOf(waits).max };
}

function withWebtorrent<T>(
  workshop: Workshop,
  work: (pid: number, serve: (torrentFile: string) => Promise<string>) => Promise<T>,
): Promise<T> {
  return withFolder(workshop, async (folder) => {
    const webtorrent = await startWebtorrentServer();
    try {
      const peer = workshop.seeder.address;
      return await work(webtorrent.pid, (torrentFile) => webtorrent.serve({ torrentFile, folder, peer }));
    } finally {
      await webtorrent.close();
    }
  });
}
