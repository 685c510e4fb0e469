// Sets no archiver of today makes, or makes seldom: uneven volumes, long sets, folders, odd names, what is refused.

import { describe, expect, it } from '@jest/globals';
import type { Archive } from '../../../../backend/archive/archive.js';
import { openRar } from '../../../../backend/archive/rar/open-rar.js';
import { rarVolumes } from '../../../../scripts/fixtures/index.js';
import { pseudoRandomSource } from '../../../../scripts/lab/index.js';
import { MemoryVolume, memberBytes } from '../../../support/archive-fixtures.js';
import { pseudoRandomBytes } from '../../../support/pseudo-random.js';
import type { CraftedFile } from '../../../support/rar-crafter.js';
import {
  RAR4_SIGNATURE,
  RAR5_SIGNATURE,
  rar4Block,
  rar4End,
  rar4File,
  rar4Main,
  rar5Block,
  rar5Volume,
  vint,
} from '../../../support/rar-crafter.js';

const signal = new AbortController().signal;
const FILM = pseudoRandomBytes('rar sets', 60_000);

function open(volumes: readonly Uint8Array[], passwords: readonly string[] = []): Promise<Archive> {
  return openOver(
    volumes.map((bytes) => new MemoryVolume(bytes)),
    passwords,
  );
}

function openOver(volumes: readonly MemoryVolume[], passwords: readonly string[] = []): Promise<Archive> {
  return openRar(volumes, { signal, passwords });
}

/** The film in volumes, cut after each of `sizes` bytes of data; `comments` of some volumes make their headers longer. */
function filmVolumes(sizes: readonly number[], comments: Readonly<Record<number, number>> = {}): Buffer[] {
  let at = 0;
  return sizes.map((size, number) => {
    const data = FILM.subarray(at, at + size);
    at += size;
    const isLast = number === sizes.length - 1;
    const file = { name: 'film.mkv', data, sizeBytes: FILM.length, splitBefore: number > 0, splitAfter: !isLast };
    const comment = comments[number];
    return rar5Volume({
      number,
      isLast,
      files: [file],
      ...(comment === undefined ? {} : { commentBytes: comment }),
    });
  });
}

async function expectFilm(archive: Archive): Promise<void> {
  const film = archive.members.find(({ name }) => name === 'film.mkv');
  expect(film?.sizeBytes).toBe(FILM.length);
  if (film !== undefined) expect((await memberBytes(film)).equals(FILM)).toBe(true);
}

function single(file: Partial<CraftedFile>): Buffer {
  return rar5Volume({ number: null, files: [{ name: 'film.mkv', data: FILM, ...file }] });
}

describe('uneven volumes', () => {
  it.each([
    ['one in the middle shorter', [10_000, 10_000, 7_000, 10_000, 10_000, 10_000, 3_000]],
    ['one in the middle longer', [10_000, 9_999, 12_000, 9_999, 9_999, 8_003]],
    ['each another', [9_000, 1_000, 30_000, 15_000, 5_000]],
    ['the first shorter', [5_000, 20_000, 20_000, 15_000]],
    ['the last longest', [5_000, 4_999, 50_001]],
  ])('%s - found out by the headers, read from anywhere', async (_, sizes) => {
    const volumes = filmVolumes(sizes);
    await expectFilm(await open(volumes));
    for (const start of [0, 20_000, 27_500, 41_000, 59_000]) {
      const archive = await open(volumes);
      const bytes = await memberBytes(archive.members[0]!, { start, end: start + 900 });
      expect(bytes.equals(FILM.subarray(start, start + 900))).toBe(true);
    }
  });

  it('another header length in the middle - the assumption is taken back, then right', async () => {
    // As long as the others, with a comment that takes of the data's room.
    const even = [10_600, 10_599, 10_599, 10_599, 10_599, 7_004];
    const extra = filmVolumes(even, { 2: 150 })[2]!.length - filmVolumes(even)[2]!.length;
    const volumes = filmVolumes([10_600, 10_599, 10_599 - extra, 10_599, 10_599, 7_004 + extra], { 2: 150 });
    expect(volumes[2]!.length).toBe(volumes[1]!.length);
    await expectFilm(await open(volumes));
    const member = (await open(volumes)).members[0]!;
    const extent = await member.locate(40_000, { signal });
    expect(await extent.confirm!({ signal })).toBe(false);
    expect((await member.locate(40_000, { signal })).confirm).toBeNull();
  });

  it('the last volume does not fit the sum - all headers are read', async () => {
    const volumes = filmVolumes([10_000, 9_999, 9_999, 9_000, 9_999, 11_003]);
    const files = volumes.map((bytes) => new MemoryVolume(bytes));
    const member = (await openOver(files)).members[0]!;
    const end = await memberBytes(member, { start: 59_000, end: 60_000 });
    expect(end.equals(FILM.subarray(59_000))).toBe(true);
    expect(files.every(({ reads }) => reads.length > 0)).toBe(true);
  });
});

describe('long sets', () => {
  it('more than 128 volumes - their longer numbers are reckoned with', async () => {
    const sizes = Array.from({ length: 299 }, (_, at) => (at === 0 ? 200 : at < 128 ? 199 : 198));
    const used = sizes.reduce((sum, size) => sum + size, 0);
    const files = filmVolumes([...sizes, FILM.length - used]).map((bytes) => new MemoryVolume(bytes));
    const archive = await openOver(files);
    const touched = (): number => files.filter(({ reads }) => reads.length > 0).length;
    // The last one holds more than the others here, as none could be: its header is looked into.
    expect(touched()).toBeGreaterThan(0);
    await expectFilm(archive);
  });

  it('an even set of 300 - only the first and the one asked for', async () => {
    const film = pseudoRandomBytes('long', 200 + 127 * 199 + 171 * 198 + 100);
    const sizes = Array.from({ length: 300 }, (_, at) => (at === 0 ? 200 : at < 128 ? 199 : at < 299 ? 198 : 100));
    let at = 0;
    const files = sizes.map((size, number) => {
      const data = film.subarray(at, (at += size));
      const file = { name: 'f', data, sizeBytes: film.length, splitBefore: number > 0, splitAfter: number < 299 };
      return new MemoryVolume(rar5Volume({ number, files: [file], isLast: number === 299 }));
    });
    const member = (await openOver(files)).members[0]!;
    const start = film.length - 150;
    expect((await memberBytes(member, { start, end: film.length })).equals(film.subarray(start))).toBe(true);
    expect(files.flatMap(({ reads }, index) => (reads.length > 0 ? [index] : []))).toEqual([0, 298, 299]);
  });
});

describe('sets of another writer', () => {
  it.each(['rar4', 'rar5'] as const)(
    '%s in 303 volumes - touches what is read, and the last for the sum',
    async (format) => {
      const content = pseudoRandomSource('set', 3_000_000);
      const set = rarVolumes({ format, innerName: 'film.mkv', content, volumeBytes: 10_000 });
      const files = set.map(
        (volume) => new MemoryVolume(Uint8Array.from(volume.content.read(0, volume.content.sizeBytes))),
      );
      const archive = await openOver(files);
      const touched = (): number[] => files.flatMap(({ reads }, at) => (reads.length > 0 ? [at] : []));
      expect(touched()).toEqual([0]);
      const bytes = await memberBytes(archive.members[0]!, { start: 2_400_000, end: 2_402_000 });
      expect(bytes.equals(content.read(2_400_000, 2_000))).toBe(true);
      expect(touched()).toEqual([0, 241, 302]);
    },
  );
});

describe('several files', () => {
  it('a volume that ends with its file - the next begins in the next', async () => {
    const one = { name: 'one.mkv', data: FILM.subarray(0, 1_000) };
    const two = { name: 'two.mkv', data: FILM.subarray(1_000, 2_000) };
    const volumes = [one, two].map((file, number) => rar5Volume({ number, files: [file], isLast: number === 1 }));
    const archive = await open(volumes);
    expect(archive.members.map(({ name }) => name)).toEqual(['one.mkv', 'two.mkv']);
    expect((await memberBytes(archive.members[1]!)).equals(two.data)).toBe(true);
  });

  it('files that are no volumes of each other - the first is the archive', async () => {
    expect((await open([single({ name: 'a' }), single({ name: 'b' })])).members.map(({ name }) => name)).toEqual(['a']);
  });

  it('a small file that seemed to be padding - is listed after confirm, and the film stays the same object', async () => {
    const data = FILM.subarray(0, 30_000);
    const part = (start: number, end: number): CraftedFile => ({
      name: 'film.mkv',
      data: data.subarray(start, end),
      sizeBytes: data.length,
      splitBefore: start > 0,
      splitAfter: end < data.length,
    });
    const volumes = [
      rar5Volume({ number: 0, isLast: false, files: [part(0, 10_000)] }),
      rar5Volume({ number: 1, isLast: false, files: [part(10_000, 19_999)] }),
      rar5Volume({ number: 2, files: [part(19_999, 30_000), { name: 'film.nfo', data: FILM.subarray(0, 50) }] }),
    ];
    const archive = await open(volumes);
    const film = archive.members[0];
    await archive.confirm({ signal });
    expect(archive.members.map(({ name }) => name)).toEqual(['film.mkv', 'film.nfo']);
    expect(archive.members[0]).toBe(film);
  });

  it('folders and links - are left out; paths are cleaned', async () => {
    const link = Buffer.concat([vint(4), vint(5), vint(1), vint(0), vint(0)]);
    const files: CraftedFile[] = [
      { name: 'folder', data: Buffer.alloc(0), isFolder: true },
      { name: 'link', data: Buffer.alloc(0), extra: link },
      { name: '../../etc/\u0007a\\..\\b.mkv', data: FILM },
      { name: '/C:/x/./ünï.mkv', data: FILM.subarray(0, 10) },
      { name: '..', data: FILM.subarray(0, 10) },
    ];
    const { members } = await open([rar5Volume({ number: null, files })]);
    expect(members.map(({ path }) => path)).toEqual(['etc/a/b.mkv', 'x/ünï.mkv', 'file']);
    expect(members[0]?.name).toBe('b.mkv');
  });
});

describe('what is refused', () => {
  it.each([
    ['compressed', { method: 3 }, 'ARCHIVE_COMPRESSED'],
    ['solid', { method: 3, isSolid: true }, 'ARCHIVE_SOLID'],
  ] as const)('%s - the member says so', async (_, file, code) => {
    expect((await open([single(file)])).members[0]?.refusal?.code).toBe(code);
  });

  it('an encryption that takes too long, or that is unknown - only that member', async () => {
    const record = (version: number, rounds: number): Buffer => {
      const body = Buffer.concat([vint(1), vint(version), vint(0), Buffer.from([rounds]), Buffer.alloc(32)]);
      return Buffer.concat([vint(body.length), body]);
    };
    const files = [25, 255].map((rounds) => ({ name: `${rounds}.mkv`, data: FILM, extra: record(0, rounds) }));
    const unknown = { name: 'new.mkv', data: FILM, extra: record(1, 15) };
    const bytes = rar5Volume({ number: null, files: [...files, unknown, { name: 'plain.mkv', data: FILM }] });
    const { members } = await open([bytes], ['secret']);
    const codes = members.map(({ refusal }) => refusal?.code ?? null);
    expect(codes).toEqual(['ARCHIVE_UNSUPPORTED', 'ARCHIVE_UNSUPPORTED', 'ARCHIVE_UNSUPPORTED', null]);
  });

  it('encrypted headers that take too long - the archive', async () => {
    const block = rar5Block(Buffer.concat([vint(4), vint(0), vint(0), vint(0), Buffer.from([25]), Buffer.alloc(16)]));
    await expect(open([Buffer.concat([RAR5_SIGNATURE, block])], ['x'])).rejects.toMatchObject({
      code: 'ARCHIVE_UNSUPPORTED',
    });
  });

  it.each([
    ['nothing', [], 'ARCHIVE_INCOMPLETE'],
    ['an empty file', [Buffer.alloc(0)], 'ARCHIVE_UNSUPPORTED'],
    ['a film', [FILM], 'ARCHIVE_UNSUPPORTED'],
    ['a signature alone', [RAR5_SIGNATURE], 'ARCHIVE_INCOMPLETE'],
    ['a header that fails its checksum', [Buffer.concat([RAR5_SIGNATURE, Buffer.alloc(40, 7)])], 'ARCHIVE_CORRUPT'],
  ])('%s - the archive', async (_, volumes, code) => {
    await expect(open(volumes)).rejects.toMatchObject({ code });
  });
});

describe('a self-extractor', () => {
  it('its program - is passed over', async () => {
    const stub = Buffer.concat([
      Buffer.from('MZ'),
      pseudoRandomBytes('stub', 70_000),
      Buffer.from('Rar!\u001a\u0007x'),
    ]);
    await expectFilm(await open([Buffer.concat([stub, single({})])]));
  });
});

describe('rar4 as it is seldom made', () => {
  const archiveOf = (...blocks: Buffer[]): Buffer =>
    Buffer.concat([RAR4_SIGNATURE, rar4Main(0), ...blocks, rar4End(0, null)]);
  const data = FILM.subarray(0, 100);

  it('names with a recipe - are decoded', async () => {
    const recipe = Buffer.from([0x04, 0b00_01_10_11, 0x61, 0x36, 0xac, 0x20, 0x02]);
    const name = Buffer.concat([Buffer.from('a___.mkv\0'), recipe]);
    const { members } = await open([archiveOf(rar4File({ name, data, flags: 0x200 }))]);
    expect(members[0]?.name).toBe('aж€_.mk');
  });

  it('solid, compressed, an older encryption, a folder, old comments', async () => {
    const comment = rar4Block(0x75, 0, Buffer.alloc(20));
    const files = [
      rar4File({ name: 'folder', data: Buffer.alloc(0), isFolder: true }),
      rar4File({ name: 'compressed', data, method: 3 }),
      rar4File({ name: 'solid', data, method: 3, isSolid: true }),
      rar4File({ name: 'old', data, salt: Buffer.alloc(8), version: 20 }),
      rar4File({ name: Uint8Array.of(0xe4, 0x2e, 0x6d), data }),
    ];
    const { members } = await open([archiveOf(comment, ...files)], ['x']);
    expect(members.map(({ name, refusal }) => [name, refusal?.code ?? null])).toEqual([
      ['compressed', 'ARCHIVE_COMPRESSED'],
      ['solid', 'ARCHIVE_SOLID'],
      ['old', 'ARCHIVE_UNSUPPORTED'],
      ['ä.m', null],
    ]);
  });

  it('an encrypted file that no container is known of - the first password is taken', async () => {
    const { members } = await open(
      [archiveOf(rar4File({ name: 'a.bin', data: FILM.subarray(0, 96), salt: SALT }))],
      ['one', 'two'],
    );
    expect(members[0]?.cipher?.algorithm).toBe('aes-128-cbc');
    expect(members[0]?.refusal).toBeNull();
  });
});

const SALT = Buffer.from('0123456789abcdef', 'hex');
