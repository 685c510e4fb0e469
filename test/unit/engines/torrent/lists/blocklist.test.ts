// Every form of blocklist that the web publishes, and what is wrong in them.

import { describe, expect, it } from '@jest/globals';
import { parseBlocklist } from '../../../../../backend/engines/torrent/lists/blocklist.js';

/** The one range of a line, as `first-last`; null when it blocks nothing, 'malformed' when it cannot be read. */
function read(line: string): string | null {
  const { ranges, malformedLines } = parseBlocklist(line);
  if (malformedLines > 0) return 'malformed';
  return ranges.map(({ first, last }) => `${first}-${last}`).join() || null;
}

describe('blocklist', () => {
  it.each([
    // PeerGuardian
    ['Some Organisation:1.2.3.4-1.2.3.9', '1.2.3.4-1.2.3.9'],
    ['1.2.3.4-1.2.3.9', '1.2.3.4-1.2.3.9'],
    [':1.2.3.4-1.2.3.9', '1.2.3.4-1.2.3.9'],
    ['a: b, #1 / 5.6.7.8-5.6.7.9:1.2.3.4-1.2.3.9', '1.2.3.4-1.2.3.9'],
    ['Caf\u00e9; (bogon)-:1.2.3.4 - 1.2.3.9\r', '1.2.3.4-1.2.3.9'],
    ['same:1.2.3.4-1.2.3.4', '1.2.3.4-1.2.3.4'],
    ['backwards:1.2.3.9-1.2.3.4', 'malformed'],
    ['no address:1.2.3.256-1.2.3.4', 'malformed'],
    // eMule
    ['001.002.003.000 - 001.002.003.255 , 000 , name', '1.2.3.0-1.2.3.255'],
    ['001.002.003.000-001.002.003.255,127,name, with commas: 9.9.9.9-9.9.9.9', '1.2.3.0-1.2.3.255'],
    ['001.002.003.000 - 001.002.003.255 , 128 , let through', null],
    ['001.002.003.000 - 001.002.003.255 , 200', null],
    ['001.002.003.000 - 001.002.003.255 , x , name', 'malformed'],
    // CIDR
    ['10.1.2.3/8', '10.0.0.0-10.255.255.255'],
    ['10.1.2.3/32', '10.1.2.3-10.1.2.3'],
    ['0.0.0.0/0', '0.0.0.0-255.255.255.255'],
    ['128.0.0.0/1', '128.0.0.0-255.255.255.255'],
    ['10.1.2.0/24 ; SBL1', '10.1.2.0-10.1.2.255'],
    ['10.1.2.0/24 # why', '10.1.2.0-10.1.2.255'],
    ['10.1.2.3/33', 'malformed'],
    ['2001:db8:1234::/48', '2001:db8:1234::-2001:db8:1234:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::1/128', '2001:db8::1-2001:db8::1'],
    ['::/0', '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::/129', 'malformed'],
    // one address, or two of IPv6
    ['10.1.2.3', '10.1.2.3-10.1.2.3'],
    ['2001:DB8::1', '2001:db8::1-2001:db8::1'],
    ['2001:db8::1 - 2001:db8::ffff', '2001:db8::1-2001:db8::ffff'],
    ['2001:db8::2-2001:db8::1', 'malformed'],
    ['10.0.0.1-2001:db8::1', 'malformed'],
    // neither
    ['', null],
    ['   \t', null],
    ['# comment', null],
    ['// comment', null],
    ['; comment', null],
    ['<html>', 'malformed'],
    ['peers.example.org', 'malformed'],
    [`${'x'.repeat(2000)}:1.2.3.4-1.2.3.9`, 'malformed'],
  ])('%j - blocks %j', (line, expected) => {
    expect(read(line)).toBe(expected);
  });

  it('mixed list - is read line by line, its broken lines counted', () => {
    const text =
      '# list\r\n\r\na:1.2.3.4-1.2.3.9\r\nnonsense\r\n5.6.7.0/24\n009.000.000.000 - 009.000.000.001 , 000 , b';
    expect(parseBlocklist(text)).toEqual({
      ranges: [
        { first: '1.2.3.4', last: '1.2.3.9' },
        { first: '5.6.7.0', last: '5.6.7.255' },
        { first: '9.0.0.0', last: '9.0.0.1' },
      ],
      malformedLines: 1,
    });
  });

  it('list that is too long - is cut at the limit', () => {
    expect(parseBlocklist('1.1.1.1\n2.2.2.2\n3.3.3.3', 2).ranges).toHaveLength(2);
  });
});
