import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { decompressNzb, readNzb } from '../../../../backend/engines/usenet/nzb-document.js';

const NZB = Buffer.from(
  '<nzb><file subject="a (1/1)"><segments><segment number="1">a@b</segment></segments></file></nzb>',
);

describe('NZB document', () => {
  it('NZB document - is taken plain and packed', async () => {
    expect(await decompressNzb(NZB)).toEqual(NZB);
    expect(Buffer.from(await decompressNzb(gzipSync(NZB)))).toEqual(NZB);
    expect((await readNzb(NZB)).files).toHaveLength(1);
  });

  it('NZB document - is refused when empty, too large, cut off or made to fill memory', async () => {
    await expect(decompressNzb(new Uint8Array())).rejects.toMatchObject({ code: 'NZB_INVALID' });
    await expect(decompressNzb(new Uint8Array(100_000_001))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await expect(decompressNzb(gzipSync(NZB).subarray(0, 40))).rejects.toMatchObject({ code: 'NZB_INVALID' });
    await expect(decompressNzb(Uint8Array.of(0x1f, 0x8b, 1, 2, 3))).rejects.toMatchObject({ code: 'NZB_INVALID' });
    await expect(decompressNzb(gzipSync(Buffer.alloc(50_000_000)))).rejects.toMatchObject({ code: 'NZB_INVALID' });
  });

  it('NZB document - is read no further once nobody wants it', async () => {
    await expect(readNzb(NZB, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
  });
});
