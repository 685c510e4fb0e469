// An order in which no two different candidates are equal: what decides where nothing else does, so that a list is the
// same however its candidates came in. Means nothing to a viewer.

import { formatSourceIdentity, type Candidate } from '../candidate.js';

/** Compares by name, source, then everything else. Each candidate is written out once at most, and only for a tie. */
export function createWholeOrder(): (a: Candidate, b: Candidate) => number {
  const texts = new Map<Candidate, string>();
  const textOf = (candidate: Candidate): string => {
    const text = texts.get(candidate) ?? JSON.stringify(sorted(candidate), shortened);
    texts.set(candidate, text);
    return text;
  };
  return (a, b) =>
    compareText(a.releaseName, b.releaseName) ||
    compareText(formatSourceIdentity(a.source), formatSourceIdentity(b.source)) ||
    (a === b ? 0 : compareText(textOf(a), textOf(b)));
}

/** By UTF-16 units: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The same fields in the same order, however the object was made. */
function sorted(candidate: Candidate): readonly (readonly [string, unknown])[] {
  return Object.entries(candidate).sort(([a], [b]) => compareText(a, b));
}

/** An `info` dictionary is as its infohash says; its bytes are not written out. */
function shortened(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? value.length : value;
}
