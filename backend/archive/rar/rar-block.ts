// The words both RAR formats are translated to: blocks as their headers describe them, nothing of where they lie.

/** How RAR5 makes a key of a password, with a check value where the archiver left one. */
export interface Rar5Encryption {
  readonly format: 'rar5';
  /** Rounds of the derivation, as power of two. */
  readonly roundsLog2: number;
  readonly salt: Uint8Array;
  /** Empty for archive headers, which each carry their own. */
  readonly iv: Uint8Array;
  /** 8 bytes, or null when the archiver left none (or a damaged one). */
  readonly check: Uint8Array | null;
}

/** How RAR4 does: the salt says it all, and there is nothing to check a password by. */
export interface Rar4Encryption {
  readonly format: 'rar4';
  readonly salt: Uint8Array;
}

interface BlockSize {
  /** Of the plain header, checksum included. */
  readonly headerBytes: number;
  /** Of the data that follows it. */
  readonly dataBytes: number;
}

export interface MainBlock extends BlockSize {
  readonly kind: 'main';
  readonly isVolume: boolean;
  readonly isSolid: boolean;
  /** Following headers are encrypted (RAR4; RAR5 says so by an encryption block before). */
  readonly hasEncryptedHeaders: boolean;
  /** From 0; null where the header does not tell (RAR4). */
  readonly volumeNumber: number | null;
  /** Null where the header does not tell (RAR 2). */
  readonly isFirstVolume: boolean | null;
}

/** One file, or the part of it that lies in this volume (`dataBytes`). */
export interface FileBlock extends BlockSize {
  readonly kind: 'file';
  /** As written, not cleaned. */
  readonly rawPath: string;
  /** Nothing to read by itself: a folder, a link, a copy of another. */
  readonly isFolderOrLink: boolean;
  /** Of the whole unpacked file; null when the archiver did not know it. */
  readonly sizeBytes: number | null;
  readonly isStored: boolean;
  readonly isSolid: boolean;
  readonly isSplitBefore: boolean;
  readonly isSplitAfter: boolean;
  readonly encryption: Rar5Encryption | Rar4Encryption | 'unsupported' | null;
}

export interface EncryptionBlock extends BlockSize {
  readonly kind: 'encryption';
  readonly encryption: Rar5Encryption;
}

export interface EndBlock extends BlockSize {
  readonly kind: 'end';
  readonly isLastVolume: boolean;
  readonly volumeNumber: number | null;
}

/** Comments, recovery records, quick-open copies and what else may come: passed over. */
export interface OtherBlock extends BlockSize {
  readonly kind: 'other';
}

export type RarBlock = MainBlock | FileBlock | EncryptionBlock | EndBlock | OtherBlock;
