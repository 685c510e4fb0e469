import { describe, expect, it } from '@jest/globals';
import { MemberFile } from '../../../../backend/archive/member-file.js';
import { openArchive } from '../../../../backend/archive/open-archive.js';
import { fixtureBytes, MemoryVolume, openOptions, originalFilm, readAll } from '../../../support/archive-fixtures.js';
import { smallFile, ZIP64, ZIP_ENCRYPTED } from '../../../support/small-archives.js';

const FILM = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';

function volumesOf(bytes: Uint8Array, ...cuts: readonly number[]): MemoryVolume[] {
  const ends = [...cuts, bytes.length];
  return ends.map((end, at) => new MemoryVolume(bytes.subarray(ends[at - 1] ?? 0, end), { name: `f.zip.00${at + 1}` }));
}

async function readFilm(volumes: readonly MemoryVolume[]): Promise<Buffer> {
  const { members } = await openArchive(volumes, openOptions());
  const film = members.find(({ name }) => name.endsWith('.mkv'))!;
  return readAll(new MemberFile(film), { start: 0, end: film.sizeBytes });
}

describe('ZIP', () => {
  it('ZIP - with zip64 sizes and a comment gives its member', async () => {
    expect((await readFilm(volumesOf(ZIP64))).equals(smallFile('one.mkv', 301))).toBe(true);
  });

  it('ZIP - that is encrypted does not play, and says so', async () => {
    const { members } = await openArchive(volumesOf(ZIP_ENCRYPTED), openOptions('pw'));
    expect(members.map(({ refusal }) => refusal)).toEqual([
      expect.objectContaining({ code: 'ARCHIVE_PASSWORD', message: 'Encrypted ZIP archives do not play.' }),
    ]);
  });

  it('ZIP - cut anywhere gives its members', async () => {
    const bytes = fixtureBytes('zip-stored', 'open.film.zip');
    expect((await readFilm(volumesOf(bytes, 200_000, 400_000))).equals(originalFilm())).toBe(true);
  });

  it('ZIP - behind a program that unpacks it gives its members', async () => {
    const bytes = fixtureBytes('zip-stored', 'open.film.zip');
    const shifted = Buffer.concat([Buffer.from('PK\u0003\u0004 or nearly so'), bytes]);
    expect((await readFilm(volumesOf(shifted))).equals(originalFilm())).toBe(true);
  });

  it('ZIP - spanned over volumes counts by volume', async () => {
    const bytes = Buffer.from(ZIP64);
    const plain = spanned(bytes);
    expect((await readFilm(plain)).equals(smallFile('one.mkv', 301))).toBe(true);
  });

  it('ZIP - that hides its local header is damaged', async () => {
    const broken = Buffer.concat([Buffer.from('PK\u0003\u0004'), fixtureBytes('zip-stored', 'open.film.zip')]);
    const header = broken.indexOf(FILM) - 30;
    broken[header + 2] = 9;
    await expect(readFilm(volumesOf(broken))).rejects.toMatchObject({
      code: expect.stringMatching(/^ARCHIVE_/) as unknown,
    });
  });
});

/** Rewritten as zip -s would: the data in volume 0, its end in volume 1, the directory there too. */
function spanned(bytes: Buffer): MemoryVolume[] {
  const cut = 200;
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const copy = Buffer.from(bytes);
  const directory = copy.readUInt32LE(end + 16);
  copy.writeUInt16LE(1, end + 4);
  copy.writeUInt16LE(1, end + 6);
  copy.writeUInt32LE(directory - cut, end + 16);
  return [
    new MemoryVolume(copy.subarray(0, cut), { name: 'f.z01' }),
    new MemoryVolume(copy.subarray(cut), { name: 'f.zip' }),
  ];
}
