// Makes the short videos that say why nothing plays: one still frame each, nominally 30 minutes long, so that no player
// takes the title for watched. Needs ffmpeg and the DejaVu fonts; its output is committed. Knows nothing of the server.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClipReason } from '../addon/index.js';

interface Words {
  readonly headline: string;
  readonly advice: readonly string[];
}

const CLIPS: Readonly<Record<ClipReason, Words>> = {
  preparing: {
    headline: 'Still getting ready',
    advice: [
      'This stream is on its way, but it needs longer than players wait.',
      'Go back and open it again in a moment.',
    ],
  },
  'no-peers': {
    headline: 'Nobody is sharing this',
    advice: ['No one who has this torrent could be reached.', 'Choose another stream, or try again later.'],
  },
  'articles-missing': {
    headline: 'Parts are missing',
    advice: ['Your news providers no longer have all of this release.', 'Choose another stream.'],
  },
  archive: {
    headline: 'Locked or packed',
    advice: ['It is inside an archive that needs a password or cannot be read.', 'Choose another stream.'],
  },
  'wrong-episode': {
    headline: 'Not this episode',
    advice: ['The episode you opened is not in this release.', 'Choose another stream.'],
  },
  busy: {
    headline: 'Busy right now',
    advice: [
      'The server has no room for one more, or its disk is full.',
      'Stop something else, or try again in a moment.',
    ],
  },
  unauthorised: {
    headline: 'This link is no longer valid',
    advice: ['The key in the address of the addon has changed.', 'Open its page and install it again.'],
  },
  unplayable: {
    headline: 'This one will not play',
    advice: ['Something is wrong with this release or with where it comes from.', 'Choose another stream.'],
  },
};

const usage = `usage: npm run clips [-- <font directory>]
Writes addon/clips/<reason>.mp4 with ffmpeg. The fonts are DejaVuSans.ttf and DejaVuSans-Bold.ttf.`;

const OUT_DIR = join('addon', 'clips');
const LOGO = join('manifest', 'logo.png');
const DEFAULT_FONT_DIR = '/usr/share/fonts/truetype/dejavu';
const MAX_CLIP_BYTES = 200_000;
const LENGTH_SECONDS = 30 * 60;
/** One frame a second is the slowest that every player takes; a key frame every ten minutes keeps seeking possible. */
const ENCODING = `-c:v libx264 -profile:v main -pix_fmt yuv420p -preset veryslow -tune stillimage -crf 27 -r 1
  -g 600 -sc_threshold 0 -flags +bitexact -fflags +bitexact -map_metadata -1 -movflags +faststart`.split(/\s+/);

/** Text reaches ffmpeg in files: no quoting, whatever it says. */
function drawText(textFile: string, font: string, style: { size: number; colour: string; y: number }): string {
  const { size, colour, y } = style;
  return `drawtext=fontfile=${font}:textfile=${textFile}:expansion=none:fontsize=${size}:fontcolor=${colour}:x=(w-tw)/2:y=${y}`;
}

function makeClip(reason: string, words: Words, dirs: { work: string; fonts: string }): void {
  const lines = [words.headline, ...words.advice].map((text, index) => {
    const file = join(dirs.work, `${reason}-${index}.txt`);
    writeFileSync(file, text);
    return file;
  });
  const bold = join(dirs.fonts, 'DejaVuSans-Bold.ttf');
  const plain = join(dirs.fonts, 'DejaVuSans.ttf');
  const texts = lines.map((file, index) =>
    index === 0
      ? drawText(file, bold, { size: 64, colour: 'white', y: 350 })
      : drawText(file, plain, { size: 30, colour: '0xc9c3ea', y: 410 + 50 * index }),
  );
  const filter = `[1]scale=128:128[logo];[0][logo]overlay=(W-w)/2:150[frame];[frame]${texts.join(',')}`;
  const ground = `color=c=0x15112b:s=1280x720:r=1:d=${LENGTH_SECONDS}`;
  const output = join(OUT_DIR, `${reason}.mp4`);
  const inputs = ['-f', 'lavfi', '-i', ground, '-i', LOGO];
  run('ffmpeg', ['-nostdin', '-y', '-v', 'error', ...inputs, '-filter_complex', filter, ...ENCODING, output]);
  const { size } = statSync(output);
  if (size > MAX_CLIP_BYTES) throw new Error(`${output} has ${size} bytes; at most ${MAX_CLIP_BYTES} are allowed.`);
  process.stdout.write(`${output}  ${size} bytes\n`);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}.`);
}

function main(fonts: string): void {
  mkdirSync(OUT_DIR, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'headstart-clips-'));
  try {
    for (const [reason, words] of Object.entries(CLIPS)) makeClip(reason, words, { work, fonts });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.argv.includes('--help')) process.stdout.write(`${usage}\n`);
else main(process.argv[2] ?? DEFAULT_FONT_DIR);
