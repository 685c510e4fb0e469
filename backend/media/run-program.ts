// Runs one program (ffprobe, ffmpeg) within limits of time and output, with bytes for its input where it takes any. Knows
// nothing of what it prints; no shell is involved.

import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../platform/index.js';

export interface RunOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Looked for on the path of the process. */
  readonly program: string;
  /** The program is killed then. */
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  /** Read no further once the program has ended; a read that is under way then is the caller's to end. Default: none. */
  readonly input?: AsyncIterable<Uint8Array>;
}

/** What a run came to. `absent`: there is no such program. `late`: it was too slow. `failed`: it said no, died or printed too much. */
export type RunResult =
  | { readonly kind: 'printed'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly cause?: unknown };

/** Rejects with the signal's reason only; the process is gone by then. */
export async function runProgram(args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { signal, input, program } = options;
  signal.throwIfAborted();
  const child = spawn(program, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  let inputError: unknown = null;
  if (input !== undefined && child.stdin !== null) {
    void feed(input, child.stdin).catch((error: unknown) => {
      inputError = error;
      // Half an input would be taken for a whole one.
      child.kill('SIGKILL');
    });
  }
  const result = await untilClosed(child, options);
  signal.throwIfAborted();
  return inputError === null || result.kind !== 'failed' ? result : { kind: 'failed', cause: inputError };
}

/** Rejects with what went wrong with the input itself: a program that reads no further is no error. */
async function feed(input: AsyncIterable<Uint8Array>, stdin: Writable): Promise<void> {
  stdin.on('error', () => undefined);
  for await (const chunk of input) {
    if (!stdin.writable) return;
    // A chunk is the reader's only until the next one.
    if (!stdin.write(Buffer.from(chunk))) await untilDrained(stdin);
  }
  stdin.end();
}

/** Resolves when more may be written, or nothing any more. */
function untilDrained(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stdin.off('drain', end);
      stdin.off('close', end);
      resolve();
    };
    if (stdin.destroyed) return resolve();
    stdin.on('drain', end);
    stdin.on('close', end);
  });
}

function untilClosed(
  child: ChildProcess,
  { clock, signal, timeoutMs, maxOutputBytes }: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stoppedAs: RunResult | null = null;
    const stop = (result: RunResult): void => {
      stoppedAs ??= result;
      child.kill('SIGKILL');
    };
    const abort = (): void => stop({ kind: 'failed' });
    const timer = clock.after(timeoutMs, () => stop({ kind: 'late' }));
    signal.addEventListener('abort', abort, { once: true });
    const end = (result: RunResult): void => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    // Not even started; without file descriptors there is no `close` after it, and no output either.
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      end({ kind: code === 'ENOENT' || code === 'EACCES' ? 'absent' : 'failed' });
    });
    child.once('close', (code) => {
      const whole: RunResult = { kind: 'printed', text: Buffer.concat(chunks).toString('utf8') };
      end(stoppedAs ?? (code === 0 ? whole : { kind: 'failed' }));
    });
    (child.stdout as Readable | undefined)?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxOutputBytes) stop({ kind: 'failed' });
      else chunks.push(chunk);
    });
  });
}
