// A player in a few lines: ranges over HTTP, hashed and compared with the film on disk; ffprobe where it is installed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';

/** What a read took. */
export interface Played {
  readonly firstByteMs: number;
  readonly totalMs: number;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Reads `[start, end)` of the URL, or all of it, and hashes what comes. */
export async function play(url: string, range?: { readonly start: number; readonly end: number }): Promise<Played> {
  const started = performance.now();
  const headers = range ? { range: `bytes=${String(range.start)}-${String(range.end - 1)}` } : {};
  const response = await fetch(url, { headers });
  if (!response.ok || !response.body) throw new Error(`The stream answered ${String(response.status)}.`);
  const hash = createHash('sha256');
  let firstByteMs = -1;
  let sizeBytes = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    if (firstByteMs < 0) firstByteMs = performance.now() - started;
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { firstByteMs, totalMs: performance.now() - started, sizeBytes, sha256: hash.digest('hex') };
}

/** SHA-256 of `[start, end)` of a file on disk, or of all of it. */
export async function hashFile(
  path: string,
  range?: { readonly start: number; readonly end: number },
): Promise<string> {
  const hash = createHash('sha256');
  const options = range ? { start: range.start, end: range.end - 1 } : {};
  for await (const chunk of createReadStream(path, options)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** What ffprobe says about the URL in one line, or null where it is not installed. */
export async function probe(url: string): Promise<string | null> {
  const fields = 'stream=codec_name,width,height:format=format_name,duration';
  const child = spawn('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'json', url], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const ended = await Promise.race([once(child, 'close').then(() => true), once(child, 'error').then(() => false)]);
  if (!ended) return null;
  const said = JSON.parse(text || '{}') as {
    streams?: { codec_name?: string; width?: number; height?: number }[];
    format?: { format_name?: string; duration?: string };
  };
  const streams = (said.streams ?? []).map((stream) =>
    stream.width
      ? `${String(stream.codec_name)} ${String(stream.width)}×${String(stream.height)}`
      : String(stream.codec_name),
  );
  return `${said.format?.format_name ?? 'nothing'}, ${Number(said.format?.duration ?? 0).toFixed(1)} s, ${streams.join(' + ')}`;
}
