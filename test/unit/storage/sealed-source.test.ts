// Sources as the database keeps them.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CorruptDataError } from '../../../backend/content/index.js';
import type { InfoHash, Source } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { decodeSource, encodeSource, openSource, sealSource } from '../../../backend/storage/sealed-source.js';

const sealer = new Sealer('k'.repeat(32));
const texts = fc.array(fc.string(), { maxLength: 4 });

const torrents: fc.Arbitrary<Source> = fc
  .record(
    {
      kind: fc.constant('torrent' as const),
      infoHash: fc.stringMatching(/^[0-9a-f]{40}$/).map((text) => text as InfoHash),
      name: fc.string(),
      trackers: texts,
      webSeeds: texts,
      peers: texts,
      info: fc.uint8Array({ minLength: 1 }),
    },
    { requiredKeys: ['kind', 'infoHash', 'trackers', 'webSeeds', 'peers'] },
  )
  .map((source) => ({ ...source }));

const sources: fc.Arbitrary<Source> = fc.oneof(
  torrents,
  fc.record({ kind: fc.constant('torrent-url' as const), url: fc.webUrl(), trackers: texts, peers: texts }),
  fc.record({ kind: fc.constant('nzb-url' as const), url: fc.webUrl() }),
  fc.record({ kind: fc.constant('http' as const), url: fc.webUrl() }),
);

describe('sealed source', () => {
  it('open - gives back what was sealed, of every kind', () => {
    fc.assert(fc.property(sources, (source) => expect(openSource(sealSource(source, sealer), sealer)).toEqual(source)));
  });

  it('seal - hides addresses and trackers', () => {
    const sealed = sealSource({ kind: 'nzb-url', url: 'https://indexer.example.org/?apikey=hunter2' }, sealer);
    expect(Buffer.from(sealed).includes('hunter2')).toBe(false);
    expect(Buffer.from(sealed).includes('indexer')).toBe(false);
  });

  it('encode - is the same for the same source in any order of its fields', () => {
    const one: Source = { kind: 'torrent-url', url: 'http://a/', trackers: ['b'], peers: [] };
    const other: Source = { peers: [], trackers: ['b'], url: 'http://a/', kind: 'torrent-url' };
    expect(encodeSource(one)).toEqual(encodeSource(other));
  });

  it('noise - is corrupt, whatever it is', () => {
    const withLength = fc.tuple(fc.nat(40), fc.json()).map(([length, text]) => {
      const bytes = Buffer.from(`0000${text}`);
      bytes.writeUInt32BE(length);
      return Uint8Array.from(bytes);
    });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), withLength), (noise) =>
        expect(() => decodeSource(noise)).toThrow(CorruptDataError),
      ),
    );
    expect(() => openSource(new Uint8Array(40), sealer)).toThrow(CorruptDataError);
  });
});
