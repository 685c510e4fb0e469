// A member of an archive as a file that can be read anywhere: what engines hand out, and what nested archives are
// opened over.

import type { ByteRange, OpenOptions } from '../content/index.js';
import type { ArchiveMember, RandomAccessFile, ReadOptions } from './archive.js';
import { readMember } from './read-member.js';

export class MemberFile implements RandomAccessFile {
  readonly name: string;
  readonly sizeBytes: number;

  constructor(readonly member: ArchiveMember) {
    this.name = member.name;
    this.sizeBytes = member.sizeBytes;
  }

  /** Known from the archive's header. */
  async measure(_options: ReadOptions): Promise<number> {
    return this.sizeBytes;
  }

  /** As `MediaFile.open`. @throws what `readMember` throws, at the first chunk asked for */
  open(range: ByteRange, options: OpenOptions): AsyncIterable<Uint8Array> {
    return readMember(this.member, range, options);
  }
}
