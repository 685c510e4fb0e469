// bench:next-episode: an episode read as fast as it comes, while the next one is prepared behind it and while it is not. What
// it costs the one that plays, and how much of that is read when the next one could begin.

import type { ServerProcess } from '../lab/index.js';
import { takeTurns, type Sample } from './measure.js';
import { submitNzb, usualPartBytes, withNewsReader, withNewsRoom, type NewsRoom } from './news-room.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';

const episodeBytes = 256 << 20;
const linesBytesPerSecond = 3_000_000;
const titleId = 'tt9000001';
const alone = 'one episode, nothing behind it';
const followed = 'one episode, the next one behind it';

/** Each round a fresh server that has nothing. */
export async function benchNextEpisode({ rounds }: BenchOptions): Promise<Report> {
  const names = [1, 2].map((episode) => `Harbour.Lights.S01E0${String(episode)}.1080p.WEB-DL.x264-BENCH.mkv`);
  const releases = names.map((name) => ({ name, sizeBytes: episodeBytes, partBytes: usualPartBytes }));
  const results = await withNewsRoom({ releases, bytesPerSecond: linesBytesPerSecond }, (room) =>
    takeTurns(
      [
        { name: alone, run: () => playOnce(room, false) },
        { name: followed, run: () => playOnce(room, true) },
      ],
      rounds,
    ),
  );
  const rate = (side: string): number => medianOf(results, side, 'MB/s');
  return {
    bench: 'next-episode',
    setting: `two episodes of ${String(episodeBytes >> 20)} MiB in one NZB, 8 connections of ${String(linesBytesPerSecond / 1e6)} MB/s`,
    results,
    claims: [
      { what: 'throughput × alone', measured: rate(followed) / rate(alone), limit: 0.9, must: 'be at least' },
      {
        what: 'read when the next could begin, of 1',
        measured: medianOf(results, followed, 'read'),
        limit: 0.5,
        must: 'be at most',
      },
    ],
  };
}

function playOnce(room: NewsRoom, isFollowed: boolean): Promise<Sample> {
  return withNewsReader(room, async (server) => {
    await submitNzb(server, joinNzbs(room.nzbs), { id: `${titleId}:1:1` });
    const url = await playUrlOf(server, 1);
    const started = performance.now();
    const playing = rawGet(url);
    await rawGet(url, { start: 0, maxBytes: 1_000_000 });
    if (!isFollowed) {
      const { totalMs } = await playing;
      return { 'MB/s': episodeBytes / 1e3 / totalMs };
    }
    await playUrlOf(server, 2);
    const next = untilReady(server, 'S01E02').then(() => performance.now() - started);
    const { totalMs } = await playing;
    return { 'MB/s': episodeBytes / 1e3 / totalMs, read: (await next) / totalMs };
  });
}

/** What Stremio would play for this episode; asking is also what tells the server that it may come next. */
async function playUrlOf(server: ServerProcess, episode: number): Promise<string> {
  const base = server.manifestUrl.replace('/manifest.json', '');
  const response = await fetch(`${base}/stream/series/${titleId}:1:${String(episode)}.json`);
  const { streams } = (await response.json()) as { streams: { url?: string }[] };
  const url = streams[0]?.url;
  if (url === undefined) throw new Error(`Episode ${String(episode)} is not listed.`);
  return url;
}

async function untilReady(server: ServerProcess, name: string): Promise<void> {
  for (;;) {
    const response = await fetch(server.url('/api/admin/jobs'), { headers: { 'x-api-key': server.apiKey } });
    const { jobs } = (await response.json()) as { jobs: { status: string; fileName?: string | null }[] };
    if (jobs.some(({ status, fileName }) => status === 'ready' && fileName?.includes(name) === true)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One NZB with the files of all. */
function joinNzbs(nzbs: readonly string[]): string {
  const files = nzbs.flatMap((nzb) => /<file[\s\S]*<\/file>/.exec(nzb) ?? []);
  return (nzbs[0] ?? '').replace(/<file[\s\S]*<\/file>/, () => files.join('\n'));
}
