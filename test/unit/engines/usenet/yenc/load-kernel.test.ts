import { describe, expect, it } from '@jest/globals';
import { loadYencKernel } from '../../../../../backend/engines/usenet/yenc/load-kernel.js';
import { nativeKernel } from '../../../../../backend/engines/usenet/yenc/native-kernel.js';
import { portableKernel } from '../../../../../backend/engines/usenet/yenc/portable-kernel.js';

describe('yEnc kernels', () => {
  it('yEnc kernels - the compiled one is used where it is installed', async () => {
    expect((await loadYencKernel()).name).toBe('native');
  });

  it('yEnc kernels - take nothing, and leave the state as it was', async () => {
    for (const kernel of [await loadYencKernel(), portableKernel]) {
      expect(kernel.decode(new Uint8Array(), new Uint8Array(), 5)).toEqual({
        read: 0,
        written: 0,
        end: 'none',
        state: 5,
      });
      expect(kernel.crc32(new Uint8Array(), 7)).toBe(7);
    }
  });

  it('yEnc kernels - write nothing outside the target they were given', async () => {
    const source = Buffer.from('abc=Mdef\r\n..gh\r\n=y');
    for (const kernel of [await loadYencKernel(), portableKernel]) {
      const around = new Uint8Array(source.length + 64).fill(0xaa);
      kernel.decode(source, around.subarray(32, 32 + source.length), 0);
      expect([...around.subarray(0, 32), ...around.subarray(32 + source.length)]).toEqual(Array(64).fill(0xaa));
    }
  });

  it('yEnc kernels - a state that the package does not name counts as the middle of a line', () => {
    const odd = nativeKernel({
      decodeChunk: () => ({ read: 1, written: 1, ended: false, state: '?' }),
      crc32: () => Uint8Array.of(0xff, 0, 0, 1),
    });
    expect(odd.decode(Uint8Array.of(1), Uint8Array.of(0), 0).state).toBe(3);
    expect(odd.crc32(Uint8Array.of(1), 0)).toBe(0xff000001);
  });
});
