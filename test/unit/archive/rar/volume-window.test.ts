// Short reads of a volume.

import { describe, expect, it } from '@jest/globals';
import { VolumeWindow } from '../../../../backend/archive/rar/volume-window.js';
import { MemoryVolume } from '../../../support/archive-fixtures.js';
import { pseudoRandomBytes } from '../../../support/pseudo-random.js';

const BYTES = pseudoRandomBytes('window', 100_000);
const { signal } = new AbortController();

describe('volume window', () => {
  it('neighbouring reads - are one', async () => {
    const file = new MemoryVolume(BYTES);
    const window = new VolumeWindow(file, { signal });
    for (const offset of [0, 7, 100, 16_000]) {
      expect(Buffer.from(await window.read(offset, 40)).equals(BYTES.subarray(offset, offset + 40))).toBe(true);
    }
    expect(file.reads.length).toBe(1);
    expect(Buffer.from(await window.read(70_000, 40)).equals(BYTES.subarray(70_000, 70_040))).toBe(true);
    expect(file.reads.length).toBe(2);
    expect(file.measured).toBe(0);
  });

  it('the end - is measured before it is read, and gives what there is', async () => {
    for (const estimate of [97_000, 103_000]) {
      const file = new MemoryVolume(BYTES, { estimate });
      const window = new VolumeWindow(file, { signal });
      expect((await window.read(99_990, 40)).length).toBe(10);
      expect((await window.read(120_000, 40)).length).toBe(0);
      expect(file.measured).toBeGreaterThan(0);
    }
  });
});
