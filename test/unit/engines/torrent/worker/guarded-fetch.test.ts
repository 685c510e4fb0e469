import { describe, expect, it } from '@jest/globals';
import { createGuardedFetch } from '../../../../../backend/engines/torrent/worker/guarded-fetch.js';
import type { HttpClient } from '../../../../../backend/platform/index.js';

type Options = Parameters<HttpClient['get']>[1];

/** A guarded client that answers what it is told, and what it was asked. */
function clientOf(answer: { readonly status: number; readonly body?: Uint8Array } | Error) {
  const asked: { readonly url: string; readonly options: Options }[] = [];
  const get = (url: string, options: Options) => {
    asked.push({ url, options });
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ status: answer.status, headers: {}, body: answer.body ?? new Uint8Array(), url });
  };
  return { asked, fetch: createGuardedFetch({ get } as unknown as HttpClient) };
}

describe('guarded fetch', () => {
  it('guarded fetch - goes through the guarded client, with headers and signal', async () => {
    const { asked, fetch } = clientOf({ status: 206, body: Buffer.from('bytes') });
    const { signal } = new AbortController();
    const answer = await fetch('http://seed.example/film', { headers: { Range: 'bytes=0-4' }, signal });
    expect([answer.status, answer.ok, await answer.text()]).toEqual([206, true, 'bytes']);
    expect(asked[0]).toMatchObject({ url: 'http://seed.example/film', options: { headers: { range: 'bytes=0-4' } } });
    expect(asked[0]!.options.signal).toBe(signal);
  });

  it('guarded fetch - takes addresses and requests in every form, and gives each a bound and a deadline', async () => {
    const { asked, fetch } = clientOf({ status: 200 });
    await fetch(new URL('http://tracker.example/a?b=%20'));
    await fetch(new Request('http://tracker.example/c'));
    expect(asked.map(({ url }) => url)).toEqual(['http://tracker.example/a?b=%20', 'http://tracker.example/c']);
    for (const { options } of asked) {
      expect(options.maxBytes).toBeGreaterThan(0);
      expect(options.signal).toBeInstanceOf(AbortSignal);
    }
  });

  it('guarded fetch - hands on answers without a body, failures of the server, and what the guard refuses', async () => {
    expect((await clientOf({ status: 204 }).fetch('http://tracker.example/')).status).toBe(204);
    const missing = await clientOf({ status: 404 }).fetch('http://tracker.example/');
    expect([missing.ok, missing.status]).toEqual([false, 404]);
    const refused = new Error('not allowed');
    await expect(clientOf(refused).fetch('http://10.0.0.1/')).rejects.toBe(refused);
  });
});
