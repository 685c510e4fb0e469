// Real players over Usenet posts on a real news server: mpv and ffmpeg play a plain video, a RAR set and encrypted ones, plain
// and over TLS with a login.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';

import { rarVolumes } from '../../scripts/fixtures/index.js';
import { sourceOfBytes } from '../../scripts/lab/index.js';

import { clip } from '../support/media.js';
import { decodeWithFfmpeg, playWithMpv, probeDuration } from '../support/players.js';
import { openUsenetLab, type UsenetLab, type UsenetLabOptions } from '../support/usenet-lab.js';

const seconds = 12;
const encrypted = ['rar5-encrypted-headers', 'rar4-password', '7z-stored-encrypted'];

describe.each<[string, UsenetLabOptions]>([
  ['INN', { server: 'inn', sets: encrypted }],
  [
    'INN over TLS, with a login',
    { server: 'inn', inn: { hasTls: true, account: { user: 'a@b', password: 'p:w %' } }, sets: encrypted },
  ],
])('players on %s', (_title, options) => {
  let lab: UsenetLab;
  let film: Buffer;
  beforeAll(async () => {
    film = await readFile(await clip({ container: 'mkv', seconds, kilobitsPerSecond: 1600 }));
    lab = await openUsenetLab(options);
  });
  afterAll(() => lab.close());

  it.each(['a plain video', 'a RAR set'])('%s - mpv and ffmpeg play it whole and from a seek', async (what) => {
    const innerName = 'Played.Film.2024.mkv';
    const content = sourceOfBytes(film);
    const files =
      what === 'a RAR set'
        ? rarVolumes({ format: 'rar5', innerName, content, volumeBytes: 400_000 })
        : [{ name: innerName, content }];
    const [stream] = await lab.streams(await lab.post(what, files, { partBytes: 100_000 }));
    const url = stream?.url ?? '';
    expect(await probeDuration(url)).toBeCloseTo(seconds, 0);
    const seeked = await playWithMpv(url, { startSeconds: 8, lengthSeconds: 2 });
    expect(seeked).toMatchObject({ code: 0 });
    expect(seeked.output).toMatch(/End of file/);
    const decoded = await decodeWithFfmpeg(url);
    expect(decoded).toEqual({ code: 0, output: decoded.output });
    expect(decoded.output).toMatch(new RegExp(`frame= *${seconds * 25}`));
    const played = await playWithMpv(url);
    expect(played).toEqual({ code: 0, output: played.output });
  });

  it.each(encrypted)('%s - mpv and ffmpeg play it decrypted', async (name) => {
    const [stream] = await lab.streams(lab.set(name));
    const url = stream?.url ?? '';
    const decoded = await decodeWithFfmpeg(url);
    expect(decoded).toEqual({ code: 0, output: decoded.output });
    const played = await playWithMpv(url, { startSeconds: 1 });
    expect(played).toMatchObject({ code: 0 });
    expect(played.output).toMatch(/End of file/);
  });
});
