// The archives of test/fixtures/archives as files that can be read anywhere, in memory, and what must come out of them.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OpenArchiveOptions, RandomAccessFile, ReadOptions } from '../../backend/archive/index.js';
import type { ByteRange } from '../../backend/content/index.js';
import { MemoryMediaFile } from './memory-media-file.js';
import type { MemoryMediaFileOptions } from './memory-media-file.js';

const FOLDER = fileURLToPath(new URL('../fixtures/archives', import.meta.url));

interface Known {
  readonly size: number;
  readonly sha256: string;
}

interface FixtureSet {
  readonly volumes: readonly string[];
  readonly password: string | null;
  readonly contains: Readonly<Record<string, Known>>;
  readonly stored: boolean;
}

const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as {
  readonly sets: Readonly<Record<string, FixtureSet>>;
};

/** A volume whose size may be told wrongly until it is measured; it counts how often that happens. */
export class MemoryVolume extends MemoryMediaFile implements RandomAccessFile {
  measured = 0;

  constructor(
    bytes: Uint8Array,
    options: MemoryMediaFileOptions & { readonly estimate?: number; readonly beforeMeasure?: () => Promise<void> } = {},
  ) {
    super(bytes, { ...options, sizeBytes: options.estimate ?? bytes.length });
    this.#beforeMeasure = options.beforeMeasure;
  }

  readonly #beforeMeasure: (() => Promise<void>) | undefined;

  async measure(_options: ReadOptions): Promise<number> {
    this.measured += 1;
    await this.#beforeMeasure?.();
    return this.bytes.length;
  }
}

/** One set of the fixtures. */
export function archiveFixture(name: string): FixtureSet {
  const set = manifest.sets[name];
  if (set === undefined) throw new Error(`There is no fixture ${name}.`);
  return set;
}

/** Its volumes in order, each with an estimated size. */
export function fixtureVolumes(name: string, options: MemoryMediaFileOptions = {}): MemoryVolume[] {
  return archiveFixture(name).volumes.map((volume) => {
    const bytes = fixtureBytes(name, volume);
    return new MemoryVolume(bytes, { name: volume, estimate: Math.round(bytes.length * 1.004), ...options });
  });
}

/** One file of a set. */
export function fixtureBytes(set: string, file: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FOLDER, set, file)));
}

/** The stored film that lies in most sets. */
export function originalFilm(): Uint8Array {
  const pieces = archiveFixture('split-001').volumes.map((volume) => fixtureBytes('split-001', volume));
  return new Uint8Array(Buffer.concat(pieces));
}

/** Passwords to try; a signal that stays. */
export function openOptions(...passwords: readonly string[]): OpenArchiveOptions {
  return { passwords, signal: new AbortController().signal };
}

/** All bytes of a range, copied as they come. */
export async function readAll(
  file: Pick<RandomAccessFile, 'open'>,
  range: ByteRange,
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.open(range, { signal })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
