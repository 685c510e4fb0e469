// Every RAR fixture, opened and read over volumes in memory.

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { Archive } from '../../../../backend/archive/archive.js';
import { openRar } from '../../../../backend/archive/rar/open-rar.js';
import type { ArchiveFixture, MemoryVolume } from '../../../support/memory-archive.js';
import { archiveFixture, fixtureVolumes, memberBytes } from '../../../support/memory-archive.js';
import { pseudoRandom } from '../../../support/pseudo-random.js';

const STORED = [
  'rar4-encrypted-headers',
  'rar4-old-names',
  'rar4-password',
  'rar4-volumes',
  'rar5-encrypted-headers',
  'rar5-many-files',
  'rar5-pack',
  'rar5-password',
  'rar5-recovery-record',
  'rar5-single',
  'rar5-volumes',
];
const signal = new AbortController().signal;

function open(volumes: readonly MemoryVolume[], passwords: readonly string[] = []): Promise<Archive> {
  return openRar(volumes, { signal, passwords });
}

function openFixture(fixture: ArchiveFixture, volumes = fixtureVolumes(fixture)): Promise<Archive> {
  return open(volumes, fixture.password === null ? [] : ['wrong', fixture.password]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function expectWhole(archive: Archive, fixture: ArchiveFixture): Promise<void> {
  expect(archive.members.map(({ path }) => path).sort()).toEqual(Object.keys(fixture.contains).sort());
  for (const member of archive.members) {
    expect(member.refusal).toBeNull();
    expect(sha256(await memberBytes(member))).toBe(fixture.contains[member.path]?.sha256);
  }
}

describe('stored RAR sets', () => {
  it.each(STORED)('%s - every member is read byte for byte', async (name) => {
    const fixture = archiveFixture(name);
    await expectWhole(await openFixture(fixture), fixture);
  });
});
