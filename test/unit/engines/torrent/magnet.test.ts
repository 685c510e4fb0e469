// What a magnet link means, and what is refused.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InfoHash } from '../../../../backend/content/index.js';
import { InputError } from '../../../../backend/content/index.js';
import { normalizeInfoHash } from '../../../../backend/engines/torrent/info-hash.js';
import { formatMagnet, parseMagnet } from '../../../../backend/engines/torrent/magnet.js';
import { cleanName } from '../../../../backend/engines/torrent/release-path.js';
import { keepPeers } from '../../../../backend/engines/torrent/swarm-address.js';

const HASH = '08ada5a7a6183aae1e09d831df6748d566095a10';
const BASE32 = 'BCW2LJ5GDA5K4HQJ3AY56Z2I2VTASWQQ';

function errorOf(text: string): InputError {
  try {
    parseMagnet(text);
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('magnet', () => {
  it('magnet - gives hash, name, trackers, web seeds and peers, and leaves out what it cannot use', () => {
    const text =
      `magnet:?xt=urn:btih:${HASH}&dn=Sintel+%282010%29&tr=udp%3A%2F%2Ftracker.example%3A1337&tr.1=http://t.example/a` +
      '&tr=ws%3A%2F%2Fbrowser.example&tr=http://t.example/a&ws=https://seed.example/&ws=file:///etc/passwd' +
      '&xs=http://evil.example/x.torrent&as=http://evil.example/&so=0-4' +
      '&x.pe=127.0.0.1:6881&x.pe=[::1]:6881&x.pe=host.example:1&x.pe=1.2.3.4:0&x.pe=999.1.1.1:5';
    expect(parseMagnet(text)).toEqual({
      kind: 'torrent',
      infoHash: HASH,
      name: 'Sintel (2010)',
      trackers: ['udp://tracker.example:1337', 'http://t.example/a'],
      webSeeds: ['https://seed.example/'],
      peers: ['127.0.0.1:6881', '[::1]:6881'],
    });
  });

  it.each([
    ['upper-case hex', `magnet:?xt=urn:btih:${HASH.toUpperCase()}`],
    ['base32', `magnet:?xt=urn:btih:${BASE32}`],
    ['lower-case base32', `MAGNET:?xt=URN:BTIH:${BASE32.toLowerCase()}`],
    ['an escaped topic', `magnet:?xt=urn%3Abtih%3A${HASH}`],
    ['ampersands as a page has them', `magnet:?dn=a&amp;xt=urn:btih:${HASH}`],
    ['a v2 hash beside', `magnet:?xt=urn:btmh:1220${'a'.repeat(64)}&xt=urn:btih:${HASH}`],
    ['a broken escape', `magnet:?dn=100%&xt=urn:btih:${HASH}`],
    ['space around', `  magnet:?xt=urn:btih:${HASH}\n`],
  ])('magnet - is read with %s', (_what, text) => {
    expect(parseMagnet(text).infoHash).toBe(HASH);
  });

  it('magnet - of BitTorrent v2 only is refused by that name', () => {
    expect(errorOf(`magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`).code).toBe('TORRENT_V2_ONLY');
  });

  it.each([
    ['no magnet', 'http://example.com/a.torrent'],
    ['no hash', 'magnet:?dn=a'],
    ['a short hash', 'magnet:?xt=urn:btih:abc'],
    ['two torrents', `magnet:?xt=urn:btih:${HASH}&xt=urn:btih:${'0'.repeat(40)}`],
    ['more than 64 KiB', `magnet:?xt=urn:btih:${HASH}&dn=${'a'.repeat(65_536)}`],
  ])('magnet - refuses %s', (_what, text) => {
    expect(errorOf(text).code).toBe('INPUT');
  });

  it('magnet - keeps at most 200 trackers', () => {
    const trackers = Array.from({ length: 300 }, (_, at) => `&tr=http://t${at}.example/`).join('');
    expect(parseMagnet(`magnet:?xt=urn:btih:${HASH}${trackers}`).trackers).toHaveLength(200);
  });

  it('magnet - is written so that it reads back the same', () => {
    const url = fc
      .webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true })
      .map((text) => new URL(text).href);
    const peer = fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 })).map(([ip, port]) => `${ip}:${port}`);
    const peer6 = fc.tuple(fc.ipV6(), fc.integer({ min: 1, max: 65_535 })).map(([ip, port]) => `[${ip}]:${port}`);
    const bytes = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(
        bytes,
        fc.string({ unit: 'binary' }),
        fc.uniqueArray(url),
        fc.uniqueArray(url),
        fc.uniqueArray(fc.oneof(peer, peer6)),
        (hash, text, trackers, webSeeds, peers) => {
          const name = cleanName(text);
          const source = {
            kind: 'torrent' as const,
            infoHash: Buffer.from(hash).toString('hex') as InfoHash,
            ...(name === '' ? {} : { name }),
            trackers,
            webSeeds,
            peers: keepPeers(peers),
          };
          expect(parseMagnet(formatMagnet(source))).toEqual(source);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('names', () => {
  it('names - are the same after a second cleaning, at most 255 bytes, without separators', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600, size: 'max' }), (text) => {
        const name = cleanName(text);
        expect(cleanName(name)).toBe(name);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name).not.toMatch(/[/\\]|^\.{1,2}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('infohash', () => {
  it('infohash - is the same from hex and from base32', () => {
    expect([HASH, HASH.toUpperCase(), BASE32, BASE32.toLowerCase()].map(normalizeInfoHash)).toEqual(
      Array(4).fill(HASH),
    );
  });

  it.each([
    '',
    'x',
    HASH.slice(1),
    `${HASH}0`,
    BASE32.slice(1),
    `${BASE32.slice(1)}1`,
    `${HASH.slice(1)}g`,
    ` ${HASH}`,
  ])('infohash - refuses %j', (text) => {
    expect(() => normalizeInfoHash(text)).toThrow(InputError);
  });
});
