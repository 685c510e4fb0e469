import { describe, expect, it } from '@jest/globals';
import { holdsWords, plainWords } from '../../../../backend/discovery/ranking/plain-words.js';

describe('plain words', () => {
  it.each([
    ['The.Paper_Lantern-2019', 'the paper lantern 2019'],
    ['  Páper  LANTERN.mkv', 'paper lantern'],
    ['Søren på Øya', 'soren pa oya'],
    ['İstanbul Işık', 'istanbul isik'],
    ['HDR10+ film', 'hdr10plus film'],
    ['港の灯', '港の灯'],
    ['[...]', ''],
    ['', ''],
  ])('%s - reads %s', (text, words) => {
    expect(plainWords(text)).toBe(words);
  });

  it('made plain twice - stays the same', () => {
    expect(plainWords(plainWords('Straße.der.Lichter.2019.mkv'))).toBe('strasse der lichter 2019');
  });

  it('words - are found whole, in a row, at both ends', () => {
    const name = plainWords('Paper.Lantern.2019');
    expect(['paper', '2019', 'lantern 2019'].every((words) => holdsWords(name, words))).toBe(true);
    expect(['pape', 'paper 2019', ''].some((words) => holdsWords(name, words))).toBe(false);
  });
});
