import { describe, expect, it } from '@jest/globals';
import { packRanges } from '../../../../../backend/engines/torrent/address-ranges.js';
import { PeerFilter } from '../../../../../backend/engines/torrent/worker/peer-filter.js';

const anywhere = { allows: () => true };

describe('peer filter', () => {
  it('peer filter - refuses what the address policy refuses, and counts it', () => {
    const filter = new PeerFilter({ allows: (ip) => ip !== '10.0.0.1' });
    expect(filter.allows('192.0.2.7')).toBe(true);
    expect(filter.allows('10.0.0.1')).toBe(false);
    expect(filter.refused).toBe(1);
  });

  it('peer filter - refuses what the blocklist names, of either family, bounds included', () => {
    const filter = new PeerFilter(anywhere);
    filter.setBlocklist(
      packRanges([
        { first: '192.0.2.10', last: '192.0.2.20' },
        { first: '2001:db8::1', last: '2001:db8::ff' },
      ]),
    );
    const blocked = ['192.0.2.10', '192.0.2.15', '192.0.2.20', '::ffff:192.0.2.15', '2001:db8::1', '2001:db8::ff'];
    for (const address of blocked) expect([address, filter.allows(address)]).toEqual([address, false]);
    for (const address of ['192.0.2.9', '192.0.2.21', '2001:db8::100']) expect(filter.allows(address)).toBe(true);
    filter.setBlocklist(packRanges([]));
    expect(filter.allows('192.0.2.15')).toBe(true);
  });

  it('peer filter - refuses whatever is no address', () => {
    const filter = new PeerFilter(anywhere);
    for (const text of ['', 'localhost', '127.1', '1.2.3.4.5', '1.2.3.4:80', '[::1]', '0x7f000001']) {
      expect(filter.allows(text)).toBe(false);
    }
  });
});
