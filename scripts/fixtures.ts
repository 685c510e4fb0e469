// `npm run fixtures`: writes a stored RAR set over a file, or over bytes made for it, into a folder.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

import { rarVolumes, type RarSetOptions } from './fixtures/index.js';
import { chunksOf, pseudoRandomSource, type ByteSource } from './lab/index.js';

const usage = `usage: npm run fixtures -- --out folder [--file film.mkv | --size bytes] [--format rar5|rar4]
       [--volume bytes] [--naming part|old|none] [--set name]
Writes a stored RAR set of a file (or of pseudo-random bytes) in volumes of the given size. \`7z x\` unpacks it.
`;

const options = {
  out: { type: 'string' },
  file: { type: 'string' },
  size: { type: 'string', default: '10000000' },
  format: { type: 'string', default: 'rar5' },
  volume: { type: 'string' },
  naming: { type: 'string', default: 'part' },
  set: { type: 'string', default: 'film' },
  help: { type: 'boolean', default: false },
} as const;

function main(): void {
  const { values } = parseArgs({ options });
  const format = (['rar4', 'rar5'] as const).find((one) => one === values.format);
  const naming = (['part', 'old', 'none'] as const).find((one) => one === values.naming);
  if (values.help || values.out === undefined || !format || !naming) {
    process.stdout.write(usage);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const file = values.file === undefined ? null : openSync(values.file, 'r');
  const content = file === null ? pseudoRandomSource('fixture', Number(values.size)) : sourceOfFile(file);
  const innerName = values.file === undefined ? `${values.set}.bin` : basename(values.file);
  const volume = values.volume === undefined ? {} : { volumeBytes: Number(values.volume) };
  writeSet(values.out, { format, naming, innerName, content, setName: values.set, ...volume });
  if (file !== null) closeSync(file);
}

function sourceOfFile(file: number): ByteSource {
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, offset);
    return bytes;
  };
  return { sizeBytes: fstatSync(file).size, read };
}

function writeSet(folder: string, set: RarSetOptions): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, content } of rarVolumes(set)) {
    const path = join(folder, name);
    const file = openSync(path, 'w');
    for (const chunk of chunksOf(content)) writeSync(file, chunk);
    closeSync(file);
    process.stdout.write(`${path}  ${content.sizeBytes} bytes\n`);
  }
}

main();
