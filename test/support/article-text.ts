// Writes articles as a server sends them after a `222` line, well-formed or not.

import { crc32 } from '../../backend/engines/usenet/yenc/crc32.js';

export interface ArticleText {
  readonly data: Uint8Array;
  readonly name?: string;
  readonly begin?: string | null;
  readonly part?: string | null;
  readonly end?: string | null;
  readonly before?: string;
  readonly after?: string;
  readonly lineLength?: number;
}

/** A single part unless `begin`, `part` and `end` say something else; null leaves a line out. */
export function articleText(article: ArticleText): Buffer {
  const { data, lineLength = 128, name = 'file.bin', before = '', after = '' } = article;
  const crc = crc32(data, 0).toString(16).padStart(8, '0');
  const begin =
    article.begin === undefined ? `=ybegin line=${lineLength} size=${data.length} name=${name}` : article.begin;
  const end = article.end === undefined ? `=yend size=${data.length} crc32=${crc}` : article.end;
  const line = (text: string | null | undefined): Buffer => Buffer.from(text == null ? '' : `${text}\r\n`, 'latin1');
  const body = [line(begin), line(article.part), encodeLines(data, lineLength), line(end)];
  return Buffer.concat([Buffer.from(before, 'latin1'), ...body, Buffer.from(`${after}.\r\n`, 'latin1')]);
}

/** Data lines with their ends, dots doubled. */
export function encodeLines(data: Uint8Array, lineLength = 128): Buffer {
  const bytes: number[] = [];
  let column = 0;
  for (const byte of data) {
    const shifted = (byte + 42) & 0xff;
    const isCritical = [0x00, 0x0a, 0x0d, 0x3d].includes(shifted);
    if (column === 0 && shifted === 0x2e) bytes.push(0x2e);
    if (isCritical) bytes.push(0x3d, (shifted + 64) & 0xff);
    else bytes.push(shifted);
    column += isCritical ? 2 : 1;
    if (column >= lineLength) {
      bytes.push(0x0d, 0x0a);
      column = 0;
    }
  }
  if (column > 0) bytes.push(0x0d, 0x0a);
  return Buffer.from(bytes);
}

/** Uuencoded lines with their ends. */
export function uuLines(data: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < data.length; at += 45) {
    const row = data.subarray(at, at + 45);
    let line = character(row.length);
    for (let index = 0; index < row.length; index += 3) {
      const [a = 0, b = 0, c = 0] = row.subarray(index, index + 3);
      line += [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63].map(character).join('');
    }
    lines.push(`${line.startsWith('.') ? '.' : ''}${line}\r\n`);
  }
  return lines.join('');
}

function character(value: number): string {
  return value === 0 ? '`' : String.fromCharCode(32 + value);
}
