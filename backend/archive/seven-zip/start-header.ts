// The first bytes of a 7z.

/** Everything in the archive is counted from their end. */
export const START_BYTES = 32;
