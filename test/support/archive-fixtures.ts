// The archives of test/fixtures/archives as files that can be read anywhere, in memory, and what must come out of them.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readMember } from '../../backend/archive/index.js';
import type { ArchiveMember, OpenArchiveOptions, RandomAccessFile, ReadOptions } from '../../backend/archive/index.js';
import type { ByteRange, OpenOptions } from '../../backend/content/index.js';
import { MemoryMediaFile } from './memory-media-file.js';
import type { MemoryMediaFileOptions } from './memory-media-file.js';

const FOLDER = fileURLToPath(new URL('../fixtures/archives', import.meta.url));

interface Known {
  readonly size: number;
  readonly sha256: string;
}

/** A set of the fixtures. */
export interface ArchiveFixture {
  readonly name: string;
  /** In their order. */
  readonly volumes: readonly string[];
  readonly password: string | null;
  /** What must come out, by path. */
  readonly contains: Readonly<Record<string, Known>>;
  readonly stored: boolean;
}

const manifest = JSON.parse(readFileSync(join(FOLDER, 'manifest.json'), 'utf8')) as {
  readonly sets: Readonly<Record<string, Omit<ArchiveFixture, 'name'>>>;
};

export interface MemoryVolumeOptions extends Omit<MemoryMediaFileOptions, 'sizeBytes'> {
  /** Claimed until `measure`; default: the truth. */
  readonly estimate?: number;
  readonly beforeMeasure?: () => Promise<void>;
}

/** A volume whose size may be told wrongly until it is measured; it counts how often that happens. */
export class MemoryVolume extends MemoryMediaFile implements RandomAccessFile {
  measured = 0;
  readonly #beforeMeasure: (() => Promise<void>) | undefined;

  constructor(bytes: Uint8Array, { estimate, beforeMeasure, ...options }: MemoryVolumeOptions = {}) {
    super(bytes, { ...options, sizeBytes: estimate ?? bytes.length });
    this.#beforeMeasure = beforeMeasure;
  }

  /** Ranges that were opened, in order. */
  get reads(): ByteRange[] {
    return this.readers.map(({ range }) => range);
  }

  async measure({ signal }: ReadOptions): Promise<number> {
    signal.throwIfAborted();
    this.measured += 1;
    await this.#beforeMeasure?.();
    this.claimedBytes = this.bytes.length;
    return this.bytes.length;
  }

  /** As strict about ranges as an engine, which knows what it claims. */
  override open(range: ByteRange, options: OpenOptions): AsyncIterable<Uint8Array> {
    if (range.start < 0 || range.start > range.end || range.end > Math.max(this.sizeBytes, this.bytes.length)) {
      return failing(new RangeError(`${range.start}-${range.end} lies outside ${this.name}`));
    }
    return super.open(range, options);
  }
}

/** Fails when it is read, as engines do: a reader may open ahead what it finds wrong before it reads. */
function failing(error: Error): AsyncIterable<never> {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

/** All sets. */
export function archiveFixtures(): readonly ArchiveFixture[] {
  return Object.entries(manifest.sets).map(([name, set]) => ({ name, ...set }));
}

export function archiveFixture(name: string): ArchiveFixture {
  const set = manifest.sets[name];
  if (set === undefined) throw new Error(`There is no fixture ${name}.`);
  return { name, ...set };
}

/** Its volumes in order, each with an estimated size. */
export function fixtureVolumes(name: string, options: MemoryVolumeOptions = {}): MemoryVolume[] {
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

/** A member's plain bytes in `range`, default all. */
export async function memberBytes(
  member: ArchiveMember,
  range: ByteRange = { start: 0, end: member.sizeBytes },
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readMember(member, range, { signal })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
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
