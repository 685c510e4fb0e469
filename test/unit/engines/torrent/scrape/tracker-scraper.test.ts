// Trackers asked how many there are: a real one over HTTP and UDP, and scripted ones that lose packets, lie or are out of bounds.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { TrackerScraper } from '../../../../../backend/engines/torrent/index.js';
import { AddressPolicy, systemClock, type Clock } from '../../../../../backend/platform/index.js';
import { infoHashOf } from '../../../../support/candidates.js';
import { HttpLab } from '../../../../support/http-lab.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { startSocksProxy } from '../../../../support/socks-proxy.js';
import { startTracker, type TestTracker } from '../../../../support/tracker.js';
import { until } from '../../../../support/until.js';

const { signal } = new AbortController();
const [seeded, deserted, unknown] = [infoHashOf('80ff25'), infoHashOf('a1'), infoHashOf('b2')];
let lab: HttpLab;
const sockets: Socket[] = [];
beforeEach(() => {
  lab = new HttpLab();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await lab.close();
});

function scraperOf(
  options: { readonly allow?: string[]; readonly isProxied?: boolean; readonly clock?: Clock } = {},
): TrackerScraper {
  const { allow = ['127.0.0.1/32'], isProxied = false, clock = systemClock } = options;
  return new TrackerScraper({ http: lab.client({ allow }), policy: new AddressPolicy(allow), isProxied, clock });
}

/** A tracker that answers each packet as `answer` says; null: not at all. */
async function startUdp(answer: (packet: Buffer) => Uint8Array | null): Promise<{ url: string; packets: Buffer[] }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const packets: Buffer[] = [];
  socket.on('message', (packet, { port, address }) => {
    packets.push(packet);
    const bytes = answer(packet);
    if (bytes !== null) socket.send(bytes, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { url: `udp://127.0.0.1:${socket.address().port}`, packets };
}

const isConnect = (packet: Buffer): boolean => packet.readUInt32BE(8) === 0;
/** Agrees to talk, as trackers do. */
const connected = (packet: Buffer): Buffer =>
  Buffer.concat([Buffer.alloc(4), packet.subarray(12, 16), Buffer.from('0102030405060708', 'hex')]);
const counted = (packet: Buffer, seeders: number): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 2]), packet.subarray(12, 16), Buffer.from([0, 0, 0, seeders]), Buffer.alloc(8)]);

describe('a real tracker', () => {
  let tracker: TestTracker;
  beforeEach(async () => {
    tracker = await startTracker({ isUdp: true });
    await tracker.addPeers(seeded, { seeders: 3, leechers: 2 });
    await tracker.addPeers(deserted, { seeders: 0, leechers: 1 });
  });
  afterEach(() => tracker.close());

  it.each(['http', 'udp'])('asked over %s - tells of all torrents at once', async (protocol) => {
    const url = protocol === 'udp' ? tracker.udpUrl! : tracker.announceUrl;
    const counts = await scraperOf().scrape(url, [seeded, deserted, unknown], { signal });
    expect(Object.fromEntries(counts)).toEqual({
      [seeded]: { seeders: 3, leechers: 2 },
      [deserted]: { seeders: 0, leechers: 1 },
      [unknown]: { seeders: 0, leechers: 0 },
    });
  });

  it.each(['http', 'udp'])('asked for 70 torrents over %s - answers for all', async (protocol) => {
    const many = Array.from({ length: 70 }, (_, at): InfoHash => (at === 69 ? seeded : infoHashOf(`c${at + 10}`)));
    const counts = await scraperOf().scrape(protocol === 'udp' ? tracker.udpUrl! : tracker.announceUrl, many, {
      signal,
    });
    expect(counts.size).toBe(70);
    expect(counts.get(seeded)).toEqual({ seeders: 3, leechers: 2 });
  });
});

describe('a tracker by way of a proxy', () => {
  it('over HTTP - is asked there, its name unresolved', async () => {
    const tracker = await startTracker();
    const { port } = new URL(tracker.announceUrl);
    const proxy = await startSocksProxy({ routes: { 'tracker.example:80': Number(port) } });
    await tracker.addPeers(seeded, { seeders: 3, leechers: 2 });
    const asked: string[] = [];
    const http = lab.client({ proxyUrl: proxy.url, asked });
    const scraper = new TrackerScraper({ http, policy: new AddressPolicy(false), isProxied: true, clock: systemClock });
    const counts = await scraper.scrape('http://tracker.example/announce', [seeded], { signal });
    expect(counts.get(seeded)).toEqual({ seeders: 3, leechers: 2 });
    expect([proxy.targets, asked]).toEqual([['tracker.example:80'], []]);
    await Promise.all([proxy.close(), tracker.close()]);
  });
});

describe('trackers that may not be asked', () => {
  it('at a private address - hear nothing, over HTTP or UDP', async () => {
    const requests: (string | undefined)[] = [];
    const { origin } = await lab.serve((req, res) => {
      requests.push(req.url);
      res.end();
    });
    const { url, packets } = await startUdp(connected);
    const scraper = scraperOf({ allow: [] });
    for (const tracker of [`${origin}/announce`, url])
      await expect(scraper.scrape(tracker, [seeded], { signal })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    expect([requests, packets]).toEqual([[], []]);
  });

  it('over UDP where a proxy is set - hear nothing', async () => {
    const { url, packets } = await startUdp(connected);
    await expect(scraperOf({ isProxied: true }).scrape(url, [seeded], { signal })).rejects.toMatchObject({
      code: 'INPUT',
    });
    expect(packets).toEqual([]);
  });

  it.each(['udp://127.0.0.1:0', 'http://127.0.0.1/tracker'])('%s - cannot be asked', async (tracker) => {
    await expect(scraperOf().scrape(tracker, [seeded], { signal })).rejects.toThrow();
  });

  it('more than 70 torrents - are refused', async () => {
    const many = Array.from({ length: 71 }, (_, at) => infoHashOf(String(at)));
    await expect(scraperOf().scrape('http://127.0.0.1/announce', many, { signal })).rejects.toMatchObject({
      code: 'INPUT',
    });
  });
});

describe('trackers that misbehave', () => {
  it('an error page over HTTP - is a failure', async () => {
    const { origin } = await lab.serve((_req, res) => res.writeHead(404).end('d5:filesdee'));
    await expect(scraperOf().scrape(`${origin}/announce`, [seeded], { signal })).rejects.toMatchObject({
      code: 'UPSTREAM',
    });
  });

  it('a lost packet - is sent again', async () => {
    const clock = new ManualClock();
    let lost = 0;
    const { url, packets } = await startUdp((packet) => {
      if (isConnect(packet) && lost++ === 0) return null;
      return isConnect(packet) ? connected(packet) : counted(packet, 4);
    });
    const counts = scraperOf({ clock }).scrape(url, [seeded], { signal });
    await until('the first is there', () => packets.length === 1);
    await clock.advance(2_500);
    expect((await counts).get(seeded)).toEqual({ seeders: 4, leechers: 0 });
    expect(clock.pending).toBe(0);
  });

  it('answers to other questions and noise - are not listened to', async () => {
    const isSaid = new Set<number>();
    const { url, packets } = await startUdp((packet) => {
      if (isConnect(packet)) return connected(packet);
      isSaid.add(packet.readUInt32BE(12));
      // The first time for another question, the second time noise, then what was asked.
      if (packets.length === 2) return counted(Buffer.alloc(16, 1), 9);
      return packets.length === 3 ? Buffer.from('noise') : counted(packet, 4);
    });
    const clock = new ManualClock();
    const counts = scraperOf({ clock }).scrape(url, [seeded, unknown], { signal });
    for (const count of [2, 3]) {
      await until('it was asked', () => packets.length === count);
      await clock.advance(2_500);
    }
    expect([...(await counts)]).toEqual([[seeded, { seeders: 4, leechers: 0 }]]);
    expect(isSaid.size).toBe(1);
  });

  it('one that refuses - is a failure at once', async () => {
    const { url } = await startUdp((packet) => Buffer.concat([Buffer.from([0, 0, 0, 3]), packet.subarray(12, 16)]));
    await expect(scraperOf().scrape(url, [seeded], { signal })).rejects.toMatchObject({ code: 'UPSTREAM' });
  });

  it('one that never answers - is given up in time', async () => {
    const clock = new ManualClock();
    const { url, packets } = await startUdp(() => null);
    const counts = scraperOf({ clock }).scrape(url, [seeded], { signal });
    const refused = expect(counts).rejects.toMatchObject({ code: 'TIMEOUT' });
    await until('it was asked', () => packets.length === 1);
    await clock.advance(8_000);
    await refused;
    expect(clock.pending).toBe(0);
  });

  it('whoever asks leaves - nothing is left behind', async () => {
    const clock = new ManualClock();
    const { url, packets } = await startUdp(() => null);
    const leaving = new AbortController();
    const counts = scraperOf({ clock }).scrape(url, [seeded], { signal: leaving.signal });
    const refused = expect(counts).rejects.toThrow('gone');
    await until('it was asked', () => packets.length === 1);
    leaving.abort(new Error('gone'));
    await refused;
    expect(clock.pending).toBe(0);
  });
});
