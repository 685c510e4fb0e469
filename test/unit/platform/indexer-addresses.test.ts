// What INDEXERS may say, and that no key is ever repeated when it is wrong.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../../backend/content/index.js';
import { ConfigError, loadConfig } from '../../../backend/platform/index.js';
import { parseIndexerAddresses } from '../../../backend/platform/indexer-addresses.js';

function problemOf(text: string): string {
  try {
    parseIndexerAddresses(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('addresses', () => {
  it('an address - gives kind, name and key, and is kept without the key', () => {
    expect(parseIndexerAddresses('torznab+https://indexer.example.org/api?apikey=k3y')).toEqual([
      {
        id: 'torznab-indexer-example-org',
        kind: 'torznab',
        name: 'indexer.example.org',
        url: 'https://indexer.example.org/api',
        apiKey: 'k3y',
      },
    ]);
  });

  it('other parameters - stay as they are written, wherever the key stands and however it is spelled', () => {
    const [one] = parseIndexerAddresses(
      'NEWZNAB+https://Host.example/x/api?cat=2000,5000&ApiKey=a%2Bb+c&attrs=%20poster',
    );
    expect(one).toMatchObject({
      kind: 'newznab',
      url: 'https://host.example/x/api?cat=2000,5000&attrs=%20poster',
      apiKey: 'a+b+c',
    });
  });

  it('no key - is no key', () => {
    expect(parseIndexerAddresses('newznab+http://127.0.0.1/api')[0]).not.toHaveProperty('apiKey');
  });

  it.each(['prowlarr', 'jackett', 'nzbhydra'])('%s - is taken by the address of its start page', (kind) => {
    const [one] = parseIndexerAddresses(`${kind}+http://[::1]:9117?apikey=k`);
    expect(one).toEqual({ id: `${kind}-1`, kind, name: '[::1]', url: 'http://[::1]:9117/', apiKey: 'k' });
  });

  it('several - are separated by blanks, line breaks and commas, in order, with ids of their own', () => {
    const indexers = parseIndexerAddresses(
      'torznab+http://jackett:9117/a?apikey=k&cat=1,2, torznab+http://jackett:9117/b\n newznab+http://jackett/c,torznab+http://jackett-2/d',
    );
    expect(indexers.map(({ id }) => id)).toEqual([
      'torznab-jackett',
      'torznab-jackett-2',
      'newznab-jackett',
      'torznab-jackett-2-2',
    ]);
    expect(indexers[0]?.url).toBe('http://jackett:9117/a?cat=1,2');
  });

  it('a name - can be given behind the address', () => {
    const [one] = parseIndexerAddresses('torznab+http://jackett/a?apikey=k#name=My%20indexer');
    expect(one).toMatchObject({ id: 'torznab-jackett', name: 'My indexer', url: 'http://jackett/a' });
  });

  it('indexers - are frozen, and come from the settings file as a text or a list', () => {
    const [one, other] = ['torznab+http://a/api', 'newznab+http://b/api'];
    const { indexers } = loadConfig({ INDEXERS: one });
    expect(Object.isFrozen(indexers) && Object.isFrozen(indexers[0])).toBe(true);
    expect(loadConfig({}, { INDEXERS: [one, other] }).indexers).toEqual(
      loadConfig({ INDEXERS: `${one} ${other}` }).indexers,
    );
  });
});

describe('what is refused', () => {
  it.each([
    ['https://indexer.example.org/api?apikey=hunter2', 'does not begin with a kind and +'],
    ['indexer.example.org', 'does not begin with a kind and +'],
    ['hunter2+https://indexer.example.org/api', 'its kind is not one of torznab, newznab, prowlarr'],
    ['"torznab+https://indexer.example.org/api?apikey=hunter2"', 'quotes'],
    ['torznab+ftp://indexer.example.org/?apikey=hunter2', 'not an address'],
    ['torznab+indexer.example.org/?apikey=hunter2', 'not an address'],
    ['torznab+https://?apikey=hunter2', 'not an address'],
    ['torznab+https://indexer.example.org:70000/?apikey=hunter2', 'not an address'],
    ['torznab+https://indexer.example.org/?apikey=', 'the apikey is empty'],
    ['torznab+https://indexer.example.org/?apikey', 'the apikey is empty'],
    ['torznab+https://indexer.example.org/?apikey=hunter2&APIKEY=hunter2', 'apikey is given twice'],
    ['torznab+https://indexer.example.org/?apikey=hunter2&api_key=hunter2', 'apikey is given twice'],
    ['torznab+https://indexer.example.org/?api_key=hunter2%20hunter2', 'the apikey is not ASCII without blanks'],
    ['torznab+https://indexer.example.org/?apikey=hunter2%zz', 'the apikey is not percent-encoded'],
    ['torznab+https://indexer.example.org/?apikey=hunter2%0d%0a', 'the apikey contains a control character'],
    [`torznab+https://indexer.example.org/?apikey=hunter2${'x'.repeat(256)}`, 'longer than 256'],
    [`torznab+https://indexer.example.org/${'hunter2'.repeat(300)}`, 'longer than 2000'],
    ['torznab+https://indexer.example.org/?apikey=a#hunter2', 'in an address # is %23'],
    ['torznab+https://indexer.example.org/#name=%20', 'the name is empty'],
    [`torznab+https://indexer.example.org/#name=${'x'.repeat(61)}`, 'the name is longer than 60'],
  ])('%s - is refused in words', (text, expected) => {
    const problem = problemOf(`torznab+http://first.example.org/api ${text}`);
    expect(problem).toContain('entry 2: ');
    expect(problem).toContain(expected);
    expect(problem).not.toContain('hunter2');
  });

  it('more than 100 indexers - are a mistake', () => {
    expect(problemOf('torznab+http://a '.repeat(101))).toContain('100');
  });

  it('whatever the text is - either indexers with ids of their own or an InputError, and no key in it', () => {
    const kind = fc.constantFrom('torznab+', 'newznab+http://', 'jackett+https://host/', 'prowlarr+http://h?', '');
    const key = fc.stringMatching(/^[A-Z0-9:/?#@%&=+ ]{0,12}$/).map((text) => `Sesame${text}Sesame`);
    fc.assert(
      fc.property(kind, fc.string(), key, fc.string(), (start, middle, secret, end) => {
        try {
          const indexers = parseIndexerAddresses(`${start}${middle}&apikey=${secret}${end} torznab+http://host/api`);
          expect(new Set(indexers.map(({ id }) => id)).size).toBe(indexers.length);
          expect(indexers.every(({ id, url }) => /^[a-z0-9-]+$/.test(id) && /^https?:/.test(url))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).not.toContain('Sesame');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('searching - its other settings', () => {
  const problemsOf = (env: Record<string, string>): readonly string[] => {
    try {
      loadConfig(env);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    throw new Error('the configuration was accepted');
  };

  it('defaults - are five seconds, the next episode, the next release, and no indexer', () => {
    expect(loadConfig({})).toMatchObject({
      indexers: [],
      searchTimeoutMs: 5000,
      prefetchNext: true,
      failover: 'next',
      metadataUrl: 'https://v3-cinemeta.strem.io',
    });
  });

  it('search timeout - is from one to thirty seconds', () => {
    expect(loadConfig({ SEARCH_TIMEOUT: '30s' }).searchTimeoutMs).toBe(30_000);
    expect(problemsOf({ SEARCH_TIMEOUT: '31s' })[0]).toContain('(too large)');
    expect(problemsOf({ SEARCH_TIMEOUT: '500' })[0]).toMatch(/too small.*from 1000 ms to 30s/);
  });

  it('failover - is one of two words', () => {
    expect(loadConfig({ FAILOVER: 'NONE', PREFETCH_NEXT: 'off' })).toMatchObject({
      failover: 'none',
      prefetchNext: false,
    });
    expect(problemsOf({ FAILOVER: 'all' })[0]).toContain('allowed: none, next');
  });

  it.each([
    ['https://meta.example.org/', 'https://meta.example.org'],
    ['http://127.0.0.1:7000/some/account/', 'http://127.0.0.1:7000/some/account'],
    ['https://meta.example.org/some/account/manifest.json', 'https://meta.example.org/some/account'],
  ])('metadata address %s - is taken as a root', (text, url) => {
    expect(loadConfig({ METADATA_URL: text }).metadataUrl).toBe(url);
  });

  it('metadata address - is http, without query, and never repeated', () => {
    for (const METADATA_URL of ['stremio://a/hunter2', 'https://a/?hunter2', 'hunter2']) {
      expect(problemsOf({ METADATA_URL })[0]).toMatch(/^METADATA_URL: this value \(not shown/);
      expect(problemsOf({ METADATA_URL })[0]).not.toContain('hunter2');
    }
  });
});
