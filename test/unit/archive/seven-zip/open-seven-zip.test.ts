import { describe, expect, it } from '@jest/globals';
import { createCipheriv } from 'node:crypto';
import { MemberFile } from '../../../../backend/archive/member-file.js';
import { openArchive } from '../../../../backend/archive/open-archive.js';
import { deriveAesKey } from '../../../../backend/archive/seven-zip/aes-key.js';
import { MemoryVolume, openOptions, readAll } from '../../../support/archive-fixtures.js';
import { SEVEN_ZIP_ENCRYPTED, SEVEN_ZIP_LOCKED, smallFile, solidSevenZip } from '../../../support/small-archives.js';

const FILES = { 'one.mkv': 301, 'two.mkv': 202, 'three.srt': 103 };

function open(bytes: Uint8Array, ...passwords: readonly string[]) {
  return openArchive([new MemoryVolume(bytes, { name: 'f.7z', chunkBytes: 13 })], openOptions(...passwords));
}

async function expectFiles(archive: Awaited<ReturnType<typeof open>>): Promise<void> {
  expect(archive.members.map(({ name, sizeBytes }) => ({ name, sizeBytes }))).toEqual(
    expect.arrayContaining(Object.entries(FILES).map(([name, sizeBytes]) => ({ name, sizeBytes }))),
  );
  for (const member of archive.members) {
    const wanted = smallFile(member.name, member.sizeBytes);
    for (const start of [0, 1, 15, 16, 17, 40]) {
      const read = await readAll(new MemberFile(member), { start, end: member.sizeBytes });
      expect(read.equals(wanted.subarray(start))).toBe(true);
    }
  }
}

describe('7z', () => {
  it('7z - encrypted with its header opens with the right one of several passwords', async () => {
    await expectFiles(await open(SEVEN_ZIP_LOCKED, 'no', 'pw', 'yes'));
    await expect(open(SEVEN_ZIP_LOCKED, 'no')).rejects.toMatchObject({ code: 'ARCHIVE_PASSWORD' });
  });

  it('7z - encrypted without its header finds the password by the data', async () => {
    await expectFiles(await open(SEVEN_ZIP_ENCRYPTED, 'no', 'pw', 'yes'));
    const { members } = await open(SEVEN_ZIP_ENCRYPTED, 'no');
    expect(members.map(({ refusal }) => refusal?.code)).toEqual(members.map(() => 'ARCHIVE_PASSWORD'));
  });

  it('7z - several stored files in one stream are found in it', async () => {
    await expectFiles(await open(solidSevenZip(contents())));
  });

  it('7z - several files in one encrypted stream are decrypted from the middle on', async () => {
    const iv = Buffer.from('0123456789abcdef');
    const key = await deriveAesKey('pw', { power: 3, salt: new Uint8Array(), iv }, new AbortController().signal);
    const plain = Buffer.concat(Object.values(contents()));
    const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
    const packed = cipher.update(Buffer.concat([plain, Buffer.alloc(-plain.length & 15)]));
    const coder = [0x24, 0x06, 0xf1, 0x07, 0x01, 18, 0x40 | 3, 0x0f, ...iv];
    await expectFiles(await open(solidSevenZip(contents(), { coder, packed }), 'no', 'pw'));
  });

  it('7z - damaged is refused', async () => {
    const bytes = solidSevenZip(contents());
    for (const at of [8, 20, bytes.length - 5]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      await expect(open(damaged)).rejects.toMatchObject({ code: expect.stringMatching(/^ARCHIVE_/) as unknown });
    }
  });
});

function contents(): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(FILES).map(([name, size]) => [name, smallFile(name, size)]));
}
