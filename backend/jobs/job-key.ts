// What makes two requests the same job, and how jobs are called. Pure.

import { createHash } from 'node:crypto';
import { isContentId, type ContentId, type Source } from '../content/index.js';
import { urlContentId } from '../engines/http/index.js';
import type { JobWish } from './job-store.js';

/** The content a source is known to be before anything was fetched; null where only fetching tells. */
export function knownContentId(source: Source): ContentId | null {
  switch (source.kind) {
    case 'torrent':
      return source.infoHash;
    case 'nzb':
      return source.contentId;
    case 'http':
      return urlContentId(source.url);
    case 'torrent-url':
    case 'nzb-url':
      return null;
  }
}

/**
 * The content id, or (until it is known) the SHA-256 of the address: what a job's id begins with. The same NZB with other
 * passwords is another attempt, which must not join the first.
 */
export function contentKeyOf(source: Source): ContentId {
  switch (source.kind) {
    case 'torrent':
      return source.infoHash;
    case 'nzb':
      return source.passwords.length === 0 ? source.contentId : itemKey(source.contentId, source.passwords);
    case 'torrent-url':
    case 'nzb-url':
    case 'http':
      return urlContentId(source.url);
  }
}

/** 64 hex characters that stand for a content with these passwords, tried in this order. */
export function itemKey(contentId: ContentId, passwords: readonly string[]): ContentId {
  const text = JSON.stringify([contentId, ...passwords]);
  // A SHA-256 in lower-case hex has the form of a content id.
  return createHash('sha256').update(text).digest('hex') as ContentId;
}

/** Key of a file of a content. */
export function fileKey(content: string, fileIndex: number): string {
  return `${content}:${fileIndex}`;
}

/**
 * Key of a wish for a content: the file where it is named, else what was wished for, to the last number the file is chosen
 * by. The same file wished in two ways is one job once it is chosen.
 */
export function wishKey(content: string, wish: JobWish): string {
  if (wish.fileIndex !== undefined) return fileKey(content, wish.fileIndex);
  if (wish.episode === undefined) return `${content}:auto`;
  const { season, episode, absolute, airDate, releaseSeason } = wish.episode;
  return `${content}:${JSON.stringify([season, episode, absolute, airDate, releaseSeason])}`;
}

/** Every key that a job answers to: of what was asked for, and of the file once that is chosen. */
export function keysOfJob(job: {
  readonly contentKey: ContentId;
  readonly contentId: ContentId | null;
  readonly wish: JobWish;
  readonly fileIndex: number | null;
}): readonly string[] {
  const { contentKey, contentId, wish, fileIndex } = job;
  return [contentId ?? contentKey, contentKey].flatMap((content) => [
    ...(fileIndex === null ? [] : [fileKey(content, fileIndex)]),
    wishKey(content, wish),
  ]);
}

/** `<content id or URL hash>:<file index | auto>:<epoch ms>`. */
export function formatJobId(content: string, fileIndex: number | null, epochMs: number): string {
  return `${content}:${fileIndex ?? 'auto'}:${epochMs}`;
}

/** The content id or URL hash that a job's id begins with; null when `id` is no job id. */
export function contentKeyOfJobId(id: string): ContentId | null {
  const [content = '', file = '', epochMs = '', ...rest] = id.split(':');
  const isWhole = rest.length === 0 && /^(?:auto|\d{1,9})$/.test(file) && /^\d{1,16}$/.test(epochMs);
  return isWhole && isContentId(content) ? content : null;
}
