// What the engine makes of lists: the worker hears of blocked peers before anything else, and never of a blacklisted tracker.

import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isInRanges } from '../../../../backend/engines/torrent/address-ranges.js';
import { parseMagnet, TorrentEngine } from '../../../../backend/engines/torrent/index.js';
import type { FromWorker, SwarmAddress, ToWorker } from '../../../../backend/engines/torrent/protocol.js';
import { createLogger } from '../../../../backend/platform/index.js';
import { DiskCache } from '../../../../backend/storage/index.js';
import { HttpLab } from '../../../support/http-lab.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { Resources } from '../../../support/resources.js';

const GOOD = 'http://good.example/announce';
const BAD = 'udp://bad.example:80/announce';
const ADDED = 'http://added.example/announce';

/** A worker thread that only listens. */
class DeafWorker extends EventEmitter {
  readonly messages: ToWorker[] = [];

  postMessage(message: ToWorker): void {
    this.messages.push(message);
    if (message.type === 'stop') this.say({ type: 'done', call: message.call, error: null });
  }

  say(message: FromWorker): void {
    this.emit('message', message);
  }

  terminate(): Promise<number> {
    this.emit('exit', 1);
    return Promise.resolve(1);
  }
}

let resources: Resources;
let clock: ManualClock;
let workers: DeafWorker[];
let engine: TorrentEngine;

beforeEach(async () => {
  resources = new Resources();
  clock = new ManualClock();
  workers = [];
  engine = new TorrentEngine({
    cacheDir: await resources.folder(),
    cache: new DiskCache({ maxBytes: 1e9 }),
    http: new HttpLab().client(),
    clock,
    log: createLogger({ level: 'silent', format: 'json' }),
    readAheadBytes: 1e6,
    idleMs: 60_000,
    worker: {
      connectionLimit: 10,
      downloadLimit: 0,
      uploadLimit: 0,
      isDiscoveryDisabled: true,
      port: 0,
      host: '127.0.0.1',
      portMapping: false,
      allowPrivate: true,
      proxyUrl: null,
    },
    trackers: () => [ADDED, BAD],
    allowsTracker: (tracker) => tracker !== BAD,
    isPaused: () => false,
    knownSince: () => new Date(0),
    createWorker: () => {
      const worker = new DeafWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  await engine.start();
  resources.use(engine);
});

afterEach(() => resources.close());

/** The newest worker, as soon as it listens. */
function ready(): DeafWorker {
  const worker = workers.at(-1)!;
  worker.say({ type: 'ready' });
  return worker;
}

function swarms(worker: DeafWorker): SwarmAddress[] {
  return worker.messages.flatMap((message) => ('swarm' in message ? [message.swarm] : []));
}

/** Looks for a torrent's metadata, in vain. */
function seek(...trackers: string[]): void {
  const magnet = `magnet:?xt=urn:btih:${'a'.repeat(40)}${trackers.map((tracker) => `&tr=${encodeURIComponent(tracker)}`).join('')}`;
  const stop = new AbortController();
  const report = (): void => undefined;
  engine.resolve(parseMagnet(magnet), { signal: stop.signal, report }).catch(() => undefined);
  resources.defer(() => stop.abort());
}

describe('torrent engine', () => {
  it('blocklist - reaches the worker before any torrent, whenever a worker starts', async () => {
    engine.setBlocklist([{ first: '10.0.0.1', last: '10.0.0.9' }]);
    engine.warm();
    seek(GOOD);
    const first = ready();
    await first.terminate();
    await clock.advance(1000);
    const second = ready();
    expect(second).not.toBe(first);
    for (const worker of [first, second]) {
      const [blocklist] = worker.messages;
      expect(worker.messages.map((message) => message.type)).toEqual(['blocklist', 'find']);
      expect(blocklist?.type === 'blocklist' && isInRanges(blocklist.ranges, '10.0.0.5')).toBe(true);
    }
  });

  it('blocklist - replaces the one before while the worker runs', () => {
    engine.warm();
    const worker = ready();
    expect(worker.messages).toEqual([]);
    engine.setBlocklist([{ first: '10.0.0.1', last: '10.0.0.9' }]);
    engine.setBlocklist([]);
    const lists = worker.messages.flatMap((message) => (message.type === 'blocklist' ? [message.ranges] : []));
    expect(lists.map((ranges) => isInRanges(ranges, '10.0.0.5'))).toEqual([true, false]);
  });

  it('blacklisted tracker - is told to no worker, whoever named it', () => {
    engine.warm();
    const worker = ready();
    seek(GOOD, BAD);
    expect(swarms(worker).map((swarm) => swarm.trackers)).toEqual([[GOOD, ADDED]]);
    engine.learn(parseMagnet(`magnet:?xt=urn:btih:${'a'.repeat(40)}&tr=${encodeURIComponent('http://new.example/a')}`));
    engine.learn(parseMagnet(`magnet:?xt=urn:btih:${'a'.repeat(40)}&tr=${encodeURIComponent(BAD)}`));
    expect(swarms(worker).flatMap((swarm) => swarm.trackers)).toEqual([GOOD, ADDED, 'http://new.example/a']);
  });
});
