// Archives over anything that can be read anywhere: volumes in a torrent, in an NZB, or inside another archive. Groups
// volumes, opens RAR, 7z, ZIP and `.001` joins, and maps ranges of a member to ranges of its volumes; nothing is
// unpacked, stored members only. Knows no engine, keeps no state, holds no bytes beyond headers and one chunk.

export type {
  Archive,
  ArchiveFormat,
  ArchiveMember,
  MemberCipher,
  OpenArchiveOptions,
  PackedExtent,
  RandomAccessFile,
  ReadOptions,
} from './archive.js';
export type { SniffedFile } from './group-by-headers.js';
export type { Grouping, NamedFile, VolumeSet } from './group-volumes.js';
export type { Par2Description, Par2File } from './par2/parse-par2.js';
export type { ReadMemberOptions } from './read-member.js';
export type { Sniffed, SniffedFormat } from './sniff-format.js';

export { groupByHeaders } from './group-by-headers.js';
export { groupVolumes } from './group-volumes.js';
export { KeyDerivationGate } from './key-derivation-gate.js';
export { MemberFile } from './member-file.js';
export { openArchive } from './open-archive.js';
export { openNested } from './open-nested.js';
export { MAX_PAR2_BYTES, parsePar2 } from './par2/parse-par2.js';
export { openRar } from './rar/open-rar.js';
export { readMember } from './read-member.js';
export { extensionOf, SNIFF_BYTES, sniffFormat } from './sniff-format.js';
