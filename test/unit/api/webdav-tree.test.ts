// What stands where below `/webdav`.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import type { DavEntry } from '../../../backend/api/webdav-entry.js';
import type { Depth } from '../../../backend/api/webdav-propfind.js';
import { WebdavTree } from '../../../backend/api/webdav-tree.js';
import { FILM_BYTES, WebdavShelf } from '../../support/webdav-shelf.js';

let shelf: WebdavShelf;
let tree: WebdavTree;

beforeEach(() => {
  shelf = new WebdavShelf();
  tree = new WebdavTree(shelf);
});

afterEach(() => shelf.database.close());

async function entriesOf(path: string, depth: Depth): Promise<DavEntry[]> {
  const entries: DavEntry[] = [];
  for await (const page of tree.list(await tree.find(path.split('/').filter(Boolean)), depth)) entries.push(...page);
  return entries;
}

/** Paths, folders with a slash at the end. */
async function list(path: string, depth: Depth): Promise<string[]> {
  return (await entriesOf(path, depth)).map((entry) => entry.path.join('/') + (entry.kind === 'folder' ? '/' : ''));
}

function codeOf(path: string): Promise<unknown> {
  return tree.find(path.split('/').filter(Boolean)).then(
    ({ kind }) => kind,
    (error: { code: string }) => error.code,
  );
}

describe('webdav tree', () => {
  it('root - has three folders, whatever is in them', async () => {
    expect(await list('', 0)).toEqual(['/']);
    expect(await list('', 1)).toEqual(['/', 'complete/', 'nzbs/', 'torrents/']);
    expect(await list('', 'infinity')).toEqual(['/', 'complete/', 'nzbs/', 'torrents/']);
  });

  it('everything - is listed in order, folders before what is in them', async () => {
    shelf.add('tv', 'Pack', {
      files: [
        ['Season 1/e01.MKV', FILM_BYTES],
        ['Season 1/e02.mkv', FILM_BYTES],
        ['Season 1/Subs/e01.srt', 1_000],
        ['Season 1/e01.nfo', 10],
      ],
    });
    shelf.add('movies', 'Film', { files: [['a.part1.rar/Film.mkv', FILM_BYTES]] });
    shelf.add('movies', 'Dead', { status: 'failed' });
    expect(await list('', 'infinity')).toEqual([
      ...['/', 'complete/', 'complete/movies/', 'complete/movies/Film/', 'complete/movies/Film/Film.mkv'],
      ...['complete/tv/', 'complete/tv/Pack/', 'complete/tv/Pack/Season 1/', 'complete/tv/Pack/Season 1/Subs/'],
      ...['complete/tv/Pack/Season 1/Subs/e01.srt', 'complete/tv/Pack/Season 1/e01.mkv'],
      ...['complete/tv/Pack/Season 1/e02.mkv', 'nzbs/', 'nzbs/Pack.nzb', 'nzbs/Film.nzb', 'nzbs/Dead.nzb', 'torrents/'],
    ]);
    expect(await list('complete', 1)).toEqual(['complete/', 'complete/movies/', 'complete/tv/']);
    expect(await list('complete/tv', 1)).toEqual(['complete/tv/', 'complete/tv/Pack/']);
    expect(await list('complete/tv/Pack', 1)).toEqual(['complete/tv/Pack/', 'complete/tv/Pack/Season 1/']);
    expect(await list('complete/tv/Pack/Season 1', 1)).toEqual([
      ...['complete/tv/Pack/Season 1/', 'complete/tv/Pack/Season 1/Subs/'],
      ...['complete/tv/Pack/Season 1/e01.mkv', 'complete/tv/Pack/Season 1/e02.mkv'],
    ]);
    expect(await list('complete/movies/Film/Film.mkv', 'infinity')).toEqual(['complete/movies/Film/Film.mkv']);
  });

  it('long listings - come a page at a time, nothing twice, nothing left out', async () => {
    const names = Array.from({ length: 620 }, (_, number) => `Film ${String(number).padStart(3, '0')}`);
    shelf.database.sql.transaction(() => {
      for (const name of [...names].reverse()) shelf.add('movies', name);
    })();
    const found = await list('complete/movies', 1);
    expect(found).toEqual(['complete/movies/', ...names.map((name) => `complete/movies/${name}/`)]);
    expect(await list('nzbs', 1)).toEqual(['nzbs/', ...[...names].reverse().map((name) => `nzbs/${name}.nzb`)]);
    const sizes: number[] = [];
    for await (const page of tree.list(await tree.find(['complete', 'movies']), 'infinity')) sizes.push(page.length);
    expect([Math.max(...sizes), sizes.reduce((sum, size) => sum + size)]).toEqual([500, 1 + 2 * 620]);
  });

  it('a deep listing - reads the files of a page at once, and of other categories nothing', async () => {
    for (const name of ['One', 'Two', 'Three']) shelf.add('movies', name);
    shelf.add('tv', 'Show');
    const asked: number[] = [];
    const library = {
      get: () => null,
      filesOfAll: (ids: readonly ContentId[]) => (asked.push(ids.length), shelf.library.filesOfAll(ids)),
      isRemoved: () => false,
    };
    tree = new WebdavTree({ items: shelf.items, index: shelf.index, documents: shelf.documents, library });
    expect(await list('complete/movies', 'infinity')).toHaveLength(7);
    expect(asked).toEqual([3]);
  });

  it('places - that do not play, were removed or never were', async () => {
    const { id } = shelf.add('tv', 'Removed');
    shelf.store.remove(id, 0);
    shelf.add('tv', 'Failed', { status: 'failed' });
    shelf.add('tv', 'There');
    const expected: Readonly<Record<string, string>> = {
      'complete/tv/There': 'folder',
      'complete/tv/There/There.mkv': 'file',
      'complete/tv/There/There.mkv/more': 'NOT_FOUND',
      'complete/tv/There/other.mkv': 'NOT_FOUND',
      'complete/tv/Failed': 'NOT_FOUND',
      'complete/tv/Removed': 'GONE',
      'complete/tv/Removed/Removed.mkv': 'GONE',
      'complete/none': 'NOT_FOUND',
      'complete/none/There': 'NOT_FOUND',
      'nzbs/There.nzb': 'document',
      'nzbs/There.nzb/more': 'NOT_FOUND',
      'nzbs/There': 'NOT_FOUND',
      'torrents/There.torrent': 'NOT_FOUND',
      other: 'NOT_FOUND',
      __proto__: 'NOT_FOUND',
      constructor: 'NOT_FOUND',
    };
    for (const [path, kind] of Object.entries(expected)) expect([path, await codeOf(path)]).toEqual([path, kind]);
  });

  it('entries - say sizes, times and validators, of another server’s file none', async () => {
    const item = shelf.add('tv', 'Film');
    shelf.add('web', 'Web', { kind: 'http' });
    const [folder, file] = await entriesOf('complete/tv/Film', 1);
    expect(folder).toMatchObject({ modifiedAt: item.createdAt });
    expect(file).toMatchObject({ sizeBytes: FILM_BYTES, etag: expect.stringMatching(/^"[0-9a-f]{32}"$/) as unknown });
    expect((await entriesOf('complete/web/Web', 1))[1]).toMatchObject({ etag: null });
    const document = (await entriesOf('nzbs/Film.nzb', 0))[0];
    expect(document).toMatchObject({ sizeBytes: '<nzb>Film</nzb>'.length, modifiedAt: item.createdAt });
  });
});
