// Lists of trackers to use, and of trackers never to use.

import { describe, expect, it } from '@jest/globals';
import {
  parseTrackerBlacklist,
  parseTrackerList,
  TrackerBlacklist,
} from '../../../../../backend/engines/torrent/lists/tracker-list.js';

describe('tracker list', () => {
  it('list - gives its announce URLs once each, without comments and blank lines', () => {
    const text = [
      '# best trackers',
      '',
      'udp://one.example:1337/announce',
      '  http://two.example/announce  # fast',
      'https://three.example/announce?passkey=1#part',
      'udp://one.example:1337/announce\r',
    ].join('\n');
    expect(parseTrackerList(text)).toEqual({
      trackers: [
        'udp://one.example:1337/announce',
        'http://two.example/announce',
        'https://three.example/announce?passkey=1#part',
      ],
      malformedLines: 0,
    });
  });

  it('what is no tracker - is counted and left out', () => {
    const text = 'wss://tracker.example\nftp://tracker.example/\ntracker.example\n<html>\nudp://\nfile:///etc/passwd';
    expect(parseTrackerList(text)).toEqual({ trackers: [], malformedLines: 6 });
  });

  it('list that is too long - is cut at 200', () => {
    const text = Array.from({ length: 300 }, (_, index) => `udp://t${index}.example:80/announce`).join('\n');
    expect(parseTrackerList(text)).toMatchObject({ trackers: { length: 200 }, malformedLines: 0 });
  });
});

describe('tracker blacklist', () => {
  const blacklistOf = (...lines: string[]): TrackerBlacklist => parseTrackerBlacklist(lines.join('\n')).blacklist;

  it('exact URL - removes this tracker and no other', () => {
    const blacklist = blacklistOf('http://bad.example:80/announce # fake peers', 'https://bad.example/key/announce');
    expect(blacklist.has('http://bad.example/announce')).toBe(true);
    expect(blacklist.has('http://BAD.example/announce/')).toBe(true);
    expect(blacklist.has('https://bad.example/key/announce')).toBe(true);
    expect(blacklist.has('https://bad.example/announce')).toBe(false);
    expect(blacklist.has('http://bad.example:8080/announce')).toBe(false);
    expect(blacklist.has('udp://bad.example:80/announce')).toBe(false);
  });

  it('UDP tracker - is the same with another path, with another spelling, without one', () => {
    const blacklist = blacklistOf('udp://Bad.Example:6969/announce');
    expect(blacklist.has('udp://bad.example:6969')).toBe(true);
    expect(blacklist.has('udp://bad.example.:6969/other')).toBe(true);
    expect(blacklist.has('udp://b%61d.example:6969/announce')).toBe(true);
    expect(blacklist.has('udp://bad.example:6970/announce')).toBe(false);
  });

  it('host - removes all of its trackers, but not those of its relatives', () => {
    const blacklist = blacklistOf('Bad.Example', '10.0.0.1', '[2001:DB8::1]', 'one-port.example:81', 'bücher.example');
    expect(blacklist.has('udp://bad.example:1/announce')).toBe(true);
    expect(blacklist.has('https://bad.example/secret/announce')).toBe(true);
    expect(blacklist.has('http://10.0.0.1:8080/announce')).toBe(true);
    expect(blacklist.has('udp://[2001:db8:0::1]:80')).toBe(true);
    expect(blacklist.has('http://one-port.example:81/announce')).toBe(true);
    expect(blacklist.has('http://one-port.example/announce')).toBe(false);
    expect(blacklist.has('http://tracker.bad.example/announce')).toBe(false);
    expect(blacklist.has('http://notbad.example/announce')).toBe(false);
  });

  it('what is neither URL nor host - is counted', () => {
    const { blacklist, malformedLines } = parseTrackerBlacklist('<html>\nword\ntwo words\nwss://a.example\n\n# c');
    expect([blacklist.size, malformedLines]).toEqual([0, 4]);
  });

  it('what is no tracker - is not listed', () => {
    expect(blacklistOf('bad.example').has('not an address')).toBe(false);
    expect(TrackerBlacklist.empty.has('http://bad.example/announce')).toBe(false);
  });
});
