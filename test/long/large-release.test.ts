// Large Usenet posts: a film of 1 GB in a RAR set on a real news server, read whole, in random ranges and after seeks; and one of
// 5 GB streamed through a cache of 1 GB. Memory, disk and connections stay within what was configured.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { rarVolumes } from '../../scripts/fixtures/index.js';
import { pseudoRandomBytes, randomNumbers, repeatedSource } from '../../scripts/lab/index.js';
import { watchDiskUsage } from '../support/disk-usage.js';
import { askHash, askRange, open, readSome, sha256 } from '../support/http.js';
import { mountRemote } from '../support/rclone-mount.js';
import { Rclone } from '../support/rclone.js';
import { connectionsTo } from '../support/sockets.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';
import { hashOfSource } from '../support/usenet-server.js';
import { watchHighest } from '../support/watch-highest.js';

const mebibyte = 1024 * 1024;
const connections = 6;
const residentLimit = 500 * mebibyte;

describe('large releases', () => {
  let lab: UsenetLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  }, 60_000);

  it('1 GB in RAR volumes of 15 MB on INN - is hash-equal whole, in 200 random ranges and after seeks', async () => {
    lab = await openUsenetLab({ server: 'inn', provider: `connections=${connections}` });
    const { headstart, news } = lab;
    const content = repeatedSource(pseudoRandomBytes('large release', 7_340_033), 1_000_000_000);
    const volumes = rarVolumes({
      format: 'rar5',
      innerName: 'Large.Film.2024.mkv',
      content,
      volumeBytes: 15_000_000,
      hasChecksums: false,
    });
    const posted = await lab.post('Large.Film.2024', volumes, { isFast: true });
    const resident = watchHighest(() => headstart.residentBytes(), 100);
    const dialled = watchHighest(() => connectionsTo(headstart.pid, news.port), 100);
    const [stream] = await lab.streams(posted);
    const url = stream?.url ?? '';
    expect(await askHash(url)).toMatchObject({ sizeBytes: content.sizeBytes, sha256: hashOfSource(content) });
    const random = randomNumbers(1);
    for (let round = 0; round < 200; round += 1) {
      const start = Math.floor(random() * (content.sizeBytes - 1));
      const end = Math.min(content.sizeBytes, start + 1 + Math.floor(random() * mebibyte));
      const { body } = await askRange(url, start, end);
      expect(sha256(body)).toBe(sha256(content.read(start, end - start)));
    }
    for (let seek = 0; seek < 30; seek += 1) {
      const start = Math.floor(random() * (content.sizeBytes - mebibyte));
      const response = await open(url, { headers: { range: `bytes=${start}-` } });
      const beginning = (await readSome(response, 300_000)).subarray(0, 300_000);
      response.destroy();
      expect(sha256(beginning)).toBe(sha256(content.read(start, 300_000)));
    }
    expect(await resident.stop()).toBeLessThan(residentLimit);
    const highest = await dialled.stop();
    expect(highest).toBeGreaterThan(0);
    expect(highest).toBeLessThanOrEqual(connections);
  }, 900_000);

  it('5 GB through a cache of 1 GB - is hash-equal, mounted by rclone too, and neither disk nor memory grow beyond their limits', async () => {
    lab = await openUsenetLab({
      server: 'scripted',
      provider: `connections=${connections}`,
      headstart: { env: { CACHE_MAX_BYTES: '1GB', LOG_LEVEL: 'info' } },
    });
    const { headstart, scripted } = lab;
    // Seven articles that repeat: encoded once, and one in another's place still shows.
    const content = repeatedSource(pseudoRandomBytes('larger release', 7 * 716_800), 5_000_000_000);
    const posted = await lab.post('Larger.Film.2024', [{ name: 'Larger.Film.2024.mkv', content }], { isFast: true });
    const resident = watchHighest(() => headstart.residentBytes(), 100);
    const disk = watchDiskUsage(join(headstart.dataDir, 'cache'), 250);
    const [stream] = await lab.streams(posted);
    const url = stream?.url ?? '';
    expect(await askHash(url)).toMatchObject({ sizeBytes: content.sizeBytes, sha256: hashOfSource(content) });
    const password = (await readFile(join(headstart.dataDir, 'webdav-password'), 'utf8')).trim();
    const remote = await Rclone.open({ url: headstart.url('/webdav/'), user: 'headstart', password });
    const mounted = await mountRemote(remote.env);
    const hash = createHash('sha256');
    for await (const chunk of await mounted.read('complete/stremio/Larger.Film.2024/Larger.Film.2024.mkv')) {
      hash.update(chunk as Buffer);
    }
    await mounted.close();
    expect(hash.digest('hex')).toBe(hashOfSource(content));
    expect(await disk.stop()).toBeLessThanOrEqual(1_000_000_000);
    expect(await resident.stop()).toBeLessThan(residentLimit);
    expect(scripted.counts.highestOpen).toBeLessThanOrEqual(connections);
  }, 900_000);
});
