// What a person fills in, as settings of an indexer.

import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../../backend/content/index.js';
import type { IndexerSettings } from '../../../../backend/discovery/indexers/indexer.js';
import { draftIndexer } from '../../../../backend/discovery/settings/indexer-draft.js';
import { maskUrl } from '../../../../backend/discovery/settings/indexer-masks.js';

const KEY = '0123456789abcdef';
const known: IndexerSettings = {
  id: 'lantern',
  kind: 'newznab',
  name: 'Lantern',
  url: 'https://reader:word@lantern.example/api?passkey=hidden',
  apiKey: KEY,
  isEnabled: false,
  requestsPerMinute: 30,
};

describe('a new indexer', () => {
  it('new indexer - needs a kind and an address, and is named after its host', () => {
    expect(draftIndexer('a', { kind: 'torznab', url: ' http://10.0.0.2:9117/api ' }, null)).toEqual({
      id: 'a',
      kind: 'torznab',
      name: '10.0.0.2',
      url: 'http://10.0.0.2:9117/api',
      isEnabled: true,
    });
    expect(() => draftIndexer('a', { url: 'http://a.example' }, null)).toThrow('kind is missing.');
    expect(() => draftIndexer('a', { kind: 'torznab' }, null)).toThrow('url is missing.');
  });

  it.each(['apikey', 'ApiKey', 'api_key', 'apiKey'])('key as %s in the address - is taken out of it', (name) => {
    const url = `https://lantern.example/api?cat=2000&${name}=${KEY}#part`;
    expect(draftIndexer('a', { kind: 'newznab', url }, null)).toMatchObject({
      url: 'https://lantern.example/api?cat=2000',
      apiKey: KEY,
    });
  });

  it('an address as INDEXERS takes it - is taken here too, its other parameters as they are written', () => {
    const url = `newznab+https://lantern.example/api?cat=2000,5000&apikey=${KEY}`;
    const drafted = { kind: 'newznab', url: 'https://lantern.example/api?cat=2000,5000', apiKey: KEY };
    expect(draftIndexer('a', { url }, null)).toMatchObject(drafted);
    expect(draftIndexer('a', { kind: 'newznab', url }, null)).toMatchObject(drafted);
    expect(draftIndexer('a', { url }, { ...known, kind: 'torznab' })).toMatchObject(drafted);
    expect(() => draftIndexer('a', { kind: 'torznab', url }, null)).toThrow(/^kind must be the one/);
    expect(() => draftIndexer('a', { url: 'lantern+https://a.example' }, null)).toThrow(/^url must .* kind is not one/);
  });

  it('key beside the address - counts before one within it, none at all does not', () => {
    const fields = { kind: 'newznab', url: `https://lantern.example/?apikey=${KEY}` } as const;
    expect(draftIndexer('a', { ...fields, apiKey: 'other' }, null).apiKey).toBe('other');
    for (const apiKey of ['', null, undefined]) expect(draftIndexer('a', { ...fields, apiKey }, null).apiKey).toBe(KEY);
    const empty = { kind: 'newznab', url: 'https://lantern.example/?apikey=' } as const;
    expect(draftIndexer('a', { ...empty, apiKey: 'other' }, null)).toMatchObject({ apiKey: 'other' });
    expect(draftIndexer('a', empty, null)).toEqual(expect.not.objectContaining({ apiKey: expect.anything() }));
  });

  it.each([
    ['lantern.example/api', 'url'],
    ['ftp://lantern.example/', 'url'],
    ['javascript:alert(1)', 'url'],
    ['http://', 'url'],
    ['https://••••@lantern.example/', 'url'],
    ['https://lantern.example/?apikey=two%20words', 'url'],
    [`https://lantern.example/?apikey=${'x'.repeat(257)}`, 'url'],
    [`https://lantern.example/?apikey=${KEY}&api_key=other`, 'url'],
    ['https://lantern.example/?apikey=%zz', 'url'],
  ])('address %s - is refused, naming the field and not the text', (url, field) => {
    const draft = (): unknown => draftIndexer('a', { kind: 'torznab', url }, null);
    expect(draft).toThrow(InputError);
    expect(draft).toThrow(new RegExp(`^${field} must `));
    expect(draft).not.toThrow(/lantern|alert/);
  });

  it('a masked key - is none', () => {
    const fields = { kind: 'torznab', url: 'https://lantern.example/', apiKey: '••••cdef' } as const;
    expect(() => draftIndexer('a', fields, null)).toThrow('apiKey must be the key itself, not its masked form.');
  });
});

describe('a changed indexer', () => {
  it('nothing given - changes nothing', () => {
    expect(draftIndexer('lantern', {}, known)).toEqual(known);
  });

  it('what is shown - can come back as it is', () => {
    const shown = { name: 'Lantern', url: maskUrl(known.url), apiKey: '••••cdef', requestsPerMinute: 30 };
    expect(draftIndexer('lantern', shown, known)).toEqual(known);
    expect(draftIndexer('lantern', { apiKey: '' }, known)).toEqual(known);
  });

  it('each field - is changed by itself', () => {
    const change = { kind: 'torznab', name: '', isEnabled: true, requestsPerMinute: null } as const;
    const { requestsPerMinute: _none, ...rest } = known;
    expect(draftIndexer('lantern', change, known)).toEqual({
      ...rest,
      kind: 'torznab',
      name: 'lantern.example',
      isEnabled: true,
    });
    expect(draftIndexer('lantern', { apiKey: 'newer' }, known).apiKey).toBe('newer');
  });

  it('null as key - takes the key away', () => {
    expect(draftIndexer('lantern', { apiKey: null }, known)).not.toHaveProperty('apiKey');
  });

  it('another address on the same host - keeps the key', () => {
    const changed = draftIndexer('lantern', { url: 'http://lantern.example:8080/v2' }, known);
    expect(changed).toMatchObject({ url: 'http://lantern.example:8080/v2', apiKey: KEY });
  });

  it('another host - does not get the key that is kept', () => {
    const url = 'https://elsewhere.example/api';
    expect(() => draftIndexer('lantern', { url }, known)).toThrow(/apiKey must be given again/);
    expect(() => draftIndexer('lantern', { url, apiKey: '••••cdef' }, known)).toThrow(/apiKey must be given again/);
    expect(draftIndexer('lantern', { url, apiKey: 'its-own' }, known)).toMatchObject({ url, apiKey: 'its-own' });
    expect(draftIndexer('lantern', { url, apiKey: null }, known)).not.toHaveProperty('apiKey');
  });

  it('a masked address that was edited, or another’s masked key - is refused', () => {
    expect(() => draftIndexer('lantern', { url: `${maskUrl(known.url)}&x=1` }, known)).toThrow(/^url must/);
    expect(() => draftIndexer('lantern', { apiKey: '••••0000' }, known)).toThrow(/^apiKey must/);
  });
});
