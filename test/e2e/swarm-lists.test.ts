// TRACKERS_URL, TRACKER_BLACKLIST_URL, IP_BLOCKLIST_URL: what the operator's lists make of a swarm.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startHeadstart } from '../support/headstart-process.js';
import { HttpLab } from '../support/http-lab.js';
import { seed } from '../support/libtorrent-seeder.js';
import { prepare, untilReady } from '../support/prepare.js';
import { Resources } from '../support/resources.js';
import { magnetOf, makeTorrent, type MadeTorrent } from '../support/torrent-maker.js';
import { startTracker } from '../support/tracker.js';
import { until } from '../support/until.js';

describe('swarm lists', () => {
  let resources: Resources;
  beforeEach(() => {
    resources = new Resources();
  });
  afterEach(() => resources.close());

  async function make(name: string, tracker: string): Promise<MadeTorrent> {
    const files = [{ path: [], sizeBytes: 500_000 }];
    return makeTorrent({ folder: await resources.folder(), name, pieceLength: 65_536, files, trackers: [tracker] });
  }

  /** A peer on an address of its own that counts who calls. */
  async function startBlockedPeer(): Promise<{ address: string; calls: () => number }> {
    let calls = 0;
    const server = createServer((socket) => {
      calls++;
      socket.destroy();
    });
    server.listen(0, '127.0.0.77');
    await once(server, 'listening');
    resources.use(server);
    return { address: `127.0.0.77:${String((server.address() as AddressInfo).port)}`, calls: () => calls };
  }

  it('swarm lists - add trackers, keep blacklisted ones and blocked peers out, also after the worker died', async () => {
    const listed = resources.use(await startTracker());
    const bad = resources.use(await startTracker());
    const blocked = await startBlockedPeer();
    const lists = resources.use(new HttpLab());
    const { origin } = await lists.serve((request, response) => {
      if (request.url === '/trackers?k=hidden-word')
        response.end(`# mine\n${listed.announceUrl}\n${bad.announceUrl}\n`);
      else if (request.url === '/blacklist?k=hidden-word') response.end(`${bad.announceUrl} # fake\n`);
      else response.end(gzipSync('someone:127.0.0.70-127.0.0.79\n'));
    });
    const server = resources.use(
      await startHeadstart({
        dataDir: await resources.folder(),
        canKillWorkers: true,
        env: {
          TRACKERS_URL: `${origin}/trackers?k=hidden-word`,
          TRACKER_BLACKLIST_URL: `${origin}/blacklist?k=hidden-word`,
          IP_BLOCKLIST_URL: `${origin}/blocklist?k=hidden-word`,
        },
      }),
    );
    await until('all lists are read', () => server.logs.split('A swarm list was read').length === 4);
    const torrents = [await make('One.mkv', listed.announceUrl), await make('Two.mkv', listed.announceUrl)];
    resources.use(await seed(torrents));
    const before = listed.announces();
    for (const torrent of torrents) {
      const magnet = magnetOf(torrent.infoHash, 'film', [bad.announceUrl]); // names only the blacklisted tracker
      const body = { magnet, initial_peers: blocked.address };
      await untilReady(await prepare(server, torrent.infoHash, body));
      server.killWorkers();
      await until('the worker is killed', () => /terminating [1-9]/.test(server.logs));
    }
    expect(listed.announces()).toBeGreaterThan(before);
    expect([bad.announces(), blocked.calls()]).toEqual([0, 0]);
    expect(server.logs).not.toContain('hidden-word');
  });
});
