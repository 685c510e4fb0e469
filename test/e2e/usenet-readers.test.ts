// Many readers of posted films, and rude ones: right bytes wherever they read, bounded memory, and silence soon after they left.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { rarVolumes } from '../../scripts/fixtures/index.js';
import { pseudoRandomBytes, randomNumbers, repeatedSource, type ByteSource } from '../../scripts/lab/index.js';

import { ask, askHash, askRange, open, readSome } from '../support/http.js';
import { until } from '../support/until.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';
import { hashOfSource } from '../support/usenet-server.js';

const MEGABYTE = 1_000_000;
const PART_BYTES = 100_000;
const CONNECTIONS = 6;

interface Film {
  readonly url: string;
  readonly content: ByteSource;
}

describe('readers of posted films', () => {
  let lab: UsenetLab;
  const films: Film[] = [];
  beforeAll(async () => {
    lab = await openUsenetLab({
      server: 'scripted',
      provider: `connections=${String(CONNECTIONS)}`,
      headstart: { env: { MEMORY_CACHE: '64MB' } },
    });
    for (const name of ['One', 'Two', 'Three']) films.push(await plain(name));
  });
  afterAll(() => lab.close());

  const contentOf = (name: string, size: number): ByteSource =>
    repeatedSource(pseudoRandomBytes(name, 1_000_000), size);

  async function streamOf(nzbUrl: string): Promise<string> {
    const { status, json } = await lab.submit(nzbUrl);
    if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(json)}`);
    return (json.streams as [{ url: string }])[0].url;
  }

  async function plain(name: string, size = 40 * MEGABYTE): Promise<Film> {
    const content = contentOf(name, size);
    const files = [{ name: `${name}.mkv`, content }];
    const { nzbUrl } = await lab.post(name, files, { partBytes: PART_BYTES, isFast: true });
    return { url: await streamOf(nzbUrl), content };
  }

  /** `GET /api/providers` of the one provider. */
  async function provider(): Promise<{ open: number; busy: number }> {
    const { json } = await lab.headstart.get('/api/providers');
    return (json.providers as [{ connections: { open: number; busy: number } }])[0].connections;
  }

  /** Nothing is under way, and no body is asked for any more. */
  async function idle(): Promise<void> {
    await until('nothing is under way', async () => (await provider()).busy === 0);
    const bodies = lab.scripted.counts.commands.get('BODY');
    await provider();
    expect(lab.scripted.counts.commands.get('BODY')).toBe(bodies);
    expect(lab.scripted.counts.open).toBeLessThanOrEqual(CONNECTIONS);
  }

  async function readsRight({ url, content }: Film, start: number, length: number): Promise<void> {
    const end = Math.min(content.sizeBytes, start + length);
    const { status, body } = await askRange(url, start, end);
    expect(status).toBe(206);
    expect(body.equals(content.read(start, end - start))).toBe(true);
  }

  const sockets = async (): Promise<number> =>
    (await lab.headstart.openHandles()).filter((handle) => handle === 'socket').length;

  it('the last 500 bytes of a fresh film - come at once, from its last article', async () => {
    const { url, content } = await plain('Fresh');
    const { status, body } = await ask(url, { headers: { range: 'bytes=-500' } });
    expect(status).toBe(206);
    expect(body.equals(content.read(content.sizeBytes - 500, 500))).toBe(true);
  });

  it('the last 500 bytes of a fresh RAR set - come without the volumes between', async () => {
    const content = contentOf('Packed', 30 * MEGABYTE);
    const volumes = rarVolumes({ format: 'rar5', innerName: 'Packed.mkv', content, volumeBytes: 3 * MEGABYTE });
    const post = await lab.post('Packed', volumes, { partBytes: PART_BYTES, isFast: true });
    const url = await streamOf(post.nzbUrl);
    const { status, body } = await ask(url, { headers: { range: 'bytes=-500' } });
    expect(status).toBe(206);
    expect(body.equals(content.read(content.sizeBytes - 500, 500))).toBe(true);
    const middle = post.messageIds[volumes[5]?.name ?? ''] ?? [];
    expect(middle.slice(1).reduce((sum, id) => sum + lab.scripted.fetches(id), 0)).toBe(0);
  });

  it('a seek storm of 100 aborted ranges - leaves a film that reads right, and silence', async () => {
    const film = await plain('Storm');
    const random = randomNumbers(11);
    const before = await sockets();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        Array.from({ length: 5 }, async () => {
          const start = Math.floor(random() * (film.content.sizeBytes - MEGABYTE));
          const response = await open(film.url, { headers: { range: `bytes=${String(start)}-` } });
          response.on('error', () => undefined);
          const some = await readSome(response, 1 + Math.floor(random() * 2000));
          expect(some.equals(film.content.read(start, some.length))).toBe(true);
          response.destroy();
        }),
      );
    }
    await idle();
    expect(lab.scripted.counts.highestOpen).toBeLessThanOrEqual(CONNECTIONS);
    await until('sockets are closed', async () => (await sockets()) <= before + CONNECTIONS);
    expect(await askHash(film.url)).toMatchObject({ status: 200, sha256: hashOfSource(film.content) });
  });

  it.each([
    ['one film', () => [films[0]!]],
    ['several films', () => films],
  ])('50 readers of %s, all over it - right bytes, bounded memory, silence after', async (_title, chosen) => {
    const random = randomNumbers(50);
    const before = await lab.headstart.residentBytes();
    let highest = 0;
    const watching = setInterval(() => {
      void lab.headstart.residentBytes().then((bytes) => (highest = Math.max(highest, bytes)));
    }, 50);
    await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const film = chosen()[at % chosen().length]!;
        await readsRight(film, Math.floor(random() * film.content.sizeBytes * 0.95), 2 * MEGABYTE);
      }),
    ).finally(() => clearInterval(watching));
    await idle();
    expect(highest - before).toBeLessThan(300 * MEGABYTE);
  });

  it('200 readers that leave in the middle - leave no socket, no file and no listener behind', async () => {
    const film = films[1]!;
    await askHash(film.url);
    await idle();
    // Packs of the cache stay open for a while, a bounded number of them.
    const handles = async (): Promise<number> => {
      const all = await lab.headstart.openHandles();
      const packs = all.filter((target) => target.endsWith('.pack'));
      expect(packs.length).toBeLessThanOrEqual(32);
      return all.length - packs.length;
    };
    const before = await handles();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        Array.from({ length: 10 }, async (_, at) => {
          const response = await open(film.url, { headers: { range: `bytes=${String(at * 3 * MEGABYTE)}-` } });
          response.on('error', () => undefined);
          await readSome(response, 1000);
          response.destroy();
        }),
      );
    }
    await idle();
    await until('what was open is closed', async () => (await handles()) <= before + 2);
    expect(lab.headstart.logs).not.toMatch(/MaxListenersExceeded/);
  });
});
