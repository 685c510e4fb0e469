// What is shown of addresses and keys that are kept.

import { describe, expect, it } from '@jest/globals';
import { isMasked, maskKey, maskUrl } from '../../../../backend/discovery/settings/indexer-masks.js';

describe('indexer masks', () => {
  it.each([
    ['0123456789ab', '••••89ab'],
    ['0123456789a', '••••'],
    ['x', '••••'],
  ])('key %s - is shown as %s', (key, shown) => {
    expect(maskKey(key)).toBe(shown);
  });

  it.each([
    ['https://lantern.example/api', 'https://lantern.example/api'],
    ['http://[::1]:9117/api/v2.0/indexers/harbour/results/torznab/', undefined],
    ['https://reader:word@lantern.example/', 'https://••••@lantern.example/'],
    ['https://lantern.example/api?passkey=abc&t=caps', 'https://lantern.example/api?passkey=••••&t=••••'],
    ['https://lantern.example/api?abcdef', 'https://lantern.example/api?••••'],
    ['https://lantern.example/rss/0123456789abcdef0123/api', 'https://lantern.example/rss/••••/api'],
  ])('address %s - is shown without what opens it', (url, shown = url) => {
    expect(maskUrl(url)).toBe(shown);
  });

  it('what was masked - is known again, also as a browser writes it', () => {
    const shown = maskUrl('https://reader:word@lantern.example/?k=v');
    expect([isMasked(shown), isMasked(new URL(shown).href), isMasked('https://lantern.example/')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
