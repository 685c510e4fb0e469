// TORRENT_PROXY: what a swarm sees comes from the proxy, or does not happen at all.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startHeadstart } from '../support/headstart-process.js';
import { askHash } from '../support/http.js';
import { HttpLab } from '../support/http-lab.js';
import { seed } from '../support/libtorrent-seeder.js';
import { prepare, untilReady } from '../support/prepare.js';
import { Resources } from '../support/resources.js';
import { socketsOf } from '../support/sockets.js';
import { startSocksProxy } from '../support/socks-proxy.js';
import { magnetOf, makeTorrent } from '../support/torrent-maker.js';

/** Nobody listens there: only the proxy knows who is meant. */
const PEER = { host: '127.0.0.9', port: 6881 };
const LOOPBACK = /^(?:0100007F|0{24}01000000|0{16}FFFF00000100007F)$/;

describe('torrents behind a proxy', () => {
  let resources: Resources;
  beforeEach(() => {
    resources = new Resources();
  });
  afterEach(() => resources.close());

  /** A tracker over HTTP that names the one peer. */
  async function startTracker(): Promise<{ port: number; announces: string[] }> {
    const announces: string[] = [];
    const peer = Buffer.from([...PEER.host.split('.').map(Number), PEER.port >> 8, PEER.port & 255]);
    const lab = resources.use(new HttpLab());
    const { port } = await lab.serve((request, response) => {
      announces.push(request.url ?? '');
      response.end(Buffer.concat([Buffer.from('d8:intervali600e5:peers6:'), peer, Buffer.from('e')]));
    });
    return { port, announces };
  }

  /** A UDP tracker that only counts. */
  async function startUdpTracker(): Promise<{ url: string; datagrams: () => number }> {
    let datagrams = 0;
    const socket = createSocket('udp4').on('message', () => datagrams++);
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    resources.defer(() => socket.close());
    return { url: `udp://127.0.0.1:${String(socket.address().port)}/announce`, datagrams: () => datagrams };
  }

  it('torrent proxy - carries trackers and peers, and nothing goes around it', async () => {
    const folder = await resources.folder();
    const recipe = { name: 'Far.mkv', pieceLength: 65_536, files: [{ path: [], sizeBytes: 3_000_000 }] };
    const torrent = await makeTorrent({ ...recipe, folder });
    const seeder = resources.use(await seed([torrent]));
    const tracker = await startTracker();
    const udpTracker = await startUdpTracker();
    const proxy = resources.use(
      await startSocksProxy({
        credentials: 'me:secret word',
        routes: { 'tracker.example:80': tracker.port, [`${PEER.host}:${PEER.port}`]: seeder.port },
      }),
    );
    const server = resources.use(
      await startHeadstart({
        dataDir: await resources.folder(),
        env: {
          TORRENT_PROXY: proxy.url.replace('//', '//me:secret%20word@'),
          TORRENT_HOST: '0.0.0.0',
          TORRENT_PORT_MAPPING: 'true',
          DISABLE_DISCOVERY: 'false',
        },
      }),
    );
    const magnet = magnetOf(torrent.infoHash, recipe.name, ['http://tracker.example/announce', udpTracker.url]);
    const prepared = await prepare(server, torrent.infoHash, { magnet });
    await untilReady(prepared);
    expect(await askHash(prepared.streamUrl)).toMatchObject({ sha256: torrent.files[0]?.sha256 });

    expect(new Set(proxy.targets)).toEqual(new Set(['tracker.example:80', `${PEER.host}:${PEER.port}`]));
    expect(proxy.downstreamBytes()).toBeGreaterThan(3_000_000);
    expect(tracker.announces.length).toBeGreaterThan(0);
    expect(udpTracker.datagrams()).toBe(0);
    const { listening, udp } = await socketsOf(server.pid);
    expect(listening.length).toBeGreaterThan(0);
    expect(listening.filter((address) => !LOOPBACK.test(address))).toEqual([]);
    expect(udp).toEqual([]);
    expect(server.logs).not.toMatch(/secret( |%20)word/);
  });
});
