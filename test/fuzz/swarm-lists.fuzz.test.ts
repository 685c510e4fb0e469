// Whatever a list's server sends: valid trackers and ranges, or nothing of it, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isInRanges, packRanges } from '../../backend/engines/torrent/address-ranges.js';
import { parseBlocklist } from '../../backend/engines/torrent/lists/blocklist.js';
import { parseTrackerBlacklist, parseTrackerList } from '../../backend/engines/torrent/lists/tracker-list.js';
import { keepTrackers } from '../../backend/engines/torrent/swarm-address.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);

const fragments = fc.constantFrom(
  ...['1.2.3.4', '001.002.003.000', '255.255.255.255', '256.1.1.1', '::1', '2001:db8::', '::ffff:1.2.3.4', 'fe80::1%x'],
  ...['-', ' - ', ':', ',', ' , ', '000', '128', '/', '/24', '/129', '#', ' #', ';', '//', '.', '%', '[', ']', '\0'],
  ...['udp://', 'http://', 'https://', 'wss://', 'tracker.example', ':80', ':99999', '/announce', '?a=b', '@', 'xn--'],
  ...['\n', '\r\n', '\r', ' ', '\t', 'name', 'ä', '\ufeff', '\ud800'],
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fragments }, fc.string({ maxLength: 4 })), { maxLength: 60 })
    .map((parts) => parts.join('')),
);

function checkBlocklist(list: string): void {
  const { ranges, malformedLines } = parseBlocklist(list);
  expect(ranges.length + malformedLines).toBeLessThanOrEqual(list.split('\n').length);
  const packed = packRanges(ranges);
  for (const { first, last } of ranges) {
    expect(isInRanges(packed, first)).toBe(true);
    expect(isInRanges(packed, last)).toBe(true);
    expect(parseBlocklist(`${first}-${last}`).ranges).toEqual([{ first, last }]);
  }
}

function checkTrackers(list: string): void {
  const { trackers } = parseTrackerList(list);
  expect(keepTrackers(trackers)).toEqual(trackers);
  const { blacklist } = parseTrackerBlacklist(list);
  const own = parseTrackerBlacklist(trackers.join('\n')).blacklist;
  for (const tracker of trackers) {
    blacklist.has(tracker);
    if (!/\s#/.test(tracker)) expect(own.has(tracker)).toBe(true);
  }
}

describe('swarm lists', () => {
  it('any text - is read as a list, soon', () => {
    fc.assert(
      fc.property(text, (list) => {
        const workMs = startProcessorTime();
        checkBlocklist(list);
        checkTrackers(list);
        expect(workMs()).toBeLessThan(BOUND_MS);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(['-', ' ', ':', '.', '#', ' #', '1', '1.', '1.2.3.4-', ':1.2.3.4', '/', 'a.', 'udp://', '[', '\n', '\r'])(
    'a megabyte of %j - takes no time worth noting',
    (unit) => {
      const list = unit.repeat(Math.ceil(2 ** 20 / unit.length));
      const workMs = startProcessorTime();
      parseBlocklist(list);
      parseTrackerList(list);
      parseTrackerBlacklist(list);
      expect(workMs()).toBeLessThan(BOUND_MS);
    },
  );
});
