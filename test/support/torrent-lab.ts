// Everything a torrent test needs, started together and ended together: server, tracker, seeder, torrents.

import { startHeadstart, type HeadstartOptions, type HeadstartProcess } from './headstart-process.js';
import { seed, seedAlso, type LibtorrentPeer } from './libtorrent-seeder.js';
import { prepare, untilReady, type JobStatus, type Prepared } from './prepare.js';
import { Resources } from './resources.js';
import { makeTorrent, type MadeTorrent, type TorrentRecipe } from './torrent-maker.js';
import { startTracker, type TestTracker } from './tracker.js';

/** A laboratory; `close` ends everything in it. */
export interface TorrentLab {
  readonly server: HeadstartProcess;
  readonly tracker: TestTracker;
  readonly seeder: LibtorrentPeer;
  readonly resources: Resources;
  /** Makes a torrent on the lab's tracker and lets the seeder have it (unless `isSeeded` is false). */
  make(recipe: LabRecipe): Promise<MadeTorrent>;
  /** Prepares a made torrent by its magnet and waits until it is ready. */
  ready(torrent: MadeTorrent, fileIndex?: number): Promise<Prepared & { readonly status: JobStatus }>;
  close(): Promise<void>;
}

/** A torrent recipe; the folder and the tracker are the lab's. */
export type LabRecipe = Omit<TorrentRecipe, 'folder'> & {
  /** Bytes per second the seeder gives for this torrent; 0 (default) is unlimited. */
  readonly uploadLimit?: number;
  readonly isSeeded?: boolean;
};

/** Starts server, tracker and an empty seeder. */
export async function startTorrentLab(options: Omit<HeadstartOptions, 'dataDir'> = {}): Promise<TorrentLab> {
  const resources = new Resources();
  try {
    const [tracker, seeder, dataDir] = await Promise.all([startTracker(), seed([]), resources.folder()]);
    resources.use(tracker);
    resources.use(seeder);
    const server = resources.use(await startHeadstart({ dataDir, ...options }));
    const make = async (recipe: LabRecipe): Promise<MadeTorrent> => {
      const { uploadLimit = 0, isSeeded = true, ...rest } = recipe;
      const folder = await resources.folder();
      const torrent = await makeTorrent({ trackers: [tracker.announceUrl], ...rest, folder });
      if (isSeeded) await seedAlso(seeder, torrent, { uploadLimit });
      return torrent;
    };
    const ready = async (torrent: MadeTorrent, fileIndex?: number): Promise<Prepared & { status: JobStatus }> => {
      const prepared = await prepare(server, torrent.infoHash, { magnet: torrent.magnet }, fileIndex);
      return { ...prepared, status: await untilReady(prepared) };
    };
    return { server, tracker, seeder, resources, make, ready, close: () => resources.close() };
  } catch (error) {
    await resources.close();
    throw error;
  }
}
