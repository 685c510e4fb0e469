// Which yEnc kernel runs here: the compiled one where it can be loaded and proves itself, else the portable one.

import type { YencKernel } from './kernel.js';
import { nativeKernel } from './native-kernel.js';
import { portableKernel } from './portable-kernel.js';

/** A line with an escape, a doubled dot and a control line after it, and what it decodes to. */
const SAMPLE = new TextEncoder().encode('..+,=M\r\n=y');
const EXPECTED = [0x04, 0x01, 0x02, 0xe3];
const EXPECTED_CRC = portableKernel.crc32(Uint8Array.from(EXPECTED), 0);

/** Never rejects. `yencode` is an optional dependency: it compiles, and not everywhere. */
export async function loadYencKernel(): Promise<YencKernel> {
  try {
    const { default: yencode } = await import('yencode');
    const kernel = nativeKernel(yencode);
    return isSound(kernel) ? kernel : portableKernel;
  } catch {
    return portableKernel;
  }
}

function isSound(kernel: YencKernel): boolean {
  const target = new Uint8Array(SAMPLE.length);
  const run = kernel.decode(SAMPLE, target, 0);
  const decoded = target.subarray(0, run.written);
  return (
    run.end === 'control' &&
    run.read === SAMPLE.length &&
    decoded.length === EXPECTED.length &&
    decoded.every((byte, index) => byte === EXPECTED[index]) &&
    kernel.crc32(decoded, 0) === EXPECTED_CRC
  );
}
