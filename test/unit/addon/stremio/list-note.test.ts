import { describe, expect, it } from '@jest/globals';
import { formatListNote, type ListNoteOptions } from '../../../../addon/stremio/list-note.js';

const nothing: ListNoteOptions = { notes: [], leftOut: new Map(), count: 0 };
const failed = (indexer: string, code: string, message: string) =>
  ({ kind: 'indexer-failed', indexer, code, message }) as const;

describe('list note', () => {
  it('a list that holds something - needs no word, unless somebody has to mend an indexer', () => {
    const slow = { kind: 'indexer-waiting', indexer: 'Slow' } as const;
    expect(formatListNote({ ...nothing, count: 3, notes: [slow, failed('A', 'TIMEOUT', 'late')] })).toBeNull();
    const wrongKey = failed('A', 'INDEXER_AUTH', 'The key is wrong.');
    expect(formatListNote({ ...nothing, count: 3, notes: [wrongKey] })).toBe(
      'A: The key is wrong.\nOpen this to mend it.',
    );
  });

  it('an empty list - says why, whatever the reason', () => {
    expect(formatListNote(nothing)).toBe('Nothing was found for this title.');
    expect(formatListNote({ ...nothing, notes: [{ kind: 'no-indexers' }] })).toMatch(/add an indexer/);
    for (const kind of ['title-waiting', 'title-unknown', 'title-unreachable'] as const) {
      expect(formatListNote({ ...nothing, notes: [{ kind }] })).toMatch(/title/);
    }
    const many = [...'ABCDE'].map((indexer) => ({ kind: 'indexer-waiting', indexer }) as const);
    expect(formatListNote({ ...nothing, notes: many })).toMatch(/^Still searching: A, B, C and 2 more/);
    expect(formatListNote({ ...nothing, notes: [failed('A', 'TIMEOUT', 'It did not answer in time.')] })).toBe(
      'A: It did not answer in time.',
    );
  });

  it('what the preferences left out - is counted by reason', () => {
    const leftOut = new Map([
      ['tooLarge', 9],
      ['language', 3],
    ] as const);
    expect(formatListNote({ ...nothing, leftOut, notes: [{ kind: 'others', indexer: 'A', count: 7 }] })).toBe(
      '12 left out by your preferences: too large (9), language (3)',
    );
  });
});
