// What the library keeps of a file, as it is written and read again. Pure. What was kept by an older version, or cannot be
// read, is simply not known.

import { z } from 'zod';

const keptForm = z.object({
  videoHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable()
    .catch(null),
});

/** Null: not known. */
export interface KeptMedia {
  /** As subtitle databases know the file: 16 hexadecimal digits. */
  readonly videoHash: string | null;
}

const NOTHING: KeptMedia = { videoHash: null };

/** From what the library has of a file, whatever that is. */
export function readKeptMedia(kept: unknown): KeptMedia {
  return keptForm.safeParse(kept).data ?? NOTHING;
}
