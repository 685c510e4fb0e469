// What makes two sources the same content. Knows only the shapes of the ids, not how they are computed.

declare const brand: unique symbol;

/** 40 lower-case hex characters: the SHA-1 of a torrent's `info` (BEP 3). */
export type InfoHash = string & { readonly [brand]: 'InfoHash' };

/** An `InfoHash`, or 64 lower-case hex characters: SHA-256 of an NZB's message ids, or of a URL. */
export type ContentId = InfoHash | (string & { readonly [brand]: 'ContentId' });

/** True for 40 lower-case hex characters. */
export function isInfoHash(text: string): text is InfoHash {
  return /^[0-9a-f]{40}$/.test(text);
}

/** True for the lower-case hex forms a `ContentId` can have. */
export function isContentId(text: string): text is ContentId {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
