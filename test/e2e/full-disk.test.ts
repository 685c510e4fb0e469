// The disk is full: the viewer is told so, nothing is damaged, and all is well once there is room again.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask, askHash } from '../support/http.js';
import { seed } from '../support/libtorrent-seeder.js';
import { prepare, untilReady } from '../support/prepare.js';
import { Resources } from '../support/resources.js';
import { makeTorrent, type MadeTorrent } from '../support/torrent-maker.js';
import { until } from '../support/until.js';

const preload = join(process.cwd(), 'test', 'support', 'full-disk.cjs');

describe('a full disk', () => {
  let resources: Resources;
  let server: HeadstartProcess;
  let torrent: MadeTorrent;
  let flag: string;
  let peer: string;
  beforeEach(async () => {
    resources = new Resources();
    const dataDir = await resources.folder();
    const folder = await resources.folder();
    flag = join(folder, 'full');
    const nodeOptions = [process.env.NODE_OPTIONS, `--require=${preload}`].filter(Boolean).join(' ');
    const env = {
      NODE_OPTIONS: nodeOptions,
      HEADSTART_TEST_FULL_DISK: flag,
      HEADSTART_TEST_FULL_FOLDER: join(dataDir, 'cache'),
      STREAM_STALL_TIMEOUT: '5s',
    };
    server = resources.use(await startHeadstart({ dataDir, env }));
    torrent = await makeTorrent({
      folder,
      name: 'Full.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 8_000_000 }],
    });
    const seeder = resources.use(await seed([torrent], { uploadLimit: 4_000_000 }));
    peer = seeder.address;
  });
  afterEach(() => resources.close(), 30_000);

  const prepared = (): ReturnType<typeof prepare> =>
    prepare(server, torrent.infoHash, { magnet: torrent.magnet, initial_peers: peer });

  it('preparation - fails and says why; succeeds as soon as there is room', async () => {
    await writeFile(flag, '');
    await expect(prepared().then((job) => untilReady(job))).rejects.toThrow(/disk|space|full/i);
    await rm(flag);
    const job = await prepared();
    await untilReady(job);
    expect(await askHash(job.streamUrl)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('a film that plays - is cut off, never ended as if whole; goes on as soon as there is room', async () => {
    const job = await prepared();
    await untilReady(job);
    const whole = askHash(job.streamUrl);
    await writeFile(flag, '');
    await expect(whole).rejects.toThrow();
    expect((await ask(server.url('/health'))).status).toBe(200);
    await rm(flag);
    const again = await until('it plays again', () => askHash(job.streamUrl).catch(() => null));
    expect(again).toMatchObject({ status: 200, sha256: torrent.files[0]?.sha256 });
  });
});
