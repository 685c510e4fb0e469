import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { HoleLedger } from '../../../../../backend/engines/usenet/files/hole-ledger.js';
import type { PostedFile } from '../../../../../backend/engines/usenet/files/posted-file.js';
import { UsenetMediaFile } from '../../../../../backend/engines/usenet/files/usenet-media-file.js';
import { openRelease } from '../../../../../backend/engines/usenet/release/open-release.js';
import type { InnerFile, OpenedRelease } from '../../../../../backend/engines/usenet/release/open-release.js';
import { archiveFixture, archiveFixtures, fixtureBytes, sha256 } from '../../../../support/archive-fixtures.js';
import { evenParts, MemoryArticles, post, testContent } from '../../../../support/posted-files.js';

const PART_BYTES = 40_000;

function postSet(articles: MemoryArticles, set: string, nameOf = (name: string): string => name): PostedFile[] {
  const files: PostedFile[] = [];
  const partBytesHint = (): number | null => files.find(({ map }) => map.partBytes !== null)?.map.partBytes ?? null;
  for (const [place, volume] of archiveFixture(set).volumes.entries()) {
    const bytes = fixtureBytes(set, volume);
    const parts = evenParts(bytes.length, PART_BYTES);
    files.push(
      post(articles, bytes, { name: nameOf(volume), place, parts, partBytesHint, windowLimit: () => 8_000_000 }),
    );
  }
  return files;
}

function open(
  all: readonly PostedFile[],
  passwords: readonly string[],
  name = 'Open.Film.2024',
): Promise<OpenedRelease> {
  const { signal } = new AbortController();
  return openRelease({ contentId: testContent, all, name, passwords, signal });
}

function mediaFile(inner: InnerFile): UsenetMediaFile {
  return new UsenetMediaFile({
    ...inner,
    contentId: testContent,
    modifiedAt: new Date(0),
    holes: new HoleLedger(inner.sizeBytes, false),
    reading: () => () => undefined,
    windowLimit: () => 8_000_000,
  });
}

async function read(inner: InnerFile, start: number, end: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const { signal } = new AbortController();
  for await (const chunk of mediaFile(inner).open({ start, end }, { signal })) parts.push(chunk.slice());
  return Buffer.concat(parts);
}

async function expectWhole(release: OpenedRelease, set: string): Promise<void> {
  const videos = Object.entries(archiveFixture(set).contains).filter(([name]) => name.endsWith('.mkv'));
  for (const [name, { size, sha256: hash }] of videos) {
    const inner = release.files.find((file) => file.name === name || videos.length === 1);
    expect(inner?.sizeBytes).toBe(size);
    const whole = await read(inner!, 0, size);
    expect(sha256(whole)).toBe(hash);
    for (let n = 0; n < 12; n += 1) {
      const start = Math.floor((size * ((n * 37) % 101)) / 101);
      const end = Math.min(size, start + 1 + ((n * 7919) % 90_000));
      expect(Buffer.compare(await read(inner!, start, end), whole.subarray(start, end))).toBe(0);
    }
  }
}

describe('openRelease', () => {
  const fixtures = archiveFixtures().map((set) => [set.name, set] as const);
  const stored = fixtures.filter(([, set]) => set.stored);
  const packed = fixtures.filter(([, set]) => !set.stored);

  it.each(stored)('%s - every video reads as it was packed, whole and in parts', async (name, { password }) => {
    const articles = new MemoryArticles();
    const release = await open(postSet(articles, name), password === null ? [] : [password]);
    await expectWhole(release, name);
    expect(articles.held).toBe(0);
  });

  it.each(packed)('%s - is refused as compressed', async (name) => {
    await expect(open(postSet(new MemoryArticles(), name), [])).rejects.toMatchObject({
      code: expect.stringMatching(/^ARCHIVE_(COMPRESSED|SOLID)$/),
    });
  });

  it.each(['rar5-volumes', 'rar4-volumes', '7z-stored-split', 'rar5-pack'])(
    '%s - under meaningless names - is known by its headers',
    async (name) => {
      const release = await open(
        postSet(new MemoryArticles(), name, (volume) => createHash('md5').update(volume).digest('hex')),
        [],
      );
      await expectWhole(release, name);
    },
  );

  it.each(['rar5-password', 'rar5-encrypted-headers', 'rar4-encrypted-headers', '7z-stored-encrypted'])(
    '%s - without its password - says that one is needed',
    async (name) => {
      await expect(open(postSet(new MemoryArticles(), name), ['wrong'])).rejects.toMatchObject({
        code: 'ARCHIVE_PASSWORD',
      });
    },
  );

  it('a set of volumes - is opened with articles of the first one alone', async () => {
    const articles = new MemoryArticles();
    await open(postSet(articles, 'rar5-volumes'), []);
    expect([...new Set(articles.asked.map((id) => id.split('/')[0]))]).toEqual(['open.film.part1.rar']);
  });

  it('an archive with a name that says nothing - takes that of the film in it', async () => {
    const release = await open(postSet(new MemoryArticles(), 'rar5-volumes'), [], 'film');
    expect(release.name).toBe('Open.Film.2024.1080p.WEB.x264-DEMO');
    expect((await open(postSet(new MemoryArticles(), 'rar5-pack'), [], 'show')).name).toBe('show');
  });

  it('a first volume that is gone - is missing articles, not an unknown archive', async () => {
    const articles = new MemoryArticles();
    const files = postSet(articles, 'rar5-volumes');
    for (const id of articles.articles.keys()) if (id.startsWith(`${files[0]!.name}/`)) articles.missing.add(id);
    await expect(open(files, [])).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });
});
