// Bytes as text of news articles: yEnc and uuencode, dot-stuffed (RFC 3977 §3.1.1), every line ended. The plain yEnc encoder
// leaves dots at line starts unescaped, so that they are stuffed; the fast one (the `yencode` package) escapes them.

import { createRequire } from 'node:module';

import { crc32 } from './crc32.js';

/** Lines of data, each ended by CRLF, and the checksum of what they hold. */
export interface EncodedData {
  readonly lines: Buffer;
  readonly crc32: number;
}

const LINE_LENGTH = 128;
const [CR, LF, DOT, EQUALS] = [13, 10, 46, 61];

/** yEnc by the letter of its specification, in plain code. */
export function encodeYenc(data: Uint8Array): EncodedData {
  const out = Buffer.allocUnsafe(data.length * 2 + 4 * Math.ceil((data.length * 2) / LINE_LENGTH) + 4);
  let length = 0;
  let column = 0;
  for (let index = 0; index < data.length; index += 1) {
    let code = ((data[index] ?? 0) + 42) & 0xff;
    if (code === 0 || code === CR || code === LF || code === EQUALS) {
      out[length++] = EQUALS;
      column += 1;
      code = (code + 64) & 0xff;
    } else if (code === DOT && column === 0) out[length++] = DOT;
    out[length++] = code;
    column += 1;
    if (column < LINE_LENGTH && index < data.length - 1) continue;
    out[length++] = CR;
    out[length++] = LF;
    column = 0;
  }
  return { lines: Buffer.from(out.subarray(0, length)), crc32: crc32(data) };
}

interface NativeYenc {
  encode(data: Buffer, lineLength: number): Buffer;
  crc32(data: Buffer): Buffer;
}

/** The same at gigabytes per second where the `yencode` package is there, else the plain encoder. */
export function loadFastYenc(): (data: Buffer) => EncodedData {
  const native = loadNative();
  if (native === null) return encodeYenc;
  return (data) => ({
    lines: Buffer.concat([native.encode(data, LINE_LENGTH), Buffer.from('\r\n')]),
    crc32: native.crc32(data).readUInt32BE(0),
  });
}

function loadNative(): NativeYenc | null {
  try {
    return createRequire(import.meta.url)('yencode') as NativeYenc;
  } catch {
    return null;
  }
}

/** uuencode: lines of up to 45 bytes, without the `begin` and `end` around them. */
export function encodeUu(data: Uint8Array): Buffer {
  const lines: string[] = [];
  for (let start = 0; start < data.length; start += 45) {
    const line = uuLine(data.subarray(start, start + 45));
    lines.push(line.startsWith('.') ? `.${line}` : line);
  }
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1');
}

function uuLine(bytes: Uint8Array): string {
  const letter = (six: number): string => String.fromCharCode(six === 0 ? 96 : six + 32);
  let line = letter(bytes.length);
  for (let index = 0; index < bytes.length; index += 3) {
    const three = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    line += [18, 12, 6, 0].map((shift) => letter((three >> shift) & 63)).join('');
  }
  return line;
}
