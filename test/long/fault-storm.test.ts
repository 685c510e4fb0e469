// Everything goes wrong again and again while one film plays: a player that asks on where it was cut off gets every byte.

import { createHash } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';

import { randomNumbers, startTcpRelay } from '../../scripts/lab/index.js';
import { open } from '../support/http.js';
import { prepare, untilReady } from '../support/prepare.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

const megabyte = 1_000_000;
const sizeBytes = 60 * megabyte;

describe('a storm of faults', () => {
  let lab: TorrentLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  }, 30_000);

  it.each([1, 2, 3])(
    'storm %i - workers die, peers are cut off, the server is killed; the film is whole',
    async (storm) => {
      lab = await startTorrentLab({ canKillWorkers: true });
      const { server, seeder, resources } = lab;
      const torrent = await lab.make({
        name: `Storm ${String(storm)}.mkv`,
        pieceLength: 131_072,
        files: [{ path: [], sizeBytes }],
        trackers: [],
        uploadLimit: 5 * megabyte,
      });
      const relay = resources.use(await startTcpRelay(seeder.port));
      const prepared = await prepare(server, torrent.infoHash, {
        magnet: torrent.magnet,
        initial_peers: relay.address,
      });
      await untilReady(prepared);
      const random = randomNumbers(storm);
      const path = new URL(prepared.streamUrl).pathname + new URL(prepared.streamUrl).search;
      const player = new StubbornPlayer(() => server.url(path), sizeBytes);
      const playing = player.play();
      const faults: readonly (() => Promise<void>)[] = [
        () => Promise.resolve(server.killWorkers()),
        () => Promise.resolve(relay.cut()),
        async () => {
          await server.kill();
          await server.start();
        },
      ];
      for (let fault = 1; fault <= 9; fault++) {
        const mark = (sizeBytes * fault) / 10;
        await until(`${String(mark)} bytes were played`, () => player.position >= mark, { timeoutMs: 90_000 });
        const strike = faults[Math.floor(random() * faults.length)];
        if (strike) await strike();
      }
      expect(await playing).toBe(torrent.files[0]?.sha256);
    },
    300_000,
  );
});

/** Reads from the beginning to the end; whatever happens, it asks again from where it is. */
class StubbornPlayer {
  position = 0;
  private readonly hash = createHash('sha256');

  constructor(
    private readonly url: () => string,
    private readonly sizeBytes: number,
  ) {}

  async play(): Promise<string> {
    await until('the film is whole', () => this.readOn().catch(() => false), { timeoutMs: 240_000, everyMs: 200 });
    return this.hash.digest('hex');
  }

  private async readOn(): Promise<boolean> {
    const response = await open(this.url(), { headers: { range: `bytes=${String(this.position)}-` } });
    if (response.statusCode !== 206) {
      response.destroy();
      return false;
    }
    for await (const chunk of response) {
      this.hash.update(chunk as Buffer);
      this.position += (chunk as Buffer).length;
    }
    return this.position === this.sizeBytes;
  }
}
