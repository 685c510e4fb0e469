// Which clip tells a viewer why nothing plays. Judges by error codes alone.

/** One clip each; the names of the files in `clips/`. */
export const CLIP_REASONS = [
  'preparing',
  'no-peers',
  'articles-missing',
  'archive',
  'wrong-episode',
  'busy',
  'unauthorised',
  'unplayable',
] as const;

export type ClipReason = (typeof CLIP_REASONS)[number];

const BY_CODE: readonly (readonly [RegExp, ClipReason])[] = [
  [/^(?:UNAUTHORIZED|FORBIDDEN)$/, 'unauthorised'],
  [/^EPISODE_/, 'wrong-episode'],
  [/^(?:ARCHIVE_|PASSWORD)/, 'archive'],
  [/^ARTICLE_/, 'articles-missing'],
  [/PEERS|METADATA/, 'no-peers'],
  [/^TOO_SLOW$/, 'preparing'],
  [/^(?:BUSY|STORAGE_FULL|CLOSED)$/, 'busy'],
];

/**
 * The clip for a failure's code. A torrent that ran out of time had nobody to give it; any other timeout may still come
 * right. What no clip names is `unplayable`.
 */
export function reasonOf(code: string, isTorrent: boolean): ClipReason {
  if (code === 'TIMEOUT') return isTorrent ? 'no-peers' : 'preparing';
  return BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? 'unplayable';
}

/** Whether the same request may go well in a moment: such a failure is not held against the next attempt. */
export function isPassing(reason: ClipReason): boolean {
  return reason === 'busy' || reason === 'preparing';
}
