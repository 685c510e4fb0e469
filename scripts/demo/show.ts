// What both demos show of a running server: preparing with a bar, seeking, playing, comparing hashes. Speaks to it as any client.

import { setTimeout as delay } from 'node:timers/promises';

import type { ServerProcess } from '../lab/index.js';
import { hashFile, play, probe } from './player.js';
import type { Timeline } from './timeline.js';

const pollMs = 250;

interface Status {
  readonly status: string;
  readonly progress: number;
  readonly message: string;
  readonly error?: string;
}

/** What stands on the stage of either demo. */
export interface Stage {
  readonly timeline: Timeline;
  readonly server: ServerProcess;
  readonly film: { readonly path: string; readonly sizeBytes: number };
}

/** Seeks, plays, looks, compares, plays again. */
export async function playAll({ timeline, film }: Stage, url: string): Promise<void> {
  const seekStart = Math.floor(film.sizeBytes * 0.7);
  const seek = { start: seekStart, end: seekStart + 1_048_576 };
  const sought = await play(url, seek);
  mustEqual(sought.sha256, await hashFile(film.path, seek), 'the bytes after the seek');
  timeline.tell(`Seek to 70 %: first byte after ${milliseconds(sought.firstByteMs)}, 1 MiB hash-equal.`);
  const [whole, seen] = await Promise.all([play(url), probe(url)]);
  timeline.tell(
    `Played: first byte after ${milliseconds(whole.firstByteMs)}, all ${megabytes(whole.sizeBytes)} in ${seconds(whole.totalMs)}.`,
  );
  timeline.tell(seen === null ? 'ffprobe is not installed; the hash has to do.' : `ffprobe sees: ${seen}`);
  mustEqual(whole.sha256, await hashFile(film.path), 'the film');
  timeline.tell(`SHA-256 equals the original: ${whole.sha256.slice(0, 16)}…`);
  const again = await play(url);
  mustEqual(again.sha256, whole.sha256, 'the second showing');
  timeline.tell(
    `Played again from disk in ${seconds(again.totalMs)} (${megabytes((again.sizeBytes / again.totalMs) * 1000)}/s).`,
  );
}

/** Polls as a client does until the job is ready. @throws when it fails */
export async function untilReady(timeline: Timeline, statusUrl: string): Promise<void> {
  for (;;) {
    const status = await getJson<Status>(statusUrl);
    timeline.showBar(status.progress / 100, `${status.status}: ${status.message}`);
    if (status.status === 'ready') return;
    if (status.status === 'failed') throw new Error(`Preparation failed: ${status.error ?? status.message}`);
    await delay(pollMs);
  }
}

/** Posts JSON with the API key. */
export async function post(
  server: ServerProcess,
  path: string,
  body: object,
): Promise<Record<'jobId' | 'statusUrl' | 'streamUrl', string>> {
  const response = await fetch(server.url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': server.apiKey },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${String(response.status)}: ${await response.text()}`);
  return (await response.json()) as Record<'jobId' | 'statusUrl' | 'streamUrl', string>;
}

/** Fetches JSON. */
export async function getJson<T>(url: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${url} answered ${String(response.status)}.`);
  return (await response.json()) as T;
}

function mustEqual(one: string, other: string, what: string): void {
  if (one !== other) throw new Error(`${what}: the hash differs from the original.`);
}

/** For people: 12.3 MB. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
/** For people: 12 ms. */
export const milliseconds = (ms: number): string => `${ms.toFixed(0)} ms`;
/** For people: 1.23 s. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
/** For people: 12 %. */
export const percent = (fraction: number): string => `${(fraction * 100).toFixed(0)} %`;
