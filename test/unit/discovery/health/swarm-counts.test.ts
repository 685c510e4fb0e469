// Seeders counted in the background.

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../../backend/content/index.js';
import { SwarmCounts } from '../../../../backend/discovery/index.js';
import type { SwarmCountsOptions } from '../../../../backend/discovery/health/swarm-counts.js';
import { infoHashOf } from '../../../support/candidates.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { NotedLog } from '../../../support/noted-log.js';

type Said = Readonly<Record<string, number | Error>>;

const MINUTES = 60e3;
const [own, other, wide] = ['http://own.example/announce', 'http://other.example/announce', 'udp://wide.example:80'];
const film = infoHashOf('a1');
const wish = { infoHash: film, own: [own], wider: [wide] };

describe('swarm counts', () => {
  let clock: ManualClock;
  let asked: string[];
  beforeEach(() => {
    clock = new ManualClock();
    asked = [];
  });

  /** Trackers that count so many seeders of everything, and half as many leechers. */
  function countsOf(said: Said, more: Partial<SwarmCountsOptions> = {}): SwarmCounts {
    return new SwarmCounts({
      scrape: async (tracker, infoHashes) => {
        asked.push(`${tracker} ${infoHashes.length}`);
        const seeders = said[tracker] ?? 0;
        if (typeof seeders !== 'number') throw seeders;
        return new Map(infoHashes.map((infoHash) => [infoHash, { seeders, leechers: seeders / 2 }]));
      },
      maxTorrents: 70,
      allowsTracker: () => true,
      clock,
      log: new NotedLog(),
      ...more,
    });
  }

  async function count(said: Said, wishes = [wish]): Promise<number | null | undefined> {
    const counts = countsOf(said);
    counts.want(wishes);
    await clock.advance(0);
    return counts.countOf(film)?.seeders ?? null;
  }

  it('a torrent that was not counted - is not known at once, but soon', async () => {
    const counts = countsOf({ [own]: 6, [wide]: 4 });
    counts.want([wish]);
    expect([counts.countOf(film), asked]).toEqual([null, []]);
    await clock.advance(0);
    expect(counts.countOf(film)).toEqual({ seeders: 6, leechers: 3 });
  });

  it('a tracker that counts more - is believed', async () => {
    expect(await count({ [own]: 6, [wide]: 40 })).toBe(40);
  });

  it('nobody at all of them - is nobody', async () => {
    expect(await count({ [own]: 0, [wide]: 0 })).toBe(0);
  });

  it('nobody at one while another does not answer - is not known', async () => {
    expect(await count({ [own]: 0, [wide]: new Error('late') })).toBeNull();
  });

  it('nobody at trackers that it does not name - is not known', async () => {
    expect(await count({ [wide]: 0 }, [{ ...wish, own: [] }])).toBeNull();
  });

  it('counted - is not asked for again for 10 minutes', async () => {
    const counts = countsOf({ [own]: 6 });
    for (const ms of [0, 10 * MINUTES - 1]) {
      counts.want([{ ...wish, wider: [] }]);
      await clock.advance(ms);
    }
    expect(asked).toEqual([`${own} 1`]);
    await clock.advance(1);
    expect(counts.countOf(film)).toBeNull();
    counts.want([{ ...wish, wider: [] }]);
    await clock.advance(0);
    expect(asked).toHaveLength(2);
  });

  it('a tracker that did not answer - is left alone for 10 minutes', async () => {
    const counts = countsOf({ [own]: new Error('down'), [other]: 1 });
    const trackers = [own, other];
    for (const digits of ['a1', 'a2']) {
      counts.want([{ infoHash: infoHashOf(digits), own: trackers, wider: [] }]);
      await clock.advance(0);
    }
    expect(asked.filter((text) => text.startsWith(own))).toHaveLength(1);
    await clock.advance(10 * MINUTES);
    counts.want([{ infoHash: infoHashOf('a3'), own: trackers, wider: [] }]);
    await clock.advance(0);
    expect(asked.filter((text) => text.startsWith(own))).toHaveLength(2);
  });

  it('a tracker that the operator refuses - is never asked', async () => {
    const counts = countsOf({ [own]: 6 }, { allowsTracker: (tracker) => tracker !== own });
    counts.want([wish]);
    await clock.advance(0);
    expect(asked).toEqual([`${wide} 1`]);
  });

  it('many torrents - are asked for 70 at a time, not more than four requests at once', async () => {
    let [running, most] = [0, 0];
    const counts = countsOf(
      {},
      {
        scrape: async (_tracker, infoHashes) => {
          asked.push(String(infoHashes.length));
          running += 1;
          most = Math.max(most, running);
          await clock.sleep(1);
          running -= 1;
          return new Map(infoHashes.map((infoHash) => [infoHash, { seeders: 1, leechers: 0 }]));
        },
      },
    );
    counts.want(manyWishes(500));
    await clock.advance(10);
    expect([most, asked]).toEqual([4, ['70', '70', '70', '70', '70', '70', '70', '10']]);
  });

  it('when 1000 wait - the others are not counted this time', async () => {
    const counts = countsOf({ [own]: 1 });
    const wishes = manyWishes(1100);
    counts.want(wishes);
    await clock.advance(0);
    expect(wishes.filter(({ infoHash }) => counts.countOf(infoHash) !== null)).toHaveLength(1000);
  });

  it('when 5000 are known - the least recently wanted are forgotten', async () => {
    const counts = countsOf({ [own]: 1 });
    const wishes = manyWishes(5500);
    for (let at = 0; at < wishes.length; at += 500) {
      counts.want(wishes.slice(at, at + 500));
      await clock.advance(0);
    }
    expect(wishes.filter(({ infoHash }) => counts.countOf(infoHash) !== null)).toHaveLength(5000);
  });

  it('closed - ends what is under way and asks nobody any more', async () => {
    let isEnded = false;
    const counts = countsOf(
      {},
      {
        scrape: (_tracker, _infoHashes, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              isEnded = true;
              reject(signal.reason);
            });
          }),
      },
    );
    counts.want([wish]);
    await clock.advance(0);
    await counts.close();
    await counts.close();
    counts.want([wish]);
    expect([isEnded, counts.countOf(film)]).toEqual([true, null]);
  });

  function manyWishes(count: number): { infoHash: InfoHash; own: string[]; wider: string[] }[] {
    return Array.from({ length: count }, (_, at) => ({
      infoHash: infoHashOf((at + 65_536).toString(16)),
      own: [own],
      wider: [],
    }));
  }
});
