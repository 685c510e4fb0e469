// Small real films, made by ffmpeg once and kept between runs where the other tools keep their caches.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const cacheFolder = join(process.cwd(), 'node_modules', '.cache', 'headstart-media');

/** What to make: a moving test picture with a tone. */
export interface ClipRecipe {
  readonly container: 'mkv' | 'mp4' | 'ts' | 'avi';
  readonly seconds: number;
  /** Video bit rate in kbit/s; decides the size. */
  readonly kilobitsPerSecond: number;
  /** MP4 with its index in front instead of at the end. */
  readonly isFastStart?: boolean;
  /** SubRip that becomes a track of English text; MKV only. */
  readonly subtitles?: string;
}

/** Path of the clip; read only, shared by all tests. */
export async function clip(recipe: ClipRecipe): Promise<string> {
  const key = createHash('sha1').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
  const path = join(cacheFolder, `${key}.${recipe.container}`);
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    return path;
  await mkdir(cacheFolder, { recursive: true });
  const draft = join(cacheFolder, `${key}-${String(process.pid)}-${String(Date.now())}.${recipe.container}`);
  await encode(recipe, draft);
  await rename(draft, path);
  return path;
}

async function encode(recipe: ClipRecipe, path: string): Promise<void> {
  const rate = `${String(recipe.kilobitsPerSecond)}k`;
  const video = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-b:v',
    rate,
    '-minrate',
    rate,
    '-maxrate',
    rate,
    '-bufsize',
    rate,
  ];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine=frequency=440'];
  const constant = ['-x264-params', 'nal-hrd=cbr:keyint=50', '-c:a', 'aac', '-b:a', '64k', '-shortest'];
  const index = recipe.isFastStart ? ['-movflags', '+faststart'] : [];
  const length = ['-t', String(recipe.seconds)];
  const quiet = ['-nostdin', '-v', 'error', '-y'];
  const text = `${path}.srt`;
  const track = ['-map', '0', '-map', '1', '-map', '2', '-c:s', 'srt', '-metadata:s:s:0', 'language=eng'];
  const [spoken, tracks] = recipe.subtitles === undefined ? [[], []] : [['-i', text], track];
  await writeFile(text, recipe.subtitles ?? '');
  const child = spawn(
    'ffmpeg',
    [...quiet, ...picture, ...spoken, ...tracks, ...length, ...video, ...constant, ...index, path],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  await rm(text);
  if (code !== 0) throw new Error('ffmpeg could not make the clip: is it installed?');
}
