// The cache of posted films: what was read comes from disk, also after a restart or a kill; it may be small, damaged, or without
// a disk. Films play all the same.

import { appendFile, open as openFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { pseudoRandomBytes, repeatedSource, type ByteSource } from '../../scripts/lab/index.js';

import { diskUsage, watchDiskUsage } from '../support/disk-usage.js';
import { askHash, askRange, open, readSome } from '../support/http.js';
import { until } from '../support/until.js';
import { openUsenetLab, type PostedNzb, type UsenetLab, type UsenetLabOptions } from '../support/usenet-lab.js';
import { hashOfSource, startAnother, submitTo } from '../support/usenet-server.js';

const MEGABYTE = 1_000_000;
const PART_BYTES = 500_000;
const preload = join(process.cwd(), 'test', 'support', 'full-disk.cjs');

let lab: UsenetLab | null = null;
afterEach(async () => {
  await lab?.close();
  lab = null;
});

async function start(options: Partial<UsenetLabOptions> = {}): Promise<UsenetLab> {
  lab = await openUsenetLab({ server: 'scripted', ...options });
  return lab;
}

const contentOf = (name: string, size: number): ByteSource => repeatedSource(pseudoRandomBytes(name, 3_000_000), size);

function posted(name: string, content: ByteSource): Promise<PostedNzb> {
  return lab!.post(name, [{ name: `${name}.mkv`, content }], { partBytes: PART_BYTES, isFast: true });
}

async function streamOf(nzbUrl: string): Promise<string> {
  const { status, json } = await lab!.submit(nzbUrl);
  if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(json)}`);
  return (json.streams as [{ url: string }])[0].url;
}

/** The same address at the present run of the server. */
const here = (url: string): string => {
  const { pathname, search } = new URL(url);
  return lab!.headstart.url(`${pathname}${search}`);
};
const bodies = (): number => lab!.scripted.counts.commands.get('BODY') ?? 0;
const articlesFolder = (): string => join(lab!.headstart.dataDir, 'cache', 'usenet');

async function packs(): Promise<string[]> {
  const names = await readdir(articlesFolder(), { recursive: true }).catch(() => []);
  return names.filter((name) => /\/\d+\.pack$/.test(name)).map((name) => join(articlesFolder(), name));
}

/** All articles of a film are on disk. */
function untilKept(content: ByteSource): Promise<unknown> {
  return until('everything is on disk', async () => (await diskUsage(articlesFolder())) >= content.sizeBytes);
}

describe('the cache of posted films', () => {
  it('a second reader - gets everything from disk; after a restart too', async () => {
    await start();
    const content = contentOf('Twice', 12 * MEGABYTE);
    const url = await streamOf((await posted('Twice', content)).nzbUrl);
    const expected = { status: 200, sha256: hashOfSource(content) };
    expect(await askHash(url)).toMatchObject(expected);
    await untilKept(content);
    const asked = bodies();
    expect(await askHash(url)).toMatchObject(expected);
    expect(bodies()).toBe(asked);
    expect(await lab!.headstart.stop()).toBe(0);
    await lab!.headstart.start();
    expect(await askHash(here(url))).toMatchObject(expected);
    expect(bodies()).toBe(asked);
  });

  it('killed while it is read - half-written articles are never served; what was kept is not fetched again', async () => {
    await start();
    const content = contentOf('Killed', 40 * MEGABYTE);
    const url = await streamOf((await posted('Killed', content)).nzbUrl);
    const response = await open(url);
    response.on('error', () => undefined);
    await readSome(response, 15 * MEGABYTE);
    await until('some of it is on disk', async () => (await diskUsage(articlesFolder())) >= 12 * PART_BYTES);
    await lab!.headstart.kill();
    for (const pack of await packs()) await appendFile(pack, Buffer.alloc(100_000, 7));
    await lab!.headstart.start();
    const asked = bodies();
    expect(await askHash(here(url))).toMatchObject({ status: 200, sha256: hashOfSource(content) });
    expect(bodies() - asked).toBeLessThanOrEqual(content.sizeBytes / PART_BYTES - 8);
  });

  it('damaged articles on disk - are fetched again', async () => {
    await start();
    const content = contentOf('Damaged', 8 * MEGABYTE);
    const url = await streamOf((await posted('Damaged', content)).nzbUrl);
    await askHash(url);
    await untilKept(content);
    await lab!.headstart.stop();
    const [pack] = (await packs()) as [string];
    const file = await openFile(pack, 'r+');
    await file.write(Buffer.from([1, 2, 3, 4]), 0, 4, 100_000);
    const { size } = await file.stat();
    await file.close();
    await truncate(pack, size - 5000);
    await lab!.headstart.start();
    const asked = bodies();
    expect(await askHash(here(url))).toMatchObject({ status: 200, sha256: hashOfSource(content) });
    expect(bodies() - asked).toBe(2);
  });

  it('a film of 200 MB and a cache of 64 MB - plays to its end, and the disk never holds more', async () => {
    await start({ headstart: { env: { CACHE_MAX_BYTES: '64MB' } } });
    const content = contentOf('Large', 200 * MEGABYTE);
    const url = await streamOf((await posted('Large', content)).nzbUrl);
    const usage = watchDiskUsage(articlesFolder());
    expect(await askHash(url)).toMatchObject({ status: 200, sha256: hashOfSource(content) });
    const { body } = await askRange(url, 0, MEGABYTE);
    expect(body.equals(content.read(0, MEGABYTE))).toBe(true);
    expect(await usage.stop()).toBeLessThanOrEqual(64 * MEGABYTE);
    expect(await diskUsage(articlesFolder())).toBeGreaterThan(10 * MEGABYTE);
  });

  it('a full disk - plays, and keeps nothing; keeps again when there is room', async () => {
    await start();
    const { dataDir } = lab!.headstart;
    await lab!.headstart.stop();
    const flag = join(dataDir, 'full');
    await writeFile(flag, '');
    const server = await startAnother(lab!, {
      NODE_OPTIONS: [process.env.NODE_OPTIONS, `--require=${preload}`].filter(Boolean).join(' '),
      HEADSTART_TEST_FULL_DISK: flag,
      HEADSTART_TEST_FULL_FOLDER: join(dataDir, 'cache'),
    });
    const content = contentOf('Full', 12 * MEGABYTE);
    const { nzbUrl } = await posted('Full', content);
    const { status, json } = await submitTo(server, nzbUrl);
    expect(status).toBe(200);
    const [{ url }] = json.streams as [{ url: string }];
    expect(await askHash(url)).toMatchObject({ status: 200, sha256: hashOfSource(content) });
    expect(await packs()).toEqual([]);
    await rm(flag);
    await server.stop();
    await server.start();
    const again = new URL(url);
    expect(await askHash(server.url(`${again.pathname}${again.search}`))).toMatchObject({ status: 200 });
    await untilKept(content);
  });
});
