// A file of an NZB release as a MediaFile: plain, or a member of an archive whose volumes are posted files. Archives add no
// hop: their ranges become ranges of posted files before anything is fetched.

import { createHash } from 'node:crypto';
import type { ByteRange, ContentId, MediaFile, OpenOptions, Priority } from '../../../content/index.js';
import { MemberFile, readMember } from '../../../archive/index.js';
import type { ArchiveMember } from '../../../archive/index.js';
import type { HoleLedger } from './hole-ledger.js';
import { PostedFile } from './posted-file.js';
import { readSegments } from './segment-stream.js';
import type { Slice } from './segment-stream.js';

/** What a media file is made of. */
export type MediaBody =
  { readonly kind: 'posted'; readonly file: PostedFile } | { readonly kind: 'member'; readonly member: ArchiveMember };

export interface UsenetMediaFileOptions {
  readonly contentId: ContentId;
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly body: MediaBody;
  readonly modifiedAt: Date;
  readonly holes: HoleLedger;
  /** Called when reading begins; what it returns when it ends. */
  readonly reading: (priority: Priority) => () => void;
  readonly windowLimit: () => number;
}

type SliceAt = (
  offset: number,
  options: { readonly signal: AbortSignal; readonly priority: Priority },
) => Promise<Slice>;

export class UsenetMediaFile implements MediaFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedAt: Date;

  constructor(private readonly o: UsenetMediaFileOptions) {
    this.id = createHash('sha256').update(`${o.contentId}\n${o.path}\n${o.sizeBytes}`).digest('hex');
    this.name = o.name;
    this.sizeBytes = o.sizeBytes;
    this.modifiedAt = o.modifiedAt;
  }

  /** @throws {UnplayableError} `ARTICLE_MISSING` beyond what may be played as holes; what the providers throw */
  async *open(
    range: ByteRange,
    { signal, priority = 'play' }: OpenOptions,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    signal.throwIfAborted();
    const ended = this.o.reading(priority);
    try {
      yield* await this.#read(range, { signal, priority });
    } finally {
      ended();
    }
  }

  async #read(
    range: ByteRange,
    options: { readonly signal: AbortSignal; readonly priority: Priority },
  ): Promise<AsyncIterable<Uint8Array>> {
    const { body } = this.o;
    if (range.end <= range.start) return empty();
    if (body.kind === 'posted') return this.#segments(plainSlices(body.file), range, options);
    const { member } = body;
    if (member.refusal !== null) throw member.refusal;
    const first = await member.locate(0, options);
    // Inside an encrypted outer archive no range of a posted file can stand for the member's.
    if (!(first.file instanceof PostedFile)) return new MemberFile(member).open(range, options);
    const readPacked = (packed: ByteRange): AsyncIterable<Uint8Array> =>
      this.#segments(memberSlices(member), packed, options);
    return member.cipher === null ? readPacked(range) : readMember(member, range, { ...options, readPacked });
  }

  #segments(
    sliceAt: SliceAt,
    range: ByteRange,
    options: { readonly signal: AbortSignal; readonly priority: Priority },
  ): AsyncIterable<Uint8Array> {
    const { holes, windowLimit } = this.o;
    return readSegments({ ...options, sliceAt, range, windowLimit, holes });
  }
}

function plainSlices(file: PostedFile): SliceAt {
  return async (offset) => ({ file, range: { start: offset, end: file.sizeBytes }, confirm: null });
}

function memberSlices(member: ArchiveMember): SliceAt {
  return async (offset, options) => {
    const { file, range, confirm } = await member.locate(offset, options);
    if (!(file instanceof PostedFile)) throw new TypeError('A volume of this archive is no posted file.');
    return { file, range, confirm };
  };
}

async function* empty(): AsyncGenerator<Uint8Array, void, undefined> {}
