// The `fetch` of the worker thread: whatever the protocol library fetches (trackers, web seeds) goes through the guarded
// HTTP client, so that no torrent can make us call an address that is not allowed.

import type { HttpClient } from '../../../platform/index.js';

/** Tracker answers and pieces of web seeds are far below this. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const BODILESS = new Set([204, 205, 304]);

/** Builds a `fetch` that knows what the library uses: a URL, headers, a signal; answers are read whole. */
export function createGuardedFetch(http: HttpClient): typeof fetch {
  return async (input, init) => {
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const headers = Object.fromEntries(new Headers(init?.headers).entries());
    const signal = init?.signal ?? AbortSignal.timeout(TIMEOUT_MS);
    const answer = await http.get(url, { signal, headers, maxBytes: MAX_BODY_BYTES, timeoutMs: TIMEOUT_MS });
    const body = BODILESS.has(answer.status) ? null : (answer.body as Uint8Array<ArrayBuffer>);
    return new Response(body, { status: answer.status });
  };
}
