import { describe, expect, it } from '@jest/globals';
import type { NzbSource } from '../../../../backend/content/index.js';
import type { ArticleRequest } from '../../../../backend/engines/usenet/article.js';
import type { Nzb } from '../../../../backend/engines/usenet/nzb/nzb.js';
import { ReleaseShelf, type ShelvedRelease } from '../../../../backend/engines/usenet/release-shelf.js';
import { MemoryArticles, post, testContent } from '../../../support/posted-files.js';

const PARTS = 30;
const source: NzbSource = { kind: 'nzb', contentId: testContent, name: 'Open.Film.2024', passwords: [] };

function lab(
  exists: (request: ArticleRequest) => Promise<boolean | null> = async () => true,
  names: readonly string[] = ['film.mkv'],
) {
  const articles = new MemoryArticles();
  const files = names.map((fileName) => {
    post(articles, new Uint8Array(PARTS * 1000), { name: fileName });
    const segments = Array.from({ length: PARTS }, (_, index) => ({
      number: index + 1,
      sizeBytes: 1030,
      messageId: `${fileName}/${index}`,
    }));
    return { subject: '', fileName, postedAt: null, segments, segmentCount: PARTS };
  });
  const nzb: Nzb = { contentId: testContent, name: null, passwords: [], category: null, files };
  const seen = { loads: 0, forgotten: [] as string[] };
  const shelf = new ReleaseShelf({
    intake: {
      load: async () => {
        seen.loads += 1;
        return nzb;
      },
    },
    store: Object.assign(articles, { forgetMissing: () => void seen.forgotten.push('store') }),
    source: {
      exists,
      untilFetch: async () => undefined,
      forgetMissing: () => void seen.forgotten.push('providers'),
    },
    windowLimit: () => 8_000,
  });
  const get = (of = source, signal = new AbortController().signal) => shelf.get(of, { signal });
  return { articles, seen, shelf, get };
}

function sampleOf(release: ShelvedRelease, at = 0) {
  const file = release.files[at];
  if (file === undefined) throw new Error('There is no such file.');
  return release.sampleOf(file, { signal: new AbortController().signal });
}

describe('ReleaseShelf', () => {
  it('a pack - is not dead for one missing episode: each file is asked for by itself', async () => {
    const isThere = async ({ messageId }: ArticleRequest): Promise<boolean> =>
      !messageId.startsWith('show.s01e02.mkv') || messageId.endsWith('/0');
    const { get } = lab(isThere, ['show.s01e01.mkv', 'show.s01e02.mkv', 'show.s01e03.mkv']);
    const pack = await get();
    expect(pack.files).toHaveLength(3);
    expect(await sampleOf(pack, 0)).toEqual({ asked: PARTS, missing: 0, unknown: 0 });
    expect((await sampleOf(pack, 1))?.missing).toBeGreaterThan(0);
    expect(await sampleOf(pack, 2)).toEqual({ asked: PARTS, missing: 0, unknown: 0 });
  });

  it('a release - is opened once, however many want it, and then kept', async () => {
    const { seen, shelf, get } = lab();
    expect(shelf.peek(testContent)).toBeNull();
    const [one, other] = await Promise.all([get(), get()]);
    expect(one.files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([['film.mkv', PARTS * 1000]]);
    expect(await get()).toBe(one);
    expect([other, shelf.peek(testContent), seen.loads]).toEqual([one, one, 1]);
    expect(await sampleOf(one)).toEqual({ asked: PARTS, missing: 0, unknown: 0 });
  });

  it('other passwords - are another opening; what is forgotten is opened anew, whatever its passwords', async () => {
    const { seen, shelf, get } = lab();
    await get();
    await get({ ...source, passwords: ['secret'] });
    expect(seen.loads).toBe(2);
    shelf.forget(testContent);
    expect(shelf.peek(testContent)).toBeNull();
    await get();
    expect(seen.loads).toBe(3);
  });

  it('a dead release - is known while its first article is still on its way, and not kept', async () => {
    const { articles, seen, shelf, get } = lab(async ({ messageId }) => messageId === 'film.mkv/0');
    articles.gate = new Promise(() => undefined);
    await expect(get()).rejects.toMatchObject({
      code: 'ARTICLE_MISSING',
      message: expect.stringMatching(/looked for/),
    });
    expect(shelf.peek(testContent)).toBeNull();
    await expect(get()).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(seen.forgotten).toEqual(['store', 'providers', 'store', 'providers']);
  });

  it('providers that do not say - keep nobody from playing', async () => {
    const { get } = lab(async () => null);
    expect(await sampleOf(await get())).toEqual({ asked: PARTS, missing: 0, unknown: PARTS });
    const failing = lab(() => Promise.reject(new Error('down')));
    expect(await sampleOf(await failing.get())).toMatchObject({ unknown: PARTS });
  });

  it('one who leaves - ends nothing for the others', async () => {
    const { articles, get } = lab();
    let open = (): void => undefined;
    articles.gate = new Promise((resolve) => (open = resolve));
    const leaving = new AbortController();
    const left = get(source, leaving.signal);
    const stayed = get();
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    open();
    expect((await stayed).files).toHaveLength(1);
    expect(articles.held).toBe(0);
  });

  it('holes - are remembered for each file as long as the release is kept', async () => {
    const { get } = lab();
    const release = await get();
    const [film] = release.files;
    expect(release.damage).toEqual({ holes: 0, bytes: 0 });
    expect(release.holesOf(film!)).toBe(release.holesOf(film!));
    expect(release.holesOf(film!).allow({ file: 0, index: 4 }, 500)).toBe(true);
    expect((await get()).damage).toEqual({ holes: 1, bytes: 500 });
  });
});
