// Archives in memory: files that can be read anywhere and note where they were, the archive fixtures, and a reader of
// members.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ArchiveMember, RandomAccessFile, ReadOptions } from '../../backend/archive/archive.js';
import { readMember } from '../../backend/archive/read-member.js';
import type { ByteRange, OpenOptions } from '../../backend/content/index.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/archives');
const CHUNK_BYTES = 64 * 1024;

export interface MemoryVolumeOptions {
  readonly name?: string;
  /** Claimed until `measure`; default: the truth. */
  readonly estimatedBytes?: number;
}

/** Notes the ranges that were opened, and fails like an engine does when one lies outside. */
export class MemoryVolume implements RandomAccessFile {
  readonly name: string;
  readonly reads: ByteRange[] = [];
  measured = 0;
  #sizeBytes: number;

  constructor(
    readonly bytes: Uint8Array,
    options: MemoryVolumeOptions = {},
  ) {
    this.name = options.name ?? 'volume.rar';
    this.#sizeBytes = options.estimatedBytes ?? bytes.length;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async measure(options: ReadOptions): Promise<number> {
    options.signal.throwIfAborted();
    this.measured += 1;
    this.#sizeBytes = this.bytes.length;
    return this.bytes.length;
  }

  async *open(range: ByteRange, options: OpenOptions): AsyncGenerator<Uint8Array, void, undefined> {
    options.signal.throwIfAborted();
    if (range.start < 0 || range.start > range.end || range.end > this.bytes.length) {
      throw new RangeError(`${range.start}-${range.end} lies outside ${this.name}`);
    }
    this.reads.push(range);
    for (let at = range.start; at < range.end; at += CHUNK_BYTES) {
      await Promise.resolve();
      options.signal.throwIfAborted();
      yield this.bytes.slice(at, Math.min(range.end, at + CHUNK_BYTES));
    }
  }
}

export interface FixtureFile {
  readonly size: number;
  readonly sha256: string;
}

export interface ArchiveFixture {
  /** In their order. */
  readonly names: readonly string[];
  readonly bytes: readonly Uint8Array[];
  readonly password: string | null;
  readonly isStored: boolean;
  readonly contains: Readonly<Record<string, FixtureFile>>;
}

interface Manifest {
  readonly sets: Readonly<
    Record<
      string,
      {
        readonly volumes: readonly string[];
        readonly password: string | null;
        readonly contains: Readonly<Record<string, FixtureFile>>;
        readonly stored: boolean;
      }
    >
  >;
}

/** A set of `test/fixtures/archives`. */
export function archiveFixture(name: string): ArchiveFixture {
  const manifest = JSON.parse(readFileSync(join(FIXTURES, 'manifest.json'), 'utf8')) as Manifest;
  const set = manifest.sets[name];
  if (set === undefined) throw new Error(`no archive fixture ${name}`);
  return {
    names: set.volumes,
    bytes: set.volumes.map((volume) => Uint8Array.from(readFileSync(join(FIXTURES, name, volume)))),
    password: set.password,
    isStored: set.stored,
    contains: set.contains,
  };
}

/** Fresh volumes over a fixture's bytes. */
export function fixtureVolumes({ names, bytes }: Pick<ArchiveFixture, 'names' | 'bytes'>): MemoryVolume[] {
  return bytes.map((content, at) => new MemoryVolume(content, { name: names[at] ?? 'volume' }));
}

/** The member's plain bytes in `range`, default all. */
export async function memberBytes(
  member: ArchiveMember,
  range: ByteRange = { start: 0, end: member.sizeBytes },
  signal: AbortSignal = new AbortController().signal,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readMember(member, range, { signal })) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}
