// The part of the assembly that looks into files: what is noted of them, what is taken out of them. Called by backend.ts alone.

import { join } from 'node:path';
import { MediaNotes } from './jobs/index.js';
import type { JobManager } from './jobs/index.js';
import { MediaProbe, readVideoHash, SubtitleExtractor } from './media/index.js';
import type { Clock, Config, Logger } from './platform/index.js';
import type { Library } from './storage/index.js';

export interface MediaParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly library: Library;
  readonly jobs: JobManager;
}

/** Everything that looks into files. */
export interface MediaRooms {
  readonly subtitleExtractor: SubtitleExtractor;
  /** From then on, files are looked into as they are completed. */
  start(): Promise<void>;
  /** Ends what is under way. Idempotent. */
  close(): Promise<void>;
}

export function createMedia({ config, clock, log, library, jobs }: MediaParts): MediaRooms {
  const probe = new MediaProbe({ folder: join(config.cacheDir, 'probe'), log, clock });
  const subtitleExtractor = new SubtitleExtractor({ clock, holdMs: config.playHoldMs });
  const notes = new MediaNotes({
    jobs,
    probe: (file, options) => probe.probe(file, options),
    hash: (file, options) => readVideoHash(file, { ...options, clock }),
    note: (contentId, fileIndex, media) => library.setMedia(contentId, fileIndex, media),
    log,
  });
  return {
    subtitleExtractor,
    start: async () => {
      await probe.start();
      notes.start();
    },
    close: async () => {
      await notes.close();
      await subtitleExtractor.close();
    },
  };
}
