// What a listing says of a file or folder. Knows neither XML nor where it comes from.

export interface DavFolder {
  readonly kind: 'folder';
  /** From the root; empty for the root itself. */
  readonly path: readonly string[];
  /** Epoch ms; null where there is no such moment. */
  readonly modifiedAt: number | null;
}

export interface DavFile {
  readonly kind: 'file';
  readonly path: readonly string[];
  readonly sizeBytes: number;
  /** Epoch ms at which it came here. */
  readonly modifiedAt: number;
  /** As a `GET` says it, with its quotes; null where that is not known before it is opened. */
  readonly etag: string | null;
}

export type DavEntry = DavFolder | DavFile;
