// Whatever is sent to be set up as an indexer or as preferences: settings that are sound, or an InputError that repeats none
// of it.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readIndexerChange, readNewIndexer } from '../../backend/api/indexer-request.js';
import { readPreferences } from '../../backend/api/preferences.js';
import { InputError } from '../../backend/content/index.js';
import type { IndexerSettings } from '../../backend/discovery/indexers/indexer.js';
import { draftIndexer } from '../../backend/discovery/settings/indexer-draft.js';
import { maskKey, maskUrl } from '../../backend/discovery/settings/indexer-masks.js';
import { INDEXER_KINDS, parseIndexerAddress } from '../../backend/platform/index.js';
import { preferencesForm } from '../../manifest/index.js';

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('••••', '••••1234', '', ' ', 'apikey=x'),
);
const url = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.tuple(fc.webUrl(), noise).map(([address, key]) => `${address}?apikey=${key}`),
  fc.tuple(noise, noise).map(([user, rest]) => `https://${user}@${rest}`),
  noise,
);
const value = fc.oneof(noise, url, fc.integer(), fc.double(), fc.constantFrom(null, true, false), fc.object());
const fields = fc.record(
  {
    kind: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...INDEXER_KINDS) }, { weight: 1, arbitrary: value }),
    name: noise,
    url,
    apiKey: fc.option(fc.oneof(noise, fc.stringMatching(/^[\x21-\x7e]{1,40}$/))),
    isEnabled: fc.oneof({ weight: 5, arbitrary: fc.boolean() }, { weight: 1, arbitrary: value }),
    requestsPerMinute: fc.option(fc.oneof(fc.integer({ min: -1, max: 1002 }), fc.double())),
    __proto__: value,
  },
  { requiredKeys: [] },
);
const body = fc.oneof({ weight: 5, arbitrary: fields }, { weight: 1, arbitrary: value }, fc.array(value));
const known: IndexerSettings = {
  id: 'known',
  kind: 'newznab',
  name: 'Known',
  url: 'https://lantern.example/api?passkey=hidden-word',
  apiKey: 'key-that-is-kept',
  isEnabled: true,
};

/** Null when it was refused as it may be. */
function accepted<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^[\x20-\x7e]{1,600}$/);
    return null;
  }
}

function expectSound(settings: IndexerSettings): void {
  expect(new URL(settings.url).protocol).toMatch(/^https?:$/);
  expect(settings.url).not.toMatch(/•|%E2%80%A2/i);
  expect(settings.name).toMatch(/^\P{Cc}{1,253}$/u);
  if (settings.apiKey !== undefined) expect(settings.apiKey).toMatch(/^[\x21-\x7e]{1,256}$/);
  expect(settings.requestsPerMinute ?? 1).toBeGreaterThan(0);
}

describe('indexers from anywhere', () => {
  it('new indexer - is sound, or an InputError', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const settings = accepted(() => draftIndexer('new', readNewIndexer(sent), null));
        if (settings !== null) expectSound(settings);
      }),
      { numRuns: 300 },
    );
  });

  it('changed indexer - is sound, and its key stays with its host', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const settings = accepted(() => draftIndexer('known', readIndexerChange(sent), known));
        if (settings === null) return;
        expectSound(settings);
        if (settings.apiKey === known.apiKey) expect(new URL(settings.url).hostname).toBe('lantern.example');
      }),
      { numRuns: 300 },
    );
  });

  it('address - loses its key once and for all, and what is shown of both comes back as what is kept', () => {
    fc.assert(
      fc.property(url, (text) => {
        const found = accepted(() => parseIndexerAddress(text));
        if (found === null) return;
        expect(parseIndexerAddress(found.url)).toEqual({ kind: null, url: found.url, apiKey: null, fragment: '' });
        const { apiKey } = found;
        const kept: IndexerSettings = { ...known, url: found.url, apiKey: apiKey || 'another-key-of-it' };
        const shown = { url: maskUrl(kept.url), apiKey: maskKey(kept.apiKey ?? '') };
        expect(draftIndexer('known', shown, kept)).toEqual(kept);
      }),
      { numRuns: 300, examples: [['http://a.aa??'], ['http://a.aa???x=1']] },
    );
  });
});

describe('preferences from anywhere', () => {
  it('preferences - are whole, or an InputError', () => {
    const names = Object.keys(preferencesForm.shape);
    const record = fc.dictionary(fc.constantFrom(...names, '__proto__', 'other'), fc.oneof(value, fc.array(noise)));
    fc.assert(
      fc.property(fc.oneof(record, value), (sent) => {
        const preferences = accepted(() => readPreferences(sent));
        if (preferences !== null) expect(Object.keys(preferences).sort()).toEqual([...names].sort());
      }),
      { numRuns: 300 },
    );
  });
});
