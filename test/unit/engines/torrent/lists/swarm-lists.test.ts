// The operator's lists, fetched from a real server on loopback while time is turned by hand.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { SwarmLists } from '../../../../../backend/engines/torrent/lists/swarm-lists.js';
import type { SwarmListSettings } from '../../../../../backend/engines/torrent/lists/swarm-lists.js';
import type { BlockedRange } from '../../../../../backend/engines/torrent/address-ranges.js';
import { createLogger } from '../../../../../backend/platform/index.js';
import { HttpLab } from '../../../../support/http-lab.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { until } from '../../../../support/until.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const BUILT_IN = ['udp://built-in.example:80/announce', 'http://bad.example/announce'];

let lab: HttpLab;
let clock: ManualClock;
let lines: string[];
/** What the server sends by path; null never answers; a path that is missing is a 404. */
let files: Map<string, string | Uint8Array | null>;
let requests: string[];
let origin: string;
let lists: SwarmLists | null;

beforeEach(async () => {
  lab = new HttpLab();
  clock = new ManualClock();
  lines = [];
  files = new Map();
  requests = [];
  lists = null;
  ({ origin } = await lab.serve((request, response) => {
    const path = new URL(request.url ?? '/', 'http://any').pathname;
    requests.push(path);
    const file = files.get(path);
    if (file === null) return;
    response.writeHead(file === undefined ? 404 : 200).end(file);
  }));
});

afterEach(async () => {
  await lists?.close();
  await lab.close();
});

function create(urls: Omit<SwarmListSettings, 'trackers'>): SwarmLists {
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLogger({ level: 'debug', format: 'json', destination });
  lists = new SwarmLists({ settings: { trackers: BUILT_IN, ...urls }, http: lab.client(), clock, log });
  return lists;
}

const all = () => ({
  trackersUrl: `${origin}/trackers?key=hidden-word`,
  trackerBlacklistUrl: `${origin}/blacklist?key=hidden-word`,
  ipBlocklistUrl: `${origin}/blocklist?key=hidden-word`,
});

/** Waits for the next attempt of every list that is set to be over: then, and only then, the next one is planned. */
async function settled(count: number): Promise<void> {
  await until('every list was tried', () => clock.pending === count, { everyMs: 5 });
}

describe('swarm lists', () => {
  it('no list is set - the built-in trackers serve, nobody is asked', () => {
    const own = create({});
    own.start();
    expect(own.trackers()).toEqual(BUILT_IN);
    expect(own.allows('http://any.example/announce')).toBe(true);
    expect([requests, clock.pending]).toEqual([[], 0]);
  });

  it('lists - come after the start, which waits for none of them', async () => {
    files.set('/trackers', 'udp://new.example:80/announce\nhttp://bad.example/announce\n');
    files.set('/blacklist', 'bad.example # fake');
    files.set('/blocklist', 'a:10.0.0.0-10.0.0.255\nb:10.9.0.0-10.9.0.255\n');
    const own = create(all());
    const blocked: (readonly BlockedRange[])[] = [];
    own.onBlocklist((ranges) => blocked.push(ranges));
    own.start();
    expect(own.trackers()).toEqual(BUILT_IN);
    await settled(3);
    expect(own.trackers()).toEqual(['udp://new.example:80/announce']);
    expect(own.allows('http://bad.example/other/announce')).toBe(false);
    expect(own.allows('http://good.example/announce')).toBe(true);
    expect(blocked).toEqual([
      [
        { first: '10.0.0.0', last: '10.0.0.255' },
        { first: '10.9.0.0', last: '10.9.0.255' },
      ],
    ]);
    expect(own.counters()).toEqual({
      trackersFetched: 2,
      trackersBlacklisted: expect.any(Number),
      rangesBlocked: 2,
      lastError: { trackers: null, trackerBlacklist: null, ipBlocklist: null },
      fetchedAt: { trackers: clock.now(), trackerBlacklist: clock.now(), ipBlocklist: clock.now() },
    });
    expect(own.counters().trackersBlacklisted).toBeGreaterThan(0);
  });

  it('blacklist - takes out of the built-in trackers too', async () => {
    files.set('/blacklist', 'http://bad.example/announce');
    const own = create({ trackerBlacklistUrl: all().trackerBlacklistUrl });
    own.start();
    await settled(1);
    expect(own.trackers()).toEqual([BUILT_IN[0]]);
    expect(own.counters().trackersBlacklisted).toBe(1);
  });

  it('a day later - everything is asked for again, and the news hold', async () => {
    files.set('/trackers', 'udp://first.example:80/announce');
    files.set('/blacklist', 'bad.example');
    files.set('/blocklist', '10.0.0.1');
    const own = create(all());
    const blocked: (readonly BlockedRange[])[] = [];
    const stop = own.onBlocklist((ranges) => blocked.push(ranges));
    own.start();
    await settled(3);
    files.set('/trackers', 'udp://second.example:80/announce');
    files.set('/blacklist', '');
    files.set('/blocklist', '10.0.0.2');
    await clock.advance(DAY - 1);
    expect(requests).toHaveLength(3);
    await clock.advance(1);
    await settled(3);
    expect(own.trackers()).toEqual(['udp://second.example:80/announce']);
    expect(own.allows('http://bad.example/announce')).toBe(true);
    expect(blocked.map(([range]) => range?.first)).toEqual(['10.0.0.1', '10.0.0.2']);
    stop();
    await clock.advance(DAY);
    await settled(3);
    expect([blocked.length, requests.length]).toEqual([2, 9]);
  });

  it('a list that fails - leaves the last good one, and is asked for again soon', async () => {
    files.set('/trackers', 'udp://good.example:80/announce');
    const own = create({ trackersUrl: all().trackersUrl });
    own.start();
    await settled(1);
    const goodAt = clock.now();
    files.delete('/trackers');
    await clock.advance(DAY);
    await settled(1);
    expect(own.trackers()).toEqual(['udp://good.example:80/announce']);
    expect(own.counters()).toMatchObject({
      lastError: { trackers: 'The list could not be fetched (HTTP 404).' },
      fetchedAt: { trackers: goodAt },
    });
    files.set('/trackers', 'udp://better.example:80/announce');
    await clock.advance(15 * MINUTE);
    await settled(1);
    expect(own.trackers()).toEqual(['udp://better.example:80/announce']);
    expect(own.counters().lastError.trackers).toBeNull();
  });

  it.each([
    ['an error page', '<html>\n<body>Sorry</body>\n</html>'],
    ['broken gzip', Uint8Array.of(0x1f, 0x8b, 1, 2, 3)],
    ['a gzip bomb', gzipSync(Buffer.alloc(11 * 2 ** 20, '\n'))],
    ['more than is taken', Buffer.alloc(11 * 2 ** 20, '\n')],
  ])('%s - is no list', async (_what, file) => {
    for (const path of ['/trackers', '/blacklist']) files.set(path, file);
    const { trackersUrl, trackerBlacklistUrl } = all();
    const own = create({ trackersUrl, trackerBlacklistUrl });
    own.start();
    await settled(2);
    expect(own.trackers()).toEqual(BUILT_IN);
    const { lastError, fetchedAt } = own.counters();
    expect([lastError.trackers, lastError.trackerBlacklist]).not.toContain(null);
    expect([fetchedAt.trackers, fetchedAt.trackerBlacklist]).toEqual([null, null]);
  });

  it('gzip - is unpacked, told by its first bytes', async () => {
    const ranges = Array.from(
      { length: 30_000 },
      (_, index) => `n${index}:11.${index >> 8}.${index & 255}.1-11.${index >> 8}.${index & 255}.9`,
    );
    files.set('/blocklist', gzipSync(ranges.join('\n')));
    const own = create({ ipBlocklistUrl: all().ipBlocklistUrl });
    own.start();
    await settled(1);
    expect(own.counters()).toMatchObject({ rangesBlocked: 30_000, lastError: { ipBlocklist: null } });
  });

  it('close - ends what is under way and plans nothing more', async () => {
    for (const path of ['/trackers', '/blacklist', '/blocklist']) files.set(path, null);
    const own = create(all());
    own.start();
    await until('the server was asked', () => requests.length === 3, { everyMs: 5 });
    await own.close();
    await own.close();
    expect(clock.pending).toBe(0);
    expect(lines.join('')).not.toContain('could not');
  });

  it('log - never says the address of a list', async () => {
    files.set('/blocklist', '10.0.0.1');
    const own = create(all());
    own.start();
    await settled(3);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.join('')).not.toMatch(/hidden-word|blocklist\?/);
    expect(JSON.stringify(own.counters())).not.toContain('hidden-word');
  });
});
