// Headers of both formats, one by one.

import { describe, expect, it } from '@jest/globals';
import { parseRar4Block } from '../../../../backend/archive/rar/rar4-block.js';
import { decodeRar4Name } from '../../../../backend/archive/rar/rar4-name.js';
import { parseRar5Block } from '../../../../backend/archive/rar/rar5-block.js';
import { rar4Block, rar4End, rar4File, rar4Main, rar5Block, vint } from '../../../support/rar-crafter.js';

const corrupt = expect.objectContaining({ code: 'ARCHIVE_CORRUPT' });

describe('rar5 block', () => {
  const file = (fileFlags: number, ...rest: Buffer[]): Buffer =>
    rar5Block(Buffer.concat([vint(2), vint(2 | 8), vint(5), vint(fileFlags), vint(77), vint(0), ...rest]));
  const tail = Buffer.concat([vint(0), vint(1), vint(1), Buffer.from('a')]);

  it('a file - with time and checksum or without', () => {
    for (const bytes of [file(0, tail), file(6, Buffer.alloc(8), tail)]) {
      expect(parseRar5Block(bytes)).toMatchObject({
        kind: 'file',
        rawPath: 'a',
        sizeBytes: 77,
        dataBytes: 5,
        headerBytes: bytes.length,
        isStored: true,
        isSplitBefore: true,
        isSplitAfter: false,
        encryption: null,
      });
    }
  });

  it('a file of unknown length - has none', () => {
    expect(parseRar5Block(file(8, tail))).toMatchObject({ sizeBytes: null });
  });

  it('each byte of it changed - is damage', () => {
    const bytes = file(0, tail);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x40;
      expect(() => parseRar5Block(changed)).toThrow(corrupt);
    }
  });

  it('cut off anywhere - is damage', () => {
    const bytes = file(0, tail);
    for (let end = 0; end < bytes.length; end += 1)
      expect(() => parseRar5Block(bytes.subarray(0, end))).toThrow(corrupt);
  });

  it('an unknown kind, and a record that breaks off - are passed over', () => {
    expect(parseRar5Block(rar5Block(Buffer.concat([vint(99), vint(2), vint(1_000)])))).toMatchObject({
      kind: 'other',
      dataBytes: 1_000,
    });
    const broken = Buffer.concat([vint(100), vint(1)]);
    const header = [vint(2), vint(1), vint(broken.length), vint(0), vint(0), vint(0), tail, broken];
    expect(parseRar5Block(rar5Block(Buffer.concat(header)))).toMatchObject({ kind: 'file', encryption: null });
  });
});

describe('rar4 block', () => {
  it('main, file, end - are told apart', () => {
    expect(parseRar4Block(rar4Main(0x101))).toMatchObject({ kind: 'main', isVolume: true, isFirstVolume: true });
    expect(parseRar4Block(rar4Main(0x11))).toMatchObject({ isFirstVolume: false, volumeNumber: null });
    expect(parseRar4Block(rar4Main(0x01))).toMatchObject({ isFirstVolume: null });
    expect(parseRar4Block(rar4End(1, 7))).toMatchObject({ kind: 'end', isLastVolume: false, volumeNumber: 7 });
    const data = Buffer.alloc(3);
    expect(parseRar4Block(rar4File({ name: 'x', data, splitAfter: true }))).toMatchObject({
      kind: 'file',
      rawPath: 'x',
      dataBytes: 3,
      isSplitAfter: true,
      isStored: true,
    });
  });

  it('large files - have two more words of length', () => {
    const fields = Buffer.alloc(25 + 8 + 1);
    fields.writeUInt8(0x30, 18);
    fields.writeUInt16LE(1, 19);
    fields.writeUInt32LE(2, 25);
    fields.writeUInt32LE(3, 29);
    expect(parseRar4Block(rar4Block(0x74, 0x8100, fields))).toMatchObject({
      dataBytes: 2 * 2 ** 32,
      sizeBytes: 3 * 2 ** 32,
    });
  });

  it('damage - is refused; an old comment excuses the checksum', () => {
    const main = rar4Main(0x02);
    main[8] = 1;
    expect(parseRar4Block(main).kind).toBe('main');
    const file = rar4File({ name: 'x', data: Buffer.alloc(0) });
    file[10] = 1;
    expect(() => parseRar4Block(file)).toThrow(corrupt);
    expect(() => parseRar4Block(Buffer.from('0000ff00000700', 'hex'))).toThrow(corrupt);
  });
});

describe('rar4 names', () => {
  it('plain - are UTF-8 where they can be, else Latin-1', () => {
    expect(decodeRar4Name(Buffer.from('ünï'), false)).toBe('ünï');
    expect(decodeRar4Name(Uint8Array.of(0xfc), false)).toBe('ü');
    expect(decodeRar4Name(Buffer.from('ünï'), true)).toBe('ünï');
  });

  it('a run that shifts - takes the plain name and the common upper half', () => {
    const recipe = Buffer.from([0x04, 0b11_00_00_00, 0x80 | 1, 0x10]);
    expect(decodeRar4Name(Buffer.concat([Buffer.from('abc\0'), recipe]), true)).toBe('ѱѲѳ');
  });
});
