// A preparation as everyone outside the jobs room sees it: an immutable snapshot.

import type { ContentId } from './content-id.js';
import type { Source } from './source.js';

/**
 * `queued → resolving → connecting → downloading → streamable → completed`, or `failed` / `cancelled` from any state
 * before `completed`. Each dialect translates these; nothing else may be invented.
 */
export type JobState =
  'queued' | 'resolving' | 'connecting' | 'downloading' | 'streamable' | 'completed' | 'failed' | 'cancelled';

/** How the bytes come: `cache` when they were all here already. */
export type JobMethod = 'p2p' | 'usenet' | 'http-download' | 'cache';

/** Which episode of a pack is wanted. */
export interface EpisodeWish {
  readonly season: number;
  readonly episode: number;
  /** Its number counted through all seasons without specials, as anime is named by; absent when not known. */
  readonly absolute?: number;
  /** `YYYY-MM-DD`, as daily shows are named by; absent when not known. */
  readonly airDate?: string;
  /**
   * The season its release counts it in, where that is not `season`: of a title that is called `… 2nd Season` and counts
   * from 1, releases say `S02`. There `episode` is its number in that season, and `absolute` none that the files bear.
   */
  readonly releaseSeason?: number;
}

export interface Job {
  /** `<content id>:<file index | auto>:<epoch ms>`; never changes. */
  readonly id: string;
  /** Null until it is known (a `.torrent` still being fetched). */
  readonly contentId: ContentId | null;
  readonly sourceKind: Source['kind'];
  /** Null until the file is chosen. */
  readonly fileIndex: number | null;
  readonly state: JobState;
  /** 0–100, never falls before `failed`; 100 exactly when streamable or completed. */
  readonly progress: number;
  /** One sentence for people. */
  readonly message: string;
  readonly method: JobMethod | null;
  readonly fileName: string | null;
  readonly fileSizeBytes: number | null;
  /** Stable error code and a sentence that may be shown to the client. */
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAt: number;
  /** Epoch ms of the last poll, range request or open reader. */
  readonly usedAt: number;
  /** Epoch ms at which the job is forgotten unless it is used again. */
  readonly expiresAt: number;
}
