import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { RemoteTorrent } from '../../../../../backend/engines/torrent/host/remote-torrent.js';
import type { ToWorker } from '../../../../../backend/engines/torrent/protocol.js';

const INFO_HASH = 'c'.repeat(40) as InfoHash;
const nowhere = { trackers: [], webSeeds: [], peers: [] };
const find: ToWorker = { type: 'find', infoHash: INFO_HASH, name: null, swarm: nowhere };
const open: ToWorker = {
  type: 'open',
  infoHash: INFO_HASH,
  info: new Uint8Array(),
  swarm: nowhere,
  folder: '',
  extentBytes: 1,
  bits: new SharedArrayBuffer(4),
  claimed: new Uint8Array(),
};

/** Everything that is ready has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('remote torrent', () => {
  let told: string[];
  let calls: { readonly type: string; done(): void; failed(): void }[];
  let described: readonly ToWorker[] | null;
  let isWanted: boolean;
  let remote: RemoteTorrent;
  beforeEach(() => {
    told = [];
    calls = [];
    described = [open];
    isWanted = true;
    remote = new RemoteTorrent(INFO_HASH, {
      post: (message) => told.push(message.type),
      call: (build) =>
        new Promise((resolve, reject) => {
          const { type } = build(1);
          told.push(type);
          calls.push({ type, done: resolve, failed: () => reject(new Error('the worker died')) });
        }),
      describe: () => described,
      isWanted: () => isWanted,
    });
  });

  it('remote torrent - is told everything, and only then what changes', () => {
    remote.setDemands([]);
    remote.setPaused(true);
    remote.learn(nowhere);
    expect(told).toEqual([]);
    remote.tell();
    remote.setDemands([]);
    remote.setPaused(true);
    remote.learn(nowhere);
    expect(told).toEqual(['open', 'demand', 'pause', 'learn']);
  });

  it('remote torrent - that is only looked for hears of no demand', () => {
    described = [find];
    remote.tell();
    remote.setDemands([]);
    expect([told, remote.isKnown, remote.isOpen]).toEqual([['find'], true, false]);
  });

  it('remote torrent - is not known while there is nothing to tell', () => {
    described = null;
    remote.tell();
    expect([told, remote.isKnown]).toEqual([[], false]);
  });

  it('remote torrent - wanted while it is being closed, is told again when that is done, once', async () => {
    remote.tell();
    const closed = remote.close({ deletesFiles: false });
    await settled();
    remote.tell();
    remote.tell();
    remote.setDemands([]);
    expect(told).toEqual(['open', 'close']);
    calls[0]!.done();
    await closed;
    await settled();
    expect(told).toEqual(['open', 'close', 'open']);
  });

  it('remote torrent - closed and wanted by nobody, is told nothing', async () => {
    remote.tell();
    isWanted = false;
    const closed = remote.close({ deletesFiles: false });
    await settled();
    calls[0]!.done();
    await closed;
    await settled();
    expect([told, remote.isKnown]).toEqual([['open', 'close'], false]);
  });

  it('remote torrent - whose worker dies while it is closed, says so, and is told to the next one', async () => {
    remote.tell();
    const closed = remote.close({ deletesFiles: false });
    await settled();
    calls[0]!.failed();
    remote.lost();
    await expect(closed).rejects.toThrow();
    remote.started();
    expect(told.at(-1)).toBe('open');
  });

  it('remote torrent - has nothing to do with files in other hands, one after another', async () => {
    const order: string[] = [];
    let finish: () => void = () => undefined;
    const first = remote.away(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      order.push('first');
    });
    const second = remote.away(async () => void order.push('second'));
    await settled();
    remote.tell();
    remote.started();
    expect(told).toEqual([]);
    finish();
    await Promise.all([first, second]);
    await settled();
    expect([order, told]).toEqual([['first', 'second'], ['open']]);
  });

  it('remote torrent - work on its files waits until the worker has closed them', async () => {
    remote.tell();
    isWanted = false;
    const closed = remote.close({ deletesFiles: false });
    const removed = remote.away(async () => void told.push('removed'));
    await settled();
    expect(told).toEqual(['open', 'close']);
    calls[0]!.done();
    await Promise.all([closed, removed]);
    expect(told).toEqual(['open', 'close', 'removed']);
  });

  it('remote torrent - drops extents while it is open, and says when it did not', async () => {
    expect(await remote.dropExtent(3)).toBe(false);
    remote.tell();
    const dropped = remote.dropExtent(3);
    calls[0]!.done();
    expect(await dropped).toBe(true);
    const failing = remote.dropExtent(4);
    calls[1]!.failed();
    expect(await failing).toBe(false);
  });

  it('remote torrent - a fresh worker is told whatever was sent before, if anybody wants it', () => {
    remote.tell();
    remote.started();
    expect(told).toEqual(['open', 'open']);
    isWanted = false;
    remote.started();
    expect([told.length, remote.isKnown]).toEqual([2, false]);
  });
});
