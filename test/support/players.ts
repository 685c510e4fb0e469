// Real players over HTTP, without screen or speakers: what they say and how they end is the test's evidence.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How a player ended and everything it printed. */
export interface PlayerResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a player; killed after `timeoutMs` (then `code` is null). */
export async function run(command: string, args: readonly string[], timeoutMs = 150_000): Promise<PlayerResult> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const killer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(killer);
  return { code, output };
}

/** Plays with mpv as fast as it decodes, from `startSeconds`, `lengthSeconds` long. */
export function playWithMpv(
  url: string,
  o: { startSeconds?: number; lengthSeconds?: number } = {},
): Promise<PlayerResult> {
  const seek = o.startSeconds === undefined ? [] : [`--start=${String(o.startSeconds)}`];
  const length = o.lengthSeconds === undefined ? [] : [`--length=${String(o.lengthSeconds)}`];
  const quiet = [
    '--no-config',
    '--vo=null',
    '--ao=null',
    '--ao-null-untimed=yes',
    '--untimed',
    '--terminal=yes',
    '--msg-level=all=warn,cplayer=info',
  ];
  return run('mpv', [...quiet, ...seek, ...length, url]);
}

/** Decodes every frame with ffmpeg, from `startSeconds` when given; `-xerror` makes any damage an error. */
export function decodeWithFfmpeg(
  url: string,
  o: { startSeconds?: number; lengthSeconds?: number } = {},
): Promise<PlayerResult> {
  const seek = o.startSeconds === undefined ? [] : ['-ss', String(o.startSeconds)];
  const length = o.lengthSeconds === undefined ? [] : ['-t', String(o.lengthSeconds)];
  return run('ffmpeg', [
    '-nostdin',
    '-v',
    'error',
    '-xerror',
    '-stats',
    ...seek,
    '-i',
    url,
    ...length,
    '-f',
    'null',
    '-',
  ]);
}

/** Duration in seconds as ffprobe sees it over HTTP. */
export async function probeDuration(url: string): Promise<number> {
  const { code, output } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'format=duration',
    '-of',
    'csv=p=0',
    url,
  ]);
  if (code !== 0) throw new Error(`ffprobe failed: ${output}`);
  return Number(output.trim());
}
