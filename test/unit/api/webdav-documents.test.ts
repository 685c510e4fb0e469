// What was submitted, as files.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TorrentSource } from '../../../backend/content/index.js';
import type { DocumentKind } from '../../../backend/api/webdav-documents.js';
import { fakeInfoHash } from '../../support/fake-engine.js';
import { WebdavShelf } from '../../support/webdav-shelf.js';

let shelf: WebdavShelf;

beforeEach(() => {
  shelf = new WebdavShelf();
});

afterEach(() => shelf.database.close());

async function names(kind: DocumentKind): Promise<string[]> {
  const found: string[] = [];
  for await (const page of shelf.documents.pages(kind)) found.push(...page.map(({ name }) => name));
  return found;
}

function torrent(name: string, more: Partial<TorrentSource> = {}): TorrentSource {
  return { kind: 'torrent', infoHash: fakeInfoHash(name), trackers: [], webSeeds: [], peers: [], ...more };
}

describe('submitted documents', () => {
  it('names - are unique, and lead back to their items', async () => {
    const long = 'ä'.repeat(127);
    const items = [
      shelf.add('tv', 'Film'),
      shelf.add('movies', 'Film'),
      shelf.add('tv', 'Film [2]'),
      shelf.add('tv', long),
      shelf.add('tv', `${long}x`),
    ];
    const all = await names('nzb');
    expect(all.slice(0, 3)).toEqual(['Film.nzb', 'Film [2].nzb', 'Film [2] [3].nzb']);
    expect(new Set(all).size).toBe(5);
    for (const name of all) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    const found = await Promise.all(all.map((name) => shelf.documents.find('nzb', name)));
    expect(found.map((document) => document?.item.id)).toEqual(items.map(({ id }) => id));
    for (const wrong of ['Film', 'Film.torrent', 'film.nzb', 'Film [1000].nzb', 'Other [1].nzb', '.nzb'])
      expect([wrong, await shelf.documents.find('nzb', wrong)]).toEqual([wrong, null]);
  });

  it('a numbered name - stays good when what came before it is removed', async () => {
    const first = shelf.add('tv', 'Film');
    const second = shelf.add('movies', 'Film');
    shelf.store.remove(first.id, 0);
    expect(await names('nzb')).toEqual(['Film.nzb']);
    for (const name of ['Film.nzb', `Film [${second.id}].nzb`])
      expect((await shelf.documents.find('nzb', name))?.item.id).toBe(second.id);
  });

  it('sizes - are measured once and kept', async () => {
    shelf.add('tv', 'Film');
    expect(await names('nzb')).toEqual(['Film.nzb']);
    expect(await names('nzb')).toEqual(['Film.nzb']);
    expect((await shelf.documents.find('nzb', 'Film.nzb'))?.sizeBytes).toBe('<nzb>Film</nzb>'.length);
    expect(shelf.reads).toBe(1);
  });

  it('what is not kept - is looked for once, and listed as soon as it is kept', async () => {
    const { contentId } = shelf.add('tv', 'Film', { document: null });
    for (let count = 0; count < 3; count += 1) expect(await names('nzb')).toEqual([]);
    expect(shelf.reads).toBe(1);
    shelf.nzbs.set(contentId, Buffer.from('<nzb/>'));
    shelf.store.noteDocument(contentId, 6);
    expect(await names('nzb')).toEqual(['Film.nzb']);
    expect((await shelf.documents.find('nzb', 'Film.nzb'))?.sizeBytes).toBe(6);
  });

  it('what came while it was looked for - is not said to be missing', async () => {
    const { id, contentId } = shelf.add('tv', 'Film');
    shelf.store.noteDocument(contentId, 15);
    shelf.store.setDocumentBytes(id, null);
    expect(await names('nzb')).toEqual(['Film.nzb']);
  });

  it('a document that another replaced - is listed as large as it is now', async () => {
    const { contentId } = shelf.add('tv', 'Film');
    expect(await names('nzb')).toEqual(['Film.nzb']);
    shelf.store.noteDocument(contentId, 1_000);
    expect((await shelf.documents.find('nzb', 'Film.nzb'))?.sizeBytes).toBe(1_000);
  });

  it('what is not kept - is not listed', async () => {
    shelf.add('tv', 'Film', { document: null });
    shelf.add('torrents', 'Magnet', { kind: 'torrent', source: torrent('Magnet') });
    expect([await names('nzb'), await names('torrent')]).toEqual([[], []]);
    expect(await shelf.documents.find('nzb', 'Film.nzb')).toBeNull();
  });

  it('torrents - are written from what is known of them', async () => {
    const info = Buffer.from('d6:lengthi1ee');
    const source = torrent('Known', { info, trackers: ['http://tracker.example/announce'] });
    const item = shelf.add('torrents', 'Known', { kind: 'torrent', source });
    expect(await names('torrent')).toEqual(['Known.torrent']);
    const bytes = Buffer.from((await shelf.documents.read(item)) ?? []).toString();
    expect(bytes).toContain('4:infod6:lengthi1ee');
    expect(bytes).toContain('tracker.example');
    expect((await shelf.documents.find('torrent', 'Known.torrent'))?.sizeBytes).toBe(bytes.length);
  });
});
