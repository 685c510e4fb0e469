// What torrent benches share: one folder with one film and its torrent, and one native seeder; the rest is started per round.

import { open, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pseudoRandom, ServerProcess, startLibtorrentPeer, type LibtorrentPeer } from '../lab/index.js';

const primerBytes = 8 << 20;
const scratch = Buffer.alloc(1 << 20, 1);

/** The film, its torrent and its seeder. */
export interface Workshop {
  readonly folder: string;
  readonly filmPath: string;
  readonly sizeBytes: number;
  readonly torrentFile: string;
  readonly infoHash: string;
  /** A few MiB from the same seeder: played first, so that no side is measured while its code is still being loaded. */
  readonly primer: { readonly torrentFile: string; readonly infoHash: string };
  readonly seeder: LibtorrentPeer;
  close(): Promise<void>;
}

/** What Headstart answered once a film is ready. */
export interface ReadyStream {
  readonly server: ServerProcess;
  readonly streamUrl: string;
}

/** Makes a film of pseudo-random bytes, its torrent, and seeds it. `uploadLimit` is bytes per second, 0 unlimited. */
export async function openWorkshop(o: {
  sizeBytes: number;
  pieceLength: number;
  uploadLimit?: number;
}): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-bench-'));
  const seeder = await startLibtorrentPeer();
  const seed = async (name: string, sizeBytes: number): Promise<Workshop['primer'] & { filmPath: string }> => {
    const filmPath = join(folder, name);
    const torrentFile = `${filmPath}.torrent`;
    await writeFilm(filmPath, sizeBytes);
    const { infoHash } = await seeder.make({ source: filmPath, target: torrentFile, pieceLength: o.pieceLength });
    await seeder.add({ torrent: torrentFile, folder, uploadLimit: o.uploadLimit ?? 0 });
    return { filmPath, torrentFile, infoHash: infoHash ?? '' };
  };
  const primer = await seed('Bench.Primer.mkv', primerBytes);
  const film = await seed('Bench.Film.mkv', o.sizeBytes);
  return {
    folder,
    ...film,
    sizeBytes: o.sizeBytes,
    primer,
    seeder,
    close: async () => {
      await seeder.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `work` with a new folder below the workshop's that is gone afterwards. */
export async function withFolder<T>(workshop: Workshop, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(workshop.folder, 'round-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes and removes as much as a round is going to write. On a virtual machine the first touch of a page of memory can cost
 * ten times a later one: without this, the side that runs first pays for all.
 */
export async function warmMemory(workshop: Workshop): Promise<void> {
  await withFolder(workshop, async (folder) => {
    for (let pass = 0; pass < 2; pass++) {
      const file = await open(join(folder, 'scratch'), 'w');
      for (let left = workshop.sizeBytes; left > 0; left -= scratch.length) await file.write(scratch);
      await file.close();
    }
  });
}

/** Runs `work` with a fresh server that has nothing yet and is gone afterwards. */
export function withServer<T>(workshop: Workshop, work: (server: ServerProcess) => Promise<T>): Promise<T> {
  return withFolder(workshop, async (folder) => {
    await mkdir(join(folder, 'data'));
    const env = { CACHE_MAX_BYTES: '20GB', LOG_LEVEL: 'warn' };
    const server = new ServerProcess({ dataDir: join(folder, 'data'), env });
    await server.start();
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  });
}

/** Prepares the film from the given peer and waits until it is ready; answers its stream address. */
export async function prepareFilm(server: ServerProcess, infoHash: string, peer: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-api-key': server.apiKey };
  const body = JSON.stringify({ magnet: `magnet:?xt=urn:btih:${infoHash}`, initial_peers: peer });
  const response = await fetch(server.url(`/stream/prepare/${infoHash}`), { method: 'POST', headers, body });
  const prepared = (await response.json()) as { streamUrl?: string; statusUrl?: string };
  if (!prepared.streamUrl || !prepared.statusUrl) throw new Error(`prepare answered ${JSON.stringify(prepared)}`);
  for (;;) {
    const status = (await (await fetch(server.url(prepared.statusUrl))).json()) as { status: string; error?: string };
    if (status.status === 'ready') return server.url(prepared.streamUrl);
    if (status.status === 'failed') throw new Error(`Preparation failed: ${String(status.error)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function writeFilm(path: string, sizeBytes: number): Promise<void> {
  const file = await open(path, 'w');
  for (const chunk of pseudoRandom('bench', sizeBytes)) await file.write(chunk);
  await file.close();
}
