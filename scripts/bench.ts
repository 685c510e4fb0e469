// `npm run bench`: measures what design promises, prints tables and keeps the numbers as JSON. Loopback only.

import { benchFile } from './bench/file.js';
import { benchNextEpisode } from './bench/next-episode.js';
import { benchNntpLatency } from './bench/nntp-latency.js';
import { benchNntp } from './bench/nntp.js';
import { parseOptions, type BenchOptions } from './bench/options.js';
import { publish, type Report } from './bench/report.js';
import { benchSeek } from './bench/seek.js';
import { benchStart } from './bench/start.js';
import { benchStreams } from './bench/streams.js';
import { benchTorrent } from './bench/torrent.js';

const usage = `usage: npm run bench -- [names] [--size 1GiB] [--rounds 3]
  file      a complete film over HTTP, against nginx sendfile
  nntp      a film from a news server to an HTTP client, plainly and through TLS
  nntp-latency  from an NZB to the first byte of its film, from far away
  torrent   a film from a native seeder to an HTTP client, against webtorrent, aria2c and libtorrent
  seek      random ranges in a cold torrent and a cold NZB; what a probing player costs upstream
  streams   1, 10 and 50 players at 25 Mbit/s each
  next-episode  an episode that plays, with and without the next one prepared behind it
  start     from start to the manifest; memory at rest
Without names all of them. Numbers go to bench-results/.
`;

const benches: Readonly<Record<string, (options: BenchOptions) => Promise<Report>>> = {
  file: benchFile,
  nntp: benchNntp,
  'nntp-latency': benchNntpLatency,
  torrent: benchTorrent,
  seek: benchSeek,
  streams: benchStreams,
  'next-episode': benchNextEpisode,
  start: benchStart,
};

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const names = options && options.names.length > 0 ? options.names : Object.keys(benches);
  if (!options || names.some((name) => !(name in benches))) {
    process.stdout.write(usage);
    process.exitCode = process.argv.includes('--help') ? 0 : 1;
    return;
  }
  for (const name of names) {
    process.stderr.write(`bench:${name}\n`);
    const bench = benches[name];
    if (bench) await publish(await bench(options));
  }
}

await main();
