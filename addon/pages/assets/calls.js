// How the page's scripts talk to this server: JSON both ways, errors as sentences for people, looks that repeat.

/** The answer's JSON, or null without one. Throws an Error whose message can be shown. */
export async function call(url, { method = 'GET', body, signal } = {}) {
  const response = await send(url, {
    method,
    headers: { 'content-type': 'application/json' },
    cache: 'no-store',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  const answer = await response.json().catch(() => null);
  if (response.ok) return answer;
  if (response.status === 401) throw new Error('You are not signed in any more: open this page again.');
  throw new Error(answer?.error ?? `The server answered with ${response.status}.`);
}

async function send(url, options) {
  try {
    return await fetch(url, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Error('The server does not answer.');
  }
}

/** Looks now, and again while somebody has the page before them. */
export function keepLooking(look, everyMs) {
  void look();
  setInterval(() => {
    if (!document.hidden) void look();
  }, everyMs);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void look();
  });
}
