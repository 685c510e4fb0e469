// Whatever bytes come in as a torrent or a magnet: a valid result or an InputError, soon.

import { describe, expect, it } from '@jest/globals';
import bencode from 'bencode';
import fc from 'fast-check';
import { InputError } from '../../backend/content/index.js';
import { formatTorrentFile, parseInfo, parseMagnet, parseTorrentFile } from '../../backend/engines/torrent/index.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);

const VALID = Buffer.from(
  bencode.encode({
    announce: 'http://tracker.example/announce',
    'announce-list': [['udp://tracker.example:6969'], ['http://other.example/announce']],
    'creation date': 1_700_000_000,
    info: {
      files: [
        { length: 30_000, path: ['season 1', 'one.mkv'], 'path.utf-8': ['season 1', 'öne.mkv'] },
        { attr: 'p', length: 2_768, path: ['.pad', '2768'] },
        { length: 20_000, path: ['two.srt'] },
      ],
      name: 'show',
      'piece length': 16_384,
      pieces: Buffer.alloc(80, 0x30),
      private: 0,
    },
    'url-list': ['https://seed.example/'],
  }),
);

function check(bytes: Uint8Array): void {
  const workMs = startProcessorTime();
  try {
    const source = parseTorrentFile(bytes);
    const metadata = parseInfo(source.info ?? new Uint8Array(), source.infoHash);
    expect(metadata.files.reduce((sum, file) => sum + file.sizeBytes, 0)).toBe(metadata.totalBytes);
    expect(metadata.pieceHashes.length).toBe(20 * metadata.pieceCount);
    for (const file of metadata.files) {
      expect(file.path.split('/')).not.toContain('..');
      expect(file.path).toMatch(/^[^/\\]/);
    }
    expect(parseTorrentFile(formatTorrentFile(source))).toEqual(source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  expect(workMs()).toBeLessThan(BOUND_MS);
}

/** A position in the valid torrent, and what is done there. */
const edit = fc.record({
  at: fc.nat({ max: VALID.length - 1 }),
  removed: fc.nat({ max: 12 }),
  inserted: fc.oneof(
    fc.uint8Array({ maxLength: 12 }),
    fc
      .constantFrom('e', 'd', 'l', 'i', 'ie', 'i-1e', 'i99999999999999999999e', '0:', '9999999:', 'de', 'le', 'd0:')
      .map((text) => Buffer.from(text)),
  ),
});

describe('torrent decoders', () => {
  it('torrent decoders - take the torrent that the mutations start from', () => {
    expect(parseTorrentFile(VALID).name).toBe('show');
  });

  it('torrent decoders - answer any bytes with a result or an InputError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), check), { numRuns: RUNS });
  });

  it('torrent decoders - answer bencode-like text with a result or an InputError', () => {
    const token = fc.constantFrom(
      'd',
      'l',
      'e',
      'i1e',
      'i-7e',
      '4:info',
      '4:name',
      '5:files',
      '6:length',
      '6:pieces',
      '0:',
      '3:abc',
    );
    const text = fc.array(token, { maxLength: 60 }).map((tokens) => Buffer.from(`d${tokens.join('')}`));
    fc.assert(fc.property(text, check), { numRuns: RUNS });
  });

  it('torrent decoders - answer a torrent cut anywhere with an InputError', () => {
    for (let length = 0; length < VALID.length; length += 1) {
      expect(() => parseTorrentFile(VALID.subarray(0, length))).toThrow(InputError);
    }
  });

  it('torrent decoders - answer a damaged torrent with a result or an InputError', () => {
    const mutate = (edits: readonly { at: number; removed: number; inserted: Uint8Array }[]): Uint8Array =>
      edits.reduce<Uint8Array>(
        (bytes, { at, removed, inserted }) =>
          Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(Math.min(bytes.length, at + removed))]),
        VALID,
      );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => check(mutate(edits))),
      { numRuns: RUNS },
    );
  });

  it('torrent decoders - answer any values where files, lengths and names belong', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.integer(),
        fc.string(),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('length', 'path', 'path.utf-8', 'attr', '', 'name'), tie('any'), {
          noNullPrototype: true,
        }),
      ),
    })).any;
    const keys = fc.constantFrom(
      'name',
      'name.utf-8',
      'files',
      'length',
      'piece length',
      'pieces',
      'private',
      'meta version',
      'file tree',
    );
    const info = fc.dictionary(keys, value, { noNullPrototype: true });
    const base = { name: 'a', 'piece length': 16_384, pieces: Buffer.alloc(20), length: 5 };
    fc.assert(
      fc.property(info, fc.boolean(), (fields, isOnBase) =>
        check(
          bencode.encode({
            info: isOnBase ? { ...base, ...fields } : fields,
            announce: fields['name'],
            'url-list': fields['files'],
          }),
        ),
      ),
      { numRuns: RUNS },
    );
  });

  it('torrent decoders - answer any magnet with a result or an InputError', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'xt=urn:btih:',
        '08ada5a7a6183aae1e09d831df6748d566095a10',
        '&',
        '=',
        '%',
        '%2',
        'tr=',
        'dn=',
        'x.pe=',
        'urn:btmh:1220',
        '&amp;',
      ),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        try {
          parseMagnet(`magnet:?${parts.join('')}`);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
        }
      }),
      { numRuns: RUNS },
    );
  });
});
