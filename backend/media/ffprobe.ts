// Runs ffprobe on one local file, within limits of time and output. Knows nothing of what it prints. The file may be made
// to do harm: only demuxers of video containers may open it, only the file itself may be read, and no shell is involved.

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Clock } from '../platform/index.js';

export interface FfprobeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The program; looked for on the path of the process. */
  readonly program: string;
}

/** What a run came to. `absent`: there is no such program. `failed`: it said no, died, was too slow or printed too much. */
export type FfprobeResult =
  { readonly kind: 'printed'; readonly text: string } | { readonly kind: 'absent' } | { readonly kind: 'failed' };

const TIMEOUT_MS = 10_000;
const MAX_OUTPUT_BYTES = 1_000_000;

/** Playlists and lists of files would make it open other files. */
const DEMUXERS = 'matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,avi,mpegts,mpeg,asf,flv,ogg';
const ARGUMENTS = [
  ...['-v', 'error', '-threads', '1', '-max_alloc', '268435456', '-max_streams', '200'],
  ...['-probesize', '2000000', '-analyzeduration', '5000000'],
  ...['-protocol_whitelist', 'file', '-format_whitelist', DEMUXERS],
  ...['-print_format', 'json', '-show_format', '-show_streams'],
];

/** What it prints of the file at `path` (absolute). Rejects with the signal's reason only; the process is gone by then. */
export async function runFfprobe(path: string, options: FfprobeOptions): Promise<FfprobeResult> {
  options.signal.throwIfAborted();
  const result = await run([...ARGUMENTS, '-i', `file:${path}`], options);
  options.signal.throwIfAborted();
  return result;
}

/** Whether there is such a program. */
export async function hasFfprobe(options: FfprobeOptions): Promise<boolean> {
  return (await run(['-version'], options)).kind !== 'absent';
}

function run(args: readonly string[], { clock, program, signal }: FfprobeOptions): Promise<FfprobeResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
    const chunks: Buffer[] = [];
    let [bytes, isStopped] = [0, false];
    const stop = (): void => {
      isStopped = true;
      child.kill('SIGKILL');
    };
    const timer = clock.after(TIMEOUT_MS, stop);
    signal.addEventListener('abort', stop, { once: true });
    const end = (result: FfprobeResult): void => {
      timer.cancel();
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    // Not even started; without file descriptors there is no `close` after it, and no output either.
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      end({ kind: code === 'ENOENT' || code === 'EACCES' ? 'absent' : 'failed' });
    });
    child.once('close', (code) => {
      const isWhole = !isStopped && code === 0;
      end(isWhole ? { kind: 'printed', text: Buffer.concat(chunks).toString('utf8') } : { kind: 'failed' });
    });
    (child.stdout as Readable | undefined)?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) stop();
      else chunks.push(chunk);
    });
    if (signal.aborted) stop();
  });
}
