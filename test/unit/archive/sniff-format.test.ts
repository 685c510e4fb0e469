import { describe, expect, it } from '@jest/globals';
import { extensionOf, SNIFF_BYTES, sniffFormat } from '../../../backend/archive/sniff-format.js';
import { archiveFixture, fixtureBytes, originalFilm } from '../../support/archive-fixtures.js';

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from([...part]))),
  );
}

function packets(at: number, size: number): Uint8Array {
  const head = new Uint8Array(SNIFF_BYTES);
  for (let packet = at; packet < head.length; packet += size) head[packet] = 0x47;
  return head;
}

describe('sniffing', () => {
  it.each([
    ['matroska', 'mkv', bytes([0x1a, 0x45, 0xdf, 0xa3], 'B\x82\x88matroska')],
    ['webm', 'webm', bytes([0x1a, 0x45, 0xdf, 0xa3], 'B\x82\x84webm')],
    ['mp4', 'mp4', bytes([0, 0, 0, 24], 'ftypisom')],
    ['mov', 'mov', bytes([0, 0, 0, 24], 'ftypqt  ')],
    ['mov', 'mov', bytes([0, 0, 0, 8], 'wide')],
    ['avi', 'avi', bytes('RIFF', [1, 2, 3, 4], 'AVI LIST')],
    ['flv', 'flv', bytes('FLV', [1, 5])],
    ['asf', 'wmv', bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])],
    ['ogg', 'ogv', bytes('OggS', [0, 2])],
    ['mpegps', 'mpg', bytes([0, 0, 1, 0xba, 0x44])],
    ['mpegts', 'ts', packets(0, 188)],
    ['m2ts', 'm2ts', packets(4, 192)],
    ['zip', 'zip', bytes('PK', [3, 4])],
    ['zip', 'zip', bytes('PK', [7, 8], 'PK', [3, 4])],
    ['7z', '7z', bytes('7z', [0xbc, 0xaf, 0x27, 0x1c])],
    ['par2', 'par2', bytes('PAR2\0PKT')],
  ])('sniffing - knows %s (.%s)', (format, extension, head) => {
    const sniffed = sniffFormat(head);
    expect(sniffed?.format).toBe(format);
    expect(sniffed === null ? '' : extensionOf(sniffed)).toBe(extension);
  });

  it('sniffing - is null for text, zeros and nothing', () => {
    for (const head of [
      bytes('WEBVTT'),
      new Uint8Array(1024),
      new Uint8Array(),
      bytes('Rar!'),
      bytes('RIFF1234WAVE'),
    ]) {
      expect(sniffFormat(head)).toBeNull();
    }
  });

  it('sniffing - reads the volume numbers of RAR 5', () => {
    const numbers = archiveFixture('rar5-volumes').volumes.map(
      (volume) => sniffFormat(fixtureBytes('rar5-volumes', volume).subarray(0, SNIFF_BYTES))?.volumeNumber,
    );
    expect(numbers).toEqual([0, 1, 2, 3, 4]);
  });

  it('sniffing - knows the first volume of RAR 4, and that a lone one is no volume', () => {
    const heads = archiveFixture('rar4-old-names').volumes.map((volume) =>
      sniffFormat(fixtureBytes('rar4-old-names', volume).subarray(0, SNIFF_BYTES)),
    );
    expect(heads.map((head) => head?.isFirstVolume)).toEqual([true, false, false, false, false]);
    expect(heads.map((head) => head?.volumeNumber)).toEqual([0, null, null, null, null]);
    expect(sniffFormat(fixtureBytes('rar5-single', 'open.film.rar'))).toMatchObject({
      isVolume: false,
      volumeNumber: 0,
    });
  });

  it('sniffing - says nothing about the place of a volume whose header is encrypted', () => {
    const head = fixtureBytes('rar5-encrypted-headers', 'open.film.part2.rar');
    expect(sniffFormat(head)).toMatchObject({ format: 'rar5', volumeNumber: null, isFirstVolume: null });
  });

  it('sniffing - knows the film of the fixtures', () => {
    expect(sniffFormat(originalFilm().subarray(0, SNIFF_BYTES))).toEqual({ format: 'matroska' });
  });
});
