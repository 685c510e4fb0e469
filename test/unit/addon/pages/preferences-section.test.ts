import { describe, expect, it } from '@jest/globals';
import { preferencesSection } from '../../../../addon/pages/preferences-section.js';
import {
  DEFAULT_PREFERENCES,
  EXCLUDABLE_CODECS,
  EXCLUDABLE_QUALITIES,
  preferencesForm,
  RESOLUTIONS,
} from '../../../../manifest/index.js';

const textOf = (changes = {}): string =>
  preferencesSection({ preferences: { ...DEFAULT_PREFERENCES, ...changes }, url: '/api/preferences' }).text;
const valuesIn = (text: string, field: string): string[] => {
  const part = text.split(`data-field="${field}"`)[1]?.split(/<\/(?:fieldset|select)>/)[0] ?? '';
  return [...part.matchAll(/value="(\w+)"/g)].map(([, value]) => value ?? '');
};

describe('preferences section', () => {
  it('fields - are all there, once each', () => {
    const fields = [...textOf().matchAll(/data-field="(\w+)"/g)].map(([, name]) => name);
    expect(fields.sort()).toEqual(Object.keys(DEFAULT_PREFERENCES).sort());
  });

  it('choices - are those that can be kept', () => {
    const text = textOf();
    expect(valuesIn(text, 'resolutions').sort()).toEqual([...RESOLUTIONS].sort());
    expect(valuesIn(text, 'excludedQualities').sort()).toEqual([...EXCLUDABLE_QUALITIES].sort());
    expect(valuesIn(text, 'excludedCodecs').sort()).toEqual([...EXCLUDABLE_CODECS].sort());
    for (const field of ['hdr', 'dolbyVision', 'kindFirst', 'dead'] as const) {
      expect(valuesIn(text, field).sort()).toEqual([...preferencesForm.shape[field].unwrap().options].sort());
    }
  });

  it('controls - each have a label, and help that exists', () => {
    const text = textOf();
    const ids = new Set([...text.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id));
    const pointed = [...text.matchAll(/ (?:for|aria-describedby|aria-labelledby)="([\w-]+)"/g)].map(([, id]) => id);
    expect(pointed.filter((id) => !ids.has(id))).toEqual([]);
    const labelled = new Set([...text.matchAll(/ for="([\w-]+)"/g)].map(([, id]) => id));
    expect([...ids].filter((id) => /^p-\w+$/.test(id ?? '') && !labelled.has(id))).toEqual([]);
  });

  it('words that are kept - cannot become markup', () => {
    expect(textOf({ excludedWords: ['"><script>'] })).not.toContain('<script>');
  });
});
