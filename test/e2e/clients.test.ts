// Clients as a user writes them from the description of the preparation API, run as they are.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { run } from '../support/players.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const folder = join(process.cwd(), 'test', 'fixtures', 'clients');

describe('clients of the preparation api', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(() => lab.close());

  it.each([
    ['bash', 'bash', 'play.sh'],
    ['JavaScript', process.execPath, 'play.mjs'],
    ['Python', '/usr/bin/python3', 'play.py'],
  ])('%s - prepares, polls and has the film', async (language, command, script) => {
    const torrent = await lab.make({
      name: `${language} film.mkv`,
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 800_001 }],
    });
    const output = join(await lab.resources.folder(), 'film.mkv');
    const ended = await run('env', [
      `BASE=${lab.server.origin}`,
      `KEY=${lab.server.apiKey}`,
      command,
      join(folder, script),
      torrent.infoHash,
      torrent.magnet,
      output,
    ]);
    expect(ended).toMatchObject({ code: 0 });
    expect(
      createHash('sha256')
        .update(await readFile(output))
        .digest('hex'),
    ).toBe(torrent.files[0]?.sha256);
  });
});
