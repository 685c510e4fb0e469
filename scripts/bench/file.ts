// bench:file: a complete film over HTTP, against nginx with sendfile, both read by the same client.

import { basename, dirname } from 'node:path';

import { costOf, ratesOf, takeTurns, type Sample } from './measure.js';
import { startNginx } from './nginx.js';
import type { BenchOptions } from './options.js';
import { rawGet } from './raw-get.js';
import { medianOf, type Report } from './report.js';
import { openWorkshop, prepareFilm, withServer } from './workshop.js';

/** Lets Headstart download the film once, then reads it in turn from both. */
export async function benchFile(options: BenchOptions): Promise<Report> {
  const workshop = await openWorkshop({ sizeBytes: options.sizeBytes, pieceLength: 1_048_576 });
  try {
    const nginx = await startNginx({ root: dirname(workshop.filmPath), folder: workshop.folder });
    try {
      return await withServer(workshop, async (server) => {
        const streamUrl = await prepareFilm(server, workshop.infoHash, workshop.seeder.address);
        await rawGet(streamUrl);
        const read = async (pid: number, url: string): Promise<Sample> =>
          ratesOf(workshop.sizeBytes, await costOf(pid, () => rawGet(url)));
        const sides = [
          { name: 'headstart', run: () => read(server.pid, streamUrl) },
          { name: 'nginx sendfile', run: () => read(nginx.pid, `${nginx.origin}/${basename(workshop.filmPath)}`) },
        ];
        const results = await takeTurns(sides, options.rounds);
        const ratio = medianOf(results, 'headstart', 'MB/s') / medianOf(results, 'nginx sendfile', 'MB/s');
        return {
          bench: 'file',
          setting: `a complete film of ${(workshop.sizeBytes / 2 ** 20).toFixed(0)} MiB, one reader`,
          results,
          claims: [
            { what: 'throughput × nginx', measured: ratio, limit: 0.8, must: 'be at least' },
            { what: 'CPU-s/GB', measured: medianOf(results, 'headstart', 'CPU-s/GB'), limit: 1, must: 'be at most' },
          ],
        };
      });
    } finally {
      await nginx.close();
    }
  } finally {
    await workshop.close();
  }
}
