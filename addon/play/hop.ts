// How long a play request may still be held. The redirect carries the count and the start of the wait in its query, so
// the server keeps nothing between two hops; the listed address itself never has them.

/** Where a request stands in its wait. */
export interface Hop {
  /** Redirects followed so far. */
  readonly count: number;
  /** Epoch ms of the first request. */
  readonly sinceMs: number;
}

/** Players give up after about twenty redirects, whatever the deadline says. */
const MAX_HOPS = 19;

/**
 * Reads `hop` and `since`. Who asks long after the deadline did not follow a redirect: a player came back to an address
 * it had kept (a seek, a resumed pause), and its wait starts anew. Anything malformed starts anew too.
 */
export function readHop(query: Readonly<Record<string, unknown>>, nowMs: number, deadlineMs: number): Hop {
  const count = readNumber(query['hop']);
  const sinceMs = readNumber(query['since']);
  const fresh: Hop = { count: 0, sinceMs: nowMs };
  if (count === null || sinceMs === null || sinceMs > nowMs) return fresh;
  return nowMs - sinceMs > 2 * deadlineMs ? fresh : { count, sinceMs };
}

/** Milliseconds this request may be held. */
export function holdOf(hop: Hop, nowMs: number, limits: { holdMs: number; deadlineMs: number }): number {
  return Math.max(0, Math.min(limits.holdMs, hop.sinceMs + limits.deadlineMs - nowMs));
}

/** The next hop, or null when the wait is over. */
export function nextHop(hop: Hop, nowMs: number, deadlineMs: number): Hop | null {
  const isOver = nowMs >= hop.sinceMs + deadlineMs || hop.count >= MAX_HOPS;
  return isOver ? null : { count: hop.count + 1, sinceMs: hop.sinceMs };
}

/** `url` (path and query) with this hop in its query; all else stays as it was. */
export function withHop(url: string, hop: Hop): string {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  query.set('hop', String(hop.count));
  query.set('since', String(hop.sinceMs));
  return `${path}?${query.toString()}`;
}

function readNumber(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
