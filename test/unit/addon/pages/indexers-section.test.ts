import { describe, expect, it } from '@jest/globals';
import { indexersSection } from '../../../../addon/pages/indexers-section.js';
import { INDEXER_KINDS } from '../../../../backend/platform/index.js';

describe('indexers section', () => {
  const { text } = indexersSection('/headstart/api/indexers');

  it('kinds - are those that can be set up', () => {
    const kinds = [...text.matchAll(/<option value="(\w+)"/g)].map(([, kind]) => kind);
    expect(kinds.sort()).toEqual([...INDEXER_KINDS].sort());
  });

  it('form - every control has a label; the key is not read over a shoulder, nor kept by the browser', () => {
    const controls = [...text.matchAll(/<(?:input|select)\s[^>]*?\bid="([\w-]+)"/g)].map(([, id]) => id ?? '');
    expect(controls).toEqual(['kind', 'url', 'apiKey', 'name', 'requestsPerMinute'].map((name) => `indexer-${name}`));
    for (const id of controls) expect(text).toContain(`for="${id}"`);
    expect(text).toMatch(/id="indexer-apiKey"[^>]*type="password"[^>]*autocomplete="off"/);
  });

  it('address of the API - is the one it is given', () => {
    expect(text).toContain('data-url="/headstart/api/indexers"');
  });
});
