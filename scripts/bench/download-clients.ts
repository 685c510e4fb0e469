// The native clients of the comparison: aria2c and libtorrent, each downloading the whole film to disk, serving nobody.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { reapedCpuSecondsOf, startFixedTracker, startLibtorrentPeer } from '../lab/index.js';

import { costOf, ratesOf, type Sample } from './measure.js';
import { withFolder, type Workshop } from './workshop.js';

/** One download with libtorrent, from adding the torrent to the last verified piece. */
export function downloadWithLibtorrent(workshop: Workshop): Promise<Sample> {
  return withFolder(workshop, async (folder) => {
    const peer = await startLibtorrentPeer();
    try {
      const cost = await costOf(peer.pid, async () => {
        const peers = [['127.0.0.1', workshop.seeder.port]] as const;
        await peer.add({ torrent: workshop.torrentFile, folder, seed: false, peers });
        await peer.untilFinished(workshop.infoHash);
      });
      return ratesOf(workshop.sizeBytes, cost);
    } finally {
      await peer.close();
    }
  });
}

/** One download with aria2c, from its start to its end: it has no way to be ready before. */
export function downloadWithAria2(workshop: Workshop): Promise<Sample> {
  return withFolder(workshop, async (folder) => {
    const tracker = await startFixedTracker(workshop.seeder.port);
    try {
      const reapedBefore = await reapedCpuSecondsOf(process.pid);
      const started = performance.now();
      await runAria2(workshop.torrentFile, folder, tracker.announceUrl);
      const seconds = (performance.now() - started) / 1000;
      return ratesOf(workshop.sizeBytes, {
        seconds,
        cpuSeconds: (await reapedCpuSecondsOf(process.pid)) - reapedBefore,
      });
    } finally {
      await tracker.close();
    }
  });
}

async function runAria2(torrentFile: string, folder: string, tracker: string): Promise<void> {
  const alone = [
    '--no-conf',
    '--enable-dht=false',
    '--enable-dht6=false',
    '--bt-enable-lpd=false',
    '--enable-peer-exchange=false',
  ];
  const loopback = ['--interface=127.0.0.1', `--bt-tracker=${tracker}`];
  const plain = ['--seed-time=0', '--file-allocation=none', '--quiet=true', '--bt-max-peers=5', `--dir=${folder}`];
  const child = spawn('aria2c', [...alone, ...loopback, ...plain, torrentFile], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`aria2c ended with ${String(code)}.`);
}
