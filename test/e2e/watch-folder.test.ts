// The watch folder of the built server: what is dropped into it is prepared and put away, with the reason beside what failed.

import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { postFiles, pseudoRandomSource, startNntpServer, type NntpServer, type Post } from '../../scripts/lab/index.js';
import { ask, askJson } from '../support/http.js';
import { nzbAnswer, submitNzb } from '../support/nzb-client.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

describe('watch folder', () => {
  let lab: TorrentLab;
  let news: NntpServer;
  let watch = '';
  let count = 0;
  beforeAll(async () => {
    news = await startNntpServer();
    const provider = `nntp://127.0.0.1:${String(news.port)}/?connections=2`;
    lab = await startTorrentLab({ env: { NNTP_PROVIDERS: provider, PREPARE_TIMEOUT: '15s' } });
    lab.resources.use(news);
    watch = join(lab.server.dataDir, 'watch');
  });
  afterAll(() => lab.close());

  const post = (isMissing = false): Promise<Post> => {
    const name = `Dropped.Film.${String(++count)}.2020.1080p`;
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 60_000) }];
    return postFiles(news, files, { seed: name, partBytes: 20_000, isMissing: () => isMissing, meta: { name } });
  };
  const names = (folder: string): Promise<string[]> => readdir(join(watch, folder)).catch(() => []);
  const untilThere = (folder: string, name: string): Promise<unknown> =>
    until(`${name} is in ${folder}`, async () => (await names(folder)).includes(name));
  /** As a download client does it: written elsewhere, then moved. */
  const drop = async (name: string, bytes: string | Uint8Array): Promise<void> => {
    const elsewhere = join(lab.server.dataDir, `${name}.part`);
    await writeFile(elsewhere, bytes);
    await rename(elsewhere, join(watch, name));
  };

  it('an NZB, packed or not, and a torrent - are prepared and moved to done', async () => {
    const [plain, packed] = [await post(), await post()];
    const torrent = await lab.make({
      name: 'Dropped.Torrent.2020.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 300_000 }],
    });
    await Promise.all([
      drop('plain.nzb', plain.nzb),
      drop('packed.nzb.gz', gzipSync(packed.nzb)),
      drop('film.torrent', torrent.torrentBytes),
    ]);
    await Promise.all(['plain.nzb', 'packed.nzb.gz', 'film.torrent'].map((name) => untilThere('done', name)));
    expect((await names('')).sort()).toEqual(
      expect.not.arrayContaining(['plain.nzb', 'packed.nzb.gz', 'film.torrent']),
    );
    const file = { name: 'again.nzb', bytes: Buffer.from(plain.nzb) };
    expect(nzbAnswer(await submitNzb(lab.server, {}, { file }))).toMatchObject({ _cached: true, streams: [{}] });
    const headers = { 'x-api-key': lab.server.apiKey };
    const { json } = await askJson(lab.server.url(`/stream/info/${torrent.infoHash}`), { headers });
    expect(json).toMatchObject({ files: [{ size: 300_000 }] });
    expect((await ask(lab.server.url('/health'))).status).toBe(200);
  });

  it('what does not play - is moved to failed, with the reason beside it', async () => {
    const dead = await post(true);
    const torrent = await lab.make({
      name: 'Nobody.2020.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 300_000 }],
      isSeeded: false,
    });
    await Promise.all([
      drop('dead.nzb', dead.nzb),
      drop('noise.nzb', 'no NZB at all'),
      drop('noise.torrent', 'no torrent at all'),
      drop('nobody.torrent', torrent.torrentBytes),
    ]);
    const reasonOf = async (name: string): Promise<string> => {
      await untilThere('failed', `${name}.txt`);
      expect(await names('failed')).toContain(name);
      return readFile(join(watch, 'failed', `${name}.txt`), 'utf8');
    };
    expect(await reasonOf('dead.nzb')).toMatch(/^ARTICLE_MISSING\n.+\n$/);
    expect(await reasonOf('noise.nzb')).toMatch(/^NZB_INVALID\n.+\n$/);
    expect(await reasonOf('noise.torrent')).toMatch(/^[A-Z_]+\n.+\n$/);
    expect(await reasonOf('nobody.torrent')).toMatch(/^NO_PEERS\nno peers\n$/);
    expect(await readFile(join(watch, 'failed', 'dead.nzb'), 'utf8')).toBe(dead.nzb);
  });

  it('other files and folders - are left alone', async () => {
    await mkdir(join(watch, 'folder.nzb'), { recursive: true });
    await Promise.all([drop('notes.txt', 'mine'), drop('.hidden.nzb', 'mine')]);
    await drop('after-them.nzb', (await post()).nzb);
    await untilThere('done', 'after-them.nzb');
    expect(await names('')).toEqual(expect.arrayContaining(['folder.nzb', 'notes.txt', '.hidden.nzb']));
  });

  it('a restart in between - loses nothing, and what is dropped meanwhile is taken', async () => {
    const [first, second] = [await post(), await post()];
    const ids = new Set(Object.values(first.messageIds).flat());
    news.set({ faults: ({ messageId }) => (ids.has(messageId) ? { kind: 'never' } : null) });
    await drop('interrupted.nzb', first.nzb);
    await until('it is looked into', () => news.fetches([...ids][0] ?? '') > 0);
    await lab.server.kill();
    expect(await names('')).toContain('interrupted.nzb');
    await drop('meanwhile.nzb', second.nzb);
    news.set({ faults: () => null });
    await lab.server.start();
    await Promise.all(['interrupted.nzb', 'meanwhile.nzb'].map((name) => untilThere('done', name)));
  });
});
