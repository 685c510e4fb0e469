// Entries whose heavy parts are read when they are asked for.

import { describe, expect, it } from '@jest/globals';
import { CorruptDataError } from '../../../backend/content/index.js';
import type { InfoHash, Source } from '../../../backend/content/index.js';
import { entryOf, fileOf } from '../../../backend/storage/library-entry.js';

const row = {
  content_id: 'a'.repeat(40) as InfoHash,
  kind: 'http',
  name: 'Film',
  title_id: null,
  added_at: 1,
  used_at: 2,
  torrent_id: null,
  is_paused: null,
  included: null,
} as const;

describe('library entry', () => {
  it('files and source - are read once, when first asked for, and survive a copy', () => {
    const asked: string[] = [];
    const source: Source = { kind: 'http', url: 'http://a/' };
    const entry = entryOf(row, {
      files: () => (asked.push('files'), []),
      source: () => (asked.push('source'), source),
    });
    expect(asked).toEqual([]);
    expect([entry.source, entry.source, entry.files, entry.files]).toEqual([source, source, [], []]);
    expect(asked).toEqual(['source', 'files']);
    expect({ ...entry }).toMatchObject({ source, files: [], isPaused: false, addedAt: 1 });
  });

  it('included - a choice of files that cannot be read says so', () => {
    const parts = { files: () => [], source: (): Source => ({ kind: 'http', url: 'http://a/' }) };
    expect(entryOf({ ...row, included: '[0,2]' }, parts).included).toEqual([0, 2]);
    for (const included of ['', '{}', '[-1]']) {
      expect(() => entryOf({ ...row, included }, parts)).toThrow(CorruptDataError);
    }
  });

  it('file - is named by the last part of its path', () => {
    expect(fileOf({ file_index: 3, path: 'a/b.mkv', size_bytes: 5, is_padding: 0, is_member: 0 })).toEqual({
      index: 3,
      path: 'a/b.mkv',
      name: 'b.mkv',
      sizeBytes: 5,
      isPadding: false,
    });
  });
});
