// Runs ffprobe on one local file, within limits of time and output. Knows nothing of what it prints. The file may be made
// to do harm: only demuxers of video containers may open it, only the file itself may be read, and no shell is involved.

import type { Clock } from '../platform/index.js';
import { runProgram, type RunResult } from './run-program.js';

export interface FfprobeOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The program; looked for on the path of the process. */
  readonly program: string;
}

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
export function runFfprobe(path: string, options: FfprobeOptions): Promise<RunResult> {
  return run([...ARGUMENTS, '-i', `file:${path}`], options);
}

/** Whether there is such a program. */
export async function hasFfprobe(options: FfprobeOptions): Promise<boolean> {
  return (await run(['-version'], options)).kind !== 'absent';
}

function run(args: readonly string[], options: FfprobeOptions): Promise<RunResult> {
  return runProgram(args, { ...options, timeoutMs: TIMEOUT_MS, maxOutputBytes: MAX_OUTPUT_BYTES });
}
