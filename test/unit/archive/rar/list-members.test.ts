// More members than a film ever has.

import { describe, expect, it } from '@jest/globals';
import { openRar } from '../../../../backend/archive/rar/open-rar.js';
import { MemoryVolume } from '../../../support/archive-fixtures.js';
import { rar5Volume } from '../../../support/rar-crafter.js';

const signal = new AbortController().signal;

function volume(number: number | null, members: number, isLast = true): MemoryVolume {
  const data = Uint8Array.of(1);
  const files = Array.from({ length: members }, (_, at) => ({ name: `${number ?? 0}-${at}.mkv`, data }));
  return new MemoryVolume(rar5Volume({ number, files, isLast }));
}

const open = (...volumes: MemoryVolume[]) => openRar(volumes, { signal, passwords: [] });

describe('the number of members', () => {
  it('ten thousand - are listed', async () => {
    expect((await open(volume(null, 10_000))).members).toHaveLength(10_000);
  });

  it.each([
    ['in one volume', () => [volume(null, 10_001)]],
    ['in one volume, more than its headers are read', () => [volume(null, 30_000)]],
    ['over two volumes', () => [volume(0, 6_000, false), volume(1, 6_000)]],
  ])('more, %s - are refused, not cut', async (_where, volumes) => {
    await expect(open(...volumes())).rejects.toMatchObject({ code: 'ARCHIVE_UNSUPPORTED' });
  });
});
