// Scrapes over UDP: packets, by the bytes of BEP 15.

import { describe, expect, it } from '@jest/globals';
import {
  decodeTrackerPacket,
  encodeConnect,
  encodeScrape,
} from '../../../../../backend/engines/torrent/scrape/udp-packets.js';
import { infoHashOf } from '../../../../support/candidates.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex');

describe('packets to a tracker', () => {
  it('asking for a connection - says which protocol is spoken', () => {
    expect(hex(encodeConnect(0xfedc_ba98))).toBe('000004172710198000000000fedcba98');
  });

  it('asking for counts - names the torrents', () => {
    const packet = encodeScrape({ connectionId: 0xffff_0000_0000_0001n, transactionId: 7 }, [
      infoHashOf('a1'),
      infoHashOf('b2'),
    ]);
    expect(hex(packet)).toBe(`ffff0000000000010000000200000007${infoHashOf('a1')}${infoHashOf('b2')}`);
  });
});

describe('packets of a tracker', () => {
  it('a connection - has its id', () => {
    const packet = decodeTrackerPacket(bytes('00000000fedcba98ffff000000000001'));
    expect(packet).toEqual({ kind: 'connected', transactionId: 0xfedc_ba98, connectionId: 0xffff_0000_0000_0001n });
  });

  it('counts - are seeders and leechers, in order; what is cut off is left out', () => {
    const counts = '000000050000000900000002' + 'ffffffff0000000000000000';
    const expected = [
      { seeders: 5, leechers: 2 },
      { seeders: 0xffff_ffff, leechers: 0 },
    ];
    const packet = bytes(`0000000200000007${counts}00000001`);
    expect(decodeTrackerPacket(packet)).toEqual({ kind: 'counted', transactionId: 7, counts: expected });
  });

  it('an error - is a refusal', () => {
    expect(decodeTrackerPacket(bytes('00000003000000076e6f'))).toEqual({ kind: 'refused', transactionId: 7 });
  });

  it.each(['', '00000000', '0000000000000007ffff', '0000000100000007', 'ffffffff00000007'])(
    '%s - is refused',
    (text) => {
      expect(() => decodeTrackerPacket(bytes(text))).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
    },
  );
});
