// The sentences of the page's script, which browsers load as it is.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Words {
  stateSentence(indexer: unknown): string;
  findingSentence(findings: unknown): string;
  formSentence(message: string): string;
}

const status = {
  state: 'ok',
  error: null,
  lastSearchAt: '2026-01-01T10:00:00.000Z',
  lastResults: 1,
  averageMs: 420,
  retryAt: null,
};
const found = {
  ok: true,
  problem: null,
  server: 'Lighthouse 1.3',
  searches: { film: ['q', 'imdbid'], series: ['q', 'season', 'ep'] },
  categories: 1,
  elapsedMs: 120,
};

describe('indexer words', () => {
  let words: Words;

  beforeAll(async () => {
    const file = join(process.cwd(), 'addon/pages/assets/indexer-words.js');
    words = (await import(pathToFileURL(file).href)) as Words;
  });

  const sentence = (changes: object, isEnabled = true): string =>
    words.stateSentence({ isEnabled, status: { ...status, ...changes } });

  it('state - is told in a sentence', () => {
    expect(sentence({})).toMatch(/^Last search at .+: 1 result, usually in 0\.4 s\.$/);
    expect(sentence({ state: 'unknown' })).toBe('Not searched since Headstart started.');
    expect(sentence({ state: 'failing', error: { message: 'It refuses the key.' } })).toBe(
      'Failing because: It refuses the key.',
    );
    expect(sentence({ state: 'limited', retryAt: '2026-01-01T11:00:00.000Z' })).toMatch(
      /^Left alone until .+, because it was asked as often as it allows\.$/,
    );
    expect(sentence({}, false)).toBe('Switched off: it is not searched.');
  });

  it('finding - says how it can be searched', () => {
    expect(words.findingSentence(found)).toBe(
      'It answers (Lighthouse 1.3), in 0.1 s. Films are searched by IMDb id or title. Series are searched by title, with season and episode. It lists one category.',
    );
  });

  it('finding - says what is wrong, and what to look at', () => {
    const problem = { code: 'INDEXER_AUTH', message: 'It refuses the key: Incorrect user credentials' };
    expect(words.findingSentence({ ...found, ok: false, problem })).toBe(
      'It refuses the key: Incorrect user credentials. Check the API key.',
    );
  });

  it('errors of the API - name fields as the form does', () => {
    expect(words.formSentence('url must be an address. apiKey must be short.')).toBe(
      'The address must be an address. The API key must be short.',
    );
    expect(words.formSentence('apiKey must be given again, because url leads to another host.')).toBe(
      'The API key must be given again, because the address leads to another host.',
    );
  });
});
