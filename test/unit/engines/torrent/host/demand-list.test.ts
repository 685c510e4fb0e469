import { describe, expect, it } from '@jest/globals';
import { DemandList } from '../../../../../backend/engines/torrent/host/demand-list.js';

function listOf() {
  const seen = { changes: 0 };
  return { seen, list: new DemandList(() => seen.changes++) };
}

describe('demand list', () => {
  it('demand list - holds what was added, where it was moved to, until it is closed', () => {
    const { seen, list } = listOf();
    const first = list.add('play', 0, 100);
    const second = list.add('prepare', 500, 600);
    first.move(50, 150);
    expect(list.all()).toEqual([
      { id: first.id, kind: 'play', start: 50, end: 150 },
      { id: second.id, kind: 'prepare', start: 500, end: 600 },
    ]);
    expect([list.size, list.playing]).toEqual([2, 1]);
    first.close();
    first.close();
    first.move(0, 1);
    expect(list.all().map(({ id }) => id)).toEqual([second.id]);
    expect(seen.changes).toBe(4);
  });

  it('demand list - replaces what is fetched in the background, and tells it from what somebody waits for', () => {
    const { list } = listOf();
    const play = list.add('play', 0, 1);
    list.setBackground([{ start: 0, end: 10 }]);
    list.setBackground([{ start: 20, end: 30 }]);
    expect(list.all().map(({ kind, start }) => [kind, start])).toEqual([
      ['play', 0],
      ['background', 20],
    ]);
    expect(list.foreground().map(({ id }) => id)).toEqual([play.id]);
    list.setBackground([]);
    expect(list.size).toBe(1);
  });

  it('demand list - serves the background only where there is room, and knows when that has changed', () => {
    const { list } = listOf();
    const play = list.add('play', 0, 1);
    expect(list.isOutdated({ hasRoom: false })).toBe(false);
    list.setBackground([{ start: 0, end: 10 }]);
    expect(list.served({ hasRoom: true })).toHaveLength(2);
    expect([list.isOutdated({ hasRoom: true }), list.isOutdated({ hasRoom: false })]).toEqual([false, true]);
    expect(list.served({ hasRoom: false }).map(({ id }) => id)).toEqual([play.id]);
    expect([list.isOutdated({ hasRoom: true }), list.isOutdated({ hasRoom: false })]).toEqual([true, false]);
  });

  it('demand list - cleared, says nothing and hears of no old handle', () => {
    const { seen, list } = listOf();
    const play = list.add('play', 0, 1);
    const { changes } = seen;
    list.clear();
    play.move(1, 2);
    play.close();
    expect([list.size, seen.changes]).toEqual([0, changes]);
  });
});
