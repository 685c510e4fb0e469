import { describe, expect, it } from '@jest/globals';
import { JoinedFile } from '../../../backend/archive/joined-file.js';
import { MemberFile } from '../../../backend/archive/member-file.js';
import { openArchive } from '../../../backend/archive/open-archive.js';
import { openNested } from '../../../backend/archive/open-nested.js';
import {
  archiveFixture,
  fixtureVolumes,
  MemoryVolume,
  openOptions,
  readAll,
  sha256,
} from '../../support/archive-fixtures.js';
import { randomNumbers } from '../../support/pseudo-random.js';

const STORED = [
  '7z-stored',
  '7z-stored-encrypted',
  '7z-stored-split',
  'rar4-encrypted-headers',
  'rar4-old-names',
  'rar4-password',
  'rar4-volumes',
  'rar5-encrypted-headers',
  'rar5-many-files',
  'rar5-nested',
  'rar5-pack',
  'rar5-password',
  'rar5-recovery-record',
  'rar5-single',
  'rar5-volumes',
  'split-001',
  'zip-stored',
];

async function openFixture(name: string, volumes = fixtureVolumes(name, { chunkBytes: 10_007 })) {
  const options = openOptions('wrong', archiveFixture(name).password ?? 'other');
  return openNested(await openArchive(volumes, options), options);
}

describe('archives', () => {
  it.each(STORED)('archives - %s gives every member, byte for byte, whole and in pieces', async (name) => {
    const volumes = fixtureVolumes(name, { chunkBytes: 10_007 });
    const archive = await openFixture(name, volumes);
    const random = randomNumbers(3);
    const { contains } = archiveFixture(name);
    expect(archive.members.map((member) => member.name).toSorted()).toEqual(Object.keys(contains).toSorted());
    for (const member of archive.members) {
      const file = new MemberFile(member);
      const size = contains[member.name]?.size ?? 0;
      expect(file.sizeBytes).toBe(size);
      const whole = await readAll(file, { start: 0, end: size });
      expect(sha256(whole)).toBe(contains[member.name]?.sha256);
      for (let count = 0; count < 12; count += 1) {
        const start = Math.floor(random() * size);
        const end = Math.min(size, start + 1 + Math.floor(random() * 120_000));
        expect((await readAll(file, { start, end })).equals(whole.subarray(start, end))).toBe(true);
      }
    }
    expect(volumes.reduce((sum, { openReaders }) => sum + openReaders, 0)).toBe(0);
    await archive.confirm(openOptions());
  });

  it.each(['7z-stored-encrypted', 'rar5-password', 'rar4-encrypted-headers'])(
    'archives - %s is refused without its password',
    async (name) => {
      const codeOf = async (...passwords: readonly string[]): Promise<unknown> => {
        try {
          const { members } = await openArchive(fixtureVolumes(name), openOptions(...passwords));
          return members[0]?.refusal?.code;
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      expect(await codeOf()).toBe('ARCHIVE_PASSWORD');
      expect(await codeOf('wrong', '')).toBe('ARCHIVE_PASSWORD');
    },
  );

  it.each(['7z-lzma2', 'zip-deflated', 'rar4-compressed', 'rar5-compressed'])(
    'archives - %s lists its members and says that they are compressed',
    async (name) => {
      const { members } = await openFixture(name);
      expect(members.map((member) => member.name).toSorted()).toEqual(
        Object.keys(archiveFixture(name).contains).toSorted(),
      );
      const film = members.find((member) => member.name.endsWith('.mkv'))!;
      expect(film.refusal?.code).toBe('ARCHIVE_COMPRESSED');
      await expect(readAll(new MemberFile(film), { start: 0, end: 10 })).rejects.toBe(film.refusal);
    },
  );

  it.each(['7z-stored-split', 'split-001'])(
    'archives - %s in the lowest files, wherever it is joined',
    async (name) => {
      const volumes = fixtureVolumes(name);
      const { members } = await openArchive(volumes, openOptions());
      const extent = await members[0]!.locate(200_000, openOptions());
      expect(volumes).toContain(extent.file);
    },
  );

  it('archives - a RAR cut into pieces is opened through them', async () => {
    const [bytes] = fixtureVolumes('rar5-single').map((volume) => volume.bytes);
    const cuts = [0, 150_000, 300_000, 450_000, bytes!.length];
    const pieces = cuts.slice(1).map((end, at) => {
      return new MemoryVolume(bytes!.subarray(cuts[at], end), { name: `film.rar.00${at + 1}` });
    });
    const { members } = await openArchive(pieces, openOptions());
    const whole = await readAll(new MemberFile(members[0]!), { start: 0, end: members[0]!.sizeBytes });
    expect(sha256(whole)).toBe(archiveFixture('rar5-single').contains[members[0]!.name]?.sha256);
    expect(pieces).toContain((await members[0]!.locate(200_000, openOptions())).file);
  });

  it('archives - members of a nested archive lie in the outer volumes', async () => {
    const volumes = fixtureVolumes('rar5-nested');
    const { members } = await openFixture('rar5-nested', volumes);
    expect(members[0]!.path).toMatch(/^[^/]+\.rar\/[^/]+\.mkv$/);
    expect(volumes).toContain((await members[0]!.locate(0, openOptions())).file);
  });

  it('archives - what is none is refused', async () => {
    const text = new MemoryVolume(Buffer.from('nothing of the kind'), { name: 'film.mkv' });
    await expect(openArchive([text], openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_UNSUPPORTED' });
    await expect(openArchive([], openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });

  it.each(['7z-stored-split', 'zip-stored'])('archives - %s without its end is incomplete', async (name) => {
    const volumes = fixtureVolumes(name);
    const last = volumes.at(-1)!;
    const cut = [...volumes.slice(0, -1), new MemoryVolume(last.bytes.subarray(0, 60_000), { name: last.name })];
    await expect(openArchive(cut, openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });

  it('archives - joined files keep their readers to themselves when a signal ends them', async () => {
    const volumes = fixtureVolumes('split-001', { chunkBytes: 5_000 });
    const joined = await JoinedFile.open(volumes, openOptions());
    const controller = new AbortController();
    const reason = new Error('enough');
    const iterator = joined
      .open({ start: 0, end: joined.sizeBytes }, { signal: controller.signal })
      [Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(reason);
    await expect(iterator.next()).rejects.toBe(reason);
    expect(volumes.reduce((sum, { openReaders }) => sum + openReaders, 0)).toBe(0);
  });
});
