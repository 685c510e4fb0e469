import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { decodeLzma, decodeLzma2 } from '../../../../backend/archive/seven-zip/lzma-decoder.js';
import { archiveFixture, fixtureBytes, originalFilm } from '../../../support/archive-fixtures.js';

/** A hundred times "streamable ", by liblzma. */
const REPEATED = Buffer.from('00399d0a8c8c8a45da581a7d2d2cc67395037be484852fe1fff8e80000', 'hex');
const PROPERTIES = Uint8Array.of(0x5d, 0, 0, 1, 0);

describe('LZMA', () => {
  it('LZMA - decodes what another program packed', () => {
    expect(Buffer.from(decodeLzma(REPEATED, PROPERTIES, 1100)).toString()).toBe('streamable '.repeat(100));
  });

  it('LZMA2 - decodes stored and packed chunks, byte for byte', () => {
    const archive = fixtureBytes('7z-lzma2', 'open.film.7z');
    const { contains } = archiveFixture('7z-lzma2');
    const sizes = Object.values(contains).map(({ size }) => size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const plain = decodeLzma2(archive.subarray(32), total);
    const hashes = [plain.subarray(0, originalFilm().length), plain.subarray(2000)].map((bytes) =>
      createHash('sha256').update(bytes).digest('hex'),
    );
    expect(hashes).toContain(contains['Open.Film.2024.1080p.WEB.x264-DEMO.mkv']?.sha256);
  });

  it('LZMA - damaged, cut off or of another size is refused', () => {
    const code = 'ARCHIVE_UNSUPPORTED';
    expect(() => decodeLzma(REPEATED.subarray(0, 10), PROPERTIES, 1100)).toThrow(expect.objectContaining({ code }));
    expect(() => decodeLzma(REPEATED, Uint8Array.of(255), 1100)).toThrow(expect.objectContaining({ code }));
    expect(() => decodeLzma2(Uint8Array.of(1, 0, 9, 1), 10)).toThrow(expect.objectContaining({ code }));
    expect(() => decodeLzma2(Uint8Array.of(0), 10)).toThrow(expect.objectContaining({ code }));
  });
});
