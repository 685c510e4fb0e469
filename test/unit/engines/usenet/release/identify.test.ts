import { describe, expect, it } from '@jest/globals';
import type { PostedFile } from '../../../../../backend/engines/usenet/files/posted-file.js';
import { identify } from '../../../../../backend/engines/usenet/release/identify.js';
import { archiveFixture, fixtureBytes, originalFilm } from '../../../../support/archive-fixtures.js';
import { evenParts, MemoryArticles, post } from '../../../../support/posted-files.js';
import { pseudoRandomBytes } from '../../../../support/pseudo-random.js';

const { signal } = new AbortController();
const film = originalFilm();

/** Posts under `nzbName`, while the articles say `postedName`. */
function posted(
  articles: MemoryArticles,
  bytes: Uint8Array,
  { place = 0, nzbName, postedName = nzbName }: { place?: number; nzbName: string; postedName?: string },
): PostedFile {
  const file = post(articles, bytes, { name: postedName, place, parts: evenParts(bytes.length, 40_000) });
  file.name = nzbName;
  return file;
}

const namesAfter = async (files: readonly PostedFile[], par2: readonly PostedFile[] = []): Promise<string[]> => {
  await identify(files, par2, { releaseName: 'Open.Film.2024', signal });
  return files.map(({ name }) => name);
};

describe('files with meaningless names', () => {
  it('the name in the articles - is taken when it tells something', async () => {
    const articles = new MemoryArticles();
    const named = posted(articles, film, { nzbName: 'abc123', postedName: 'Open.Film.mkv' });
    const nameless = posted(articles, pseudoRandomBytes('x', 5000), { place: 1, nzbName: 'def456', postedName: 'xyz' });
    expect(await namesAfter([named, nameless])).toEqual(['Open.Film.mkv', 'def456']);
  });

  it('PAR2 - gives volumes their names, whether it is known as PAR2 or found by its bytes', async () => {
    const { volumes } = archiveFixture('par2-obfuscated');
    const bytes = fixtureBytes('par2-obfuscated', 'open.film.par2');
    for (const isKnown of [true, false]) {
      const articles = new MemoryArticles();
      const files = volumes.map((volume, place) =>
        posted(articles, fixtureBytes('par2-obfuscated', volume), { place, nzbName: `f${place}`, postedName: volume }),
      );
      const par2 = posted(articles, bytes, { place: 9, nzbName: isKnown ? 'open.film.par2' : 'f9', postedName: 'f9' });
      const found = isKnown ? files : [...files, par2];
      const names = await namesAfter(found, isKnown ? [par2] : []);
      expect(names.slice(0, 5).sort()).toEqual([1, 2, 3, 4, 5].map((part) => `open.film.part${part}.rar`));
    }
  });

  it('a film known by its bytes alone - takes the name of the release; several are numbered by their place', async () => {
    const articles = new MemoryArticles();
    expect(await namesAfter([posted(articles, film, { nzbName: 'abc' })])).toEqual(['Open.Film.2024.mkv']);
    const two = [3, 5].map((place) => posted(articles, film, { place, nzbName: `abc${place}` }));
    expect(await namesAfter(two)).toEqual(['Open.Film.2024 4.mkv', 'Open.Film.2024 6.mkv']);
  });

  it('files whose first article is missing - are left out', async () => {
    const articles = new MemoryArticles();
    const files = [posted(articles, film, { nzbName: 'abc' }), posted(articles, film, { place: 1, nzbName: 'def' })];
    articles.missing.add('def/0');
    const found = await identify(files, [], { releaseName: 'Open.Film.2024', signal });
    expect(found.map(({ file, sniffed }) => [file.name, sniffed?.format])).toEqual([
      ['Open.Film.2024.mkv', 'matroska'],
    ]);
    articles.missing.add('abc/0');
    await expect(namesAfter(files)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    expect(articles.held).toBe(0);
  });

  it('PAR2 that cannot be read - costs the names, not the release', async () => {
    const articles = new MemoryArticles();
    const par2 = posted(articles, pseudoRandomBytes('par2', 9000), { place: 2, nzbName: 'open.film.par2' });
    expect(await namesAfter([posted(articles, film, { nzbName: 'abc' })], [par2])).toEqual(['Open.Film.2024.mkv']);
  });
});
