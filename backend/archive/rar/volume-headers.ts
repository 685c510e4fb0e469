// Reads what one volume's headers say: its number, the files and parts of files in it, where their data lies.

import type { RandomAccessFile, ReadOptions } from '../archive.js';
import { incomplete, passwordNeeded, tooManyFiles } from '../refusals.js';
import type { HeaderKey, PlacedBlock, RarFormat } from './block-reader.js';
import { readBlock } from './block-reader.js';
import { ARCHIVE_CORRUPT, corruptArchive } from './corrupt-archive.js';
import type { FileBlock, MainBlock, Rar5Encryption } from './rar-block.js';
import type { RarSession } from './rar-session.js';
import { findSignature } from './signature.js';
import { VolumeWindow } from './volume-window.js';

export interface VolumePart extends PlacedBlock<FileBlock> {
  /** Of the part's data, what the volume holds: less than `block.dataBytes` when it was cut off. */
  readonly availableBytes: number;
}

export interface VolumeHeaders {
  readonly format: RarFormat;
  /** Bytes before the main header, a self-extractor's program not counted. */
  readonly prefixBytes: number;
  readonly main: MainBlock;
  readonly hasEncryptedHeaders: boolean;
  /** Folders and links included; up to the part that runs on into the next volume. */
  readonly parts: readonly VolumePart[];
  /** From 0; null where nothing was read that tells. */
  readonly volumeNumber: number | null;
  /** From the end of the archive; null where it was not read. */
  readonly isLastVolume: boolean | null;
}

export interface ReadHeadersOptions extends ReadOptions {
  /** Reads on behind a part that runs into the next volume: RAR4 tells a volume's number only at its end. */
  readonly untilEnd?: boolean;
}

/** Of one volume: a member each, and what may stand beside them. */
const MAX_BLOCKS = 20_000;

/**
 * @throws {UnplayableError} `ARCHIVE_PASSWORD`, `ARCHIVE_UNSUPPORTED`, `ARCHIVE_CORRUPT`, `ARCHIVE_INCOMPLETE`; what
 * reading throws
 */
export async function readVolumeHeaders(
  file: RandomAccessFile,
  session: RarSession,
  options: ReadHeadersOptions,
): Promise<VolumeHeaders> {
  const window = new VolumeWindow(file, options);
  const { format, start, end } = await findSignature(window);
  const walk = new HeaderWalk(window, format, session, options);
  const main = await walk.readMain(end);
  await walk.readParts(options.untilEnd === true);
  return {
    format,
    prefixBytes: main.offset - start,
    main: main.block,
    hasEncryptedHeaders: walk.hasKey,
    parts: await Promise.all(walk.parts.map((part) => withAvailable(part, file, options))),
    volumeNumber: main.block.volumeNumber ?? walk.endNumber,
    isLastVolume: walk.isLastVolume,
  };
}

async function withAvailable(
  part: PlacedBlock<FileBlock>,
  file: RandomAccessFile,
  options: ReadOptions,
): Promise<VolumePart> {
  const { block, dataOffset } = part;
  const isBeyond = dataOffset + block.dataBytes > file.sizeBytes;
  const sizeBytes = isBeyond ? await file.measure(options) : file.sizeBytes;
  return { block, dataOffset, availableBytes: Math.max(0, Math.min(block.dataBytes, sizeBytes - dataOffset)) };
}

class HeaderWalk {
  readonly parts: PlacedBlock<FileBlock>[] = [];
  endNumber: number | null = null;
  isLastVolume: boolean | null = null;
  #key: HeaderKey | null = null;
  #at = 0;

  constructor(
    private readonly window: VolumeWindow,
    private readonly format: RarFormat,
    private readonly session: RarSession,
    private readonly options: ReadOptions,
  ) {}

  get hasKey(): boolean {
    return this.#key !== null;
  }

  async readMain(offset: number): Promise<{ readonly block: MainBlock; readonly offset: number }> {
    let at = offset;
    let placed = await readBlock(this.window, at, this.format, null);
    if (placed?.block.kind === 'encryption') {
      at = placed.dataOffset + placed.block.dataBytes;
      this.#key = await this.#rar5Key(placed.block.encryption, at);
      placed = await readBlock(this.window, at, this.format, this.#key);
    }
    if (placed === null) throw incomplete('A volume of the archive ends in its first header.');
    const { block, dataOffset } = placed;
    if (block.kind !== 'main') throw corruptArchive('its first header is missing');
    this.#at = dataOffset + block.dataBytes;
    if (block.hasEncryptedHeaders) this.#key = await this.#rar4Key(this.#at);
    return { block, offset: at };
  }

  async readParts(untilEnd: boolean): Promise<void> {
    for (let count = 0; count < MAX_BLOCKS; count += 1) {
      const placed = await this.#nextBlock();
      if (placed === null) return;
      const { block, dataOffset } = placed;
      this.#at = dataOffset + block.dataBytes;
      if (block.kind === 'end') {
        this.endNumber = block.volumeNumber;
        this.isLastVolume = block.isLastVolume;
        return;
      }
      if (block.kind !== 'file') continue;
      this.parts.push({ block, dataOffset });
      if (block.isSplitAfter && !untilEnd) return;
    }
    throw tooManyFiles();
  }

  /** A damaged header behind good ones ends the volume: what was found can be played. */
  async #nextBlock(): Promise<PlacedBlock | null> {
    try {
      return await readBlock(this.window, this.#at, this.format, this.#key);
    } catch (error) {
      if (this.parts.length > 0 && isCorrupt(error)) return null;
      throw error;
    }
  }

  async #rar5Key(encryption: Rar5Encryption, at: number): Promise<HeaderKey> {
    const { keys } = this.session;
    const { signal } = this.options;
    return this.#fitting(at, async (password) => {
      if ((await keys.fitsRar5(password, encryption, signal)) === false) return null;
      return { keyFor: async (iv) => ({ key: await keys.rar5Key(password, encryption, signal), iv }) };
    });
  }

  async #rar4Key(at: number): Promise<HeaderKey> {
    const { keys } = this.session;
    const { signal } = this.options;
    return this.#fitting(at, async (password) => ({ keyFor: (salt) => keys.rar4Key(password, salt.slice(), signal) }));
  }

  /** The first password that makes sense of the header at `at`; its checksum decides. */
  async #fitting(at: number, keyOf: (password: string) => Promise<HeaderKey | null>): Promise<HeaderKey> {
    for (const password of this.session.passwords) {
      this.options.signal.throwIfAborted();
      const key = await keyOf(password);
      if (key === null || !(await this.#opens(at, key))) continue;
      this.session.noteFitting(password);
      return key;
    }
    throw passwordNeeded();
  }

  async #opens(at: number, key: HeaderKey): Promise<boolean> {
    try {
      return (await readBlock(this.window, at, this.format, key)) !== null;
    } catch (error) {
      if (isCorrupt(error)) return false;
      throw error;
    }
  }
}

function isCorrupt(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === ARCHIVE_CORRUPT;
}
