// What a `.torrent` file and its `info` mean, and what is refused.

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import bencode from 'bencode';
import fc from 'fast-check';
import { InputError } from '../../../../backend/content/index.js';
import { infoHashOf, parseInfo } from '../../../../backend/engines/torrent/info.js';
import { formatTorrentFile, parseTorrentFile } from '../../../../backend/engines/torrent/metainfo.js';
import { startProcessorTime } from '../../../support/processor-time.js';

const PIECE = 16_384;

function infoOf(fields: Record<string, unknown>, totalBytes = 40_000): Uint8Array {
  const pieces = Buffer.alloc(20 * Math.ceil(totalBytes / PIECE), 7);
  return bencode.encode({ name: 'film', 'piece length': PIECE, pieces, ...fields });
}

function parse(fields: Record<string, unknown>, totalBytes = 40_000) {
  const info = infoOf(fields, totalBytes);
  return parseInfo(info, infoHashOf(info));
}

function filesOf(paths: readonly (readonly (string | Uint8Array)[])[]) {
  return parse({ files: paths.map((path) => ({ length: 10_000, path })) }, paths.length * 10_000).files;
}

function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('torrent file', () => {
  it('torrent file - is known by the SHA-1 of its info as it stands, even when the keys are out of order', () => {
    const info = Buffer.concat([
      Buffer.from('d6:pieces20:'),
      Buffer.alloc(20, 1),
      Buffer.from('12:piece lengthi16384e6:lengthi5e4:name8:film.mkve'),
    ]);
    const source = parseTorrentFile(Buffer.concat([Buffer.from('d4:info'), info, Buffer.from('e')]));
    expect(source.infoHash).toBe(createHash('sha1').update(info).digest('hex'));
    expect(Buffer.from(source.info ?? [])).toEqual(info);
    expect(source.name).toBe('film.mkv');
  });

  it('torrent file - gives its usable trackers and web seeds once each', () => {
    const file = bencode.encode({
      announce: 'http://tracker.example/announce',
      'announce-list': [
        ['http://tracker.example/announce', 'udp://tracker.example:6969'],
        ['file:///etc/passwd', 5],
      ],
      info: bencode.decode(infoOf({ length: 40_000 })),
      'url-list': ['https://seed.example/film', 'ftp://seed.example/film'],
    });
    const source = parseTorrentFile(file);
    expect(source.trackers).toEqual(['http://tracker.example/announce', 'udp://tracker.example:6969']);
    expect(source.webSeeds).toEqual(['https://seed.example/film']);
  });

  it('torrent file - may be followed by a line end', () => {
    const file = bencode.encode({ info: bencode.decode(infoOf({ length: 40_000 })) });
    expect(parseTorrentFile(Buffer.concat([file, Buffer.from('\r\n')])).name).toBe('film');
  });

  it('torrent file - is written so that it reads back the same', () => {
    const trackers = fc.uniqueArray(fc.webUrl({ validSchemes: ['http', 'https'] }).map((url) => new URL(url).href));
    fc.assert(
      fc.property(fc.string(), trackers, trackers, fc.integer({ min: 1, max: 90_000 }), (name, urls, seeds, length) => {
        const info = infoOf({ name, length }, length);
        const whole = parseTorrentFile(bencode.encode({ info: bencode.decode(info) }));
        const source = { ...whole, trackers: urls, webSeeds: seeds };
        expect(parseTorrentFile(formatTorrentFile(source))).toEqual(source);
      }),
      { numRuns: 200 },
    );
  });

  it('torrent file - cannot be written before the metadata is known', () => {
    const { info: _, ...source } = parseTorrentFile(
      bencode.encode({ info: bencode.decode(infoOf({ length: 40_000 })) }),
    );
    expect(errorOf(() => formatTorrentFile(source)).message).toContain('not known yet');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<!doctype html><title>Login</title>')],
    ['a list', Buffer.from('le')],
    ['a dictionary without info', Buffer.from('d8:announce3:abce')],
    ['info that is text', Buffer.from('d4:info3:abce')],
    ['two infos', Buffer.from('d4:infode4:infodee')],
    ['a string longer than the file', Buffer.from('d4:infod4:name999999999:abee')],
    ['a list a million deep', Buffer.from('d4:info' + 'l'.repeat(1_000_000))],
    ['a dictionary a million deep', Buffer.from('d4:info' + 'd0:'.repeat(1_000_000))],
    ['five million empty lists', Buffer.from('d1:al' + 'le'.repeat(5_000_000) + 'ee')],
    ['a number without end', Buffer.from('d4:infodi' + '9'.repeat(100_000))],
    ['a key a million times', Buffer.from(`d${'0:le'.repeat(1_000_000)}e`)],
    [
      'a million keys',
      Buffer.from(`d${Array.from({ length: 1_000_000 }, (_, at) => `7:${at + 1_000_000}le`).join('')}e`),
    ],
    ['more than 32 MiB', Buffer.alloc(33 * 1024 * 1024)],
  ])('torrent file - refuses %s', (_what, bytes) => {
    const workMs = startProcessorTime();
    expect(errorOf(() => parseTorrentFile(bytes)).code).toBe('INPUT');
    expect(workMs()).toBeLessThan(5_000);
  });
});

describe('torrent info', () => {
  it('torrent info - of one file gives it the name of the torrent', () => {
    const metadata = parse({ name: 'film.mkv', length: 40_000, private: 1 });
    expect(metadata).toMatchObject({
      name: 'film.mkv',
      pieceLength: PIECE,
      pieceCount: 3,
      totalBytes: 40_000,
      isPrivate: true,
    });
    expect(metadata.pieceHashes.length).toBe(60);
    expect(metadata.files).toEqual([
      { index: 0, path: 'film.mkv', name: 'film.mkv', sizeBytes: 40_000, isPadding: false, offset: 0 },
    ]);
  });

  it('torrent info - lays several files end to end and keeps padding at its index', () => {
    const { files, isPrivate } = parse({
      files: [
        { length: 15_000, path: ['season', 'one.mkv'] },
        { length: 1_384, path: ['.pad', '1384'], attr: 'p' },
        { length: 0, path: ['empty.nfo'] },
        { length: 23_616, path: ['two.mkv'] },
      ],
    });
    expect(isPrivate).toBe(false);
    expect(files.map((file) => [file.index, file.path, file.offset, file.isPadding])).toEqual([
      [0, 'season/one.mkv', 0, false],
      [1, '.pad/1384', 15_000, true],
      [2, 'empty.nfo', 16_384, false],
      [3, 'two.mkv', 16_384, false],
    ]);
  });

  it('torrent info - of a hybrid is read as v1', () => {
    const fields = { 'meta version': 2, 'file tree': { 'film.mkv': { '': { length: 40_000 } } }, length: 40_000 };
    expect(parse(fields).files).toHaveLength(1);
  });

  it('torrent info - of v2 only is refused by that name', () => {
    const info = bencode.encode({ 'meta version': 2, 'piece length': PIECE, name: 'x', 'file tree': { x: {} } });
    expect(errorOf(() => parseInfo(info, infoHashOf(info))).code).toBe('TORRENT_V2_ONLY');
  });

  it('torrent info - never lets a path leave its folder', () => {
    const files = filesOf([
      ['..', '..', 'etc', 'passwd'],
      ['/etc/passwd'],
      ['C:\\windows\\system.ini'],
      ['a/../../b'],
      ['', '.', ' '],
      ['with\u0000zero\u202egnp.exe'],
      [`${'x'.repeat(300)}.mkv`],
      [Buffer.from([0x66, 0xff, 0x2e, 0x6d, 0x6b, 0x76])],
      Array.from({ length: 500 }, (_, depth) => `d${depth}`),
    ]);
    expect(files.slice(0, 8).map((file) => file.path)).toEqual([
      'etc/passwd',
      'etc/passwd',
      'C:/windows/system.ini',
      'a/b',
      'file-4',
      'withzerognp.exe',
      `${'x'.repeat(251)}.mkv`,
      'f\ufffd.mkv',
    ]);
    expect(files[8]?.path.split('/')).toHaveLength(32);
    expect(files[8]?.name).toBe('d499');
  });

  it('torrent info - prefers the UTF-8 form of names', () => {
    const metadata = parse({
      name: Buffer.from([0xe9]),
      'name.utf-8': 'été',
      files: [{ length: 40_000, path: [Buffer.from([0xe9])], 'path.utf-8': ['été.mkv'] }],
    });
    expect([metadata.name, metadata.files[0]?.name]).toEqual(['été', 'été.mkv']);
  });

  it('torrent info - without a usable name is called by its infohash', () => {
    const metadata = parse({ name: '..', length: 40_000 });
    expect(metadata.name).toBe(metadata.infoHash);
  });

  it.each([
    ['a piece length of nothing', { 'piece length': 0, length: 40_000 }],
    ['a piece length beyond 256 MiB', { 'piece length': 2 ** 28 + 1, length: 40_000, pieces: Buffer.alloc(20) }],
    ['a negative length', { length: -1 }],
    ['a length beyond safe integers', { length: 2 ** 60 }],
    ['lengths whose sum is beyond safe integers', { files: Array(3).fill({ length: 2 ** 52, path: ['a'] }) }],
    ['too few pieces', { length: 70_000 }],
    ['too many pieces', { length: 20_000 }],
    ['half a piece hash', { length: 40_000, pieces: Buffer.alloc(59) }],
    ['pieces that are a list', { length: 40_000, pieces: [] }],
    ['no data', { length: 0, pieces: Buffer.alloc(0) }],
    ['neither length nor files', {}],
    ['no files', { files: [] }],
    ['files that are text', { files: 'none' }],
    ['a file without a path', { files: [{ length: 40_000 }] }],
    ['100,001 files', { files: Array.from({ length: 100_001 }, () => ({ length: 0, path: ['a'] })) }],
  ])('torrent info - refuses %s', (_what, fields) => {
    expect(errorOf(() => parse(fields)).code).toBe('INPUT');
  });

  it('torrent info - refuses bytes that are not what the infohash names', () => {
    expect(errorOf(() => parseInfo(infoOf({ length: 40_000 }), infoHashOf(new Uint8Array()))).message).toContain(
      'match',
    );
  });

  it('torrent info - takes 100,000 files', () => {
    const files = Array.from({ length: 100_000 }, (_, at) => ({
      length: at === 0 ? 40_000 : 0,
      path: ['d', `${at}.mkv`],
    }));
    expect(parse({ files }).files).toHaveLength(100_000);
  });
});
