// The indexers that are set up, by the environment and by hand.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessError, InputError, NotFoundError } from '../../../../backend/content/index.js';
import { ConfiguredIndexers } from '../../../../backend/discovery/index.js';
import { NotedLog } from '../../../support/noted-log.js';
import { FakeIndexerSet, MemoryIndexers } from '../../../support/memory-indexers.js';

const fromEnvironment = {
  id: 'harbour',
  kind: 'torznab',
  name: 'Harbour',
  url: 'http://10.0.0.2:9117/torznab',
  apiKey: 'environment-key',
} as const;
const wanted = { kind: 'newznab', url: 'https://lantern.example/api?apikey=0123456789abcdef' } as const;
const signal = new AbortController().signal;

let keeper: MemoryIndexers;
let inUse: FakeIndexerSet;
let log: NotedLog;
let indexers: ConfiguredIndexers;

beforeEach(() => {
  keeper = new MemoryIndexers();
  inUse = new FakeIndexerSet();
  log = new NotedLog();
  indexers = new ConfiguredIndexers({ environment: [fromEnvironment], keeper, inUse, log });
  indexers.start();
});

describe('configured indexers', () => {
  it('start - hands over those of the environment and those that are kept', () => {
    keeper.put({ id: 'kept', kind: 'prowlarr', name: 'Kept', url: 'http://10.0.0.3:9696/', isEnabled: false });
    indexers.start();
    expect(inUse.settings).toEqual([
      { ...fromEnvironment, isEnabled: true },
      { id: 'kept', kind: 'prowlarr', name: 'Kept', url: 'http://10.0.0.3:9696/', isEnabled: false },
    ]);
  });

  it('add - keeps it, puts it to use at once and shows it masked, with how it is doing', () => {
    const added = indexers.add(wanted);
    expect(added).toMatchObject({
      id: expect.stringMatching(/^lantern-example-[0-9a-f]{8}$/),
      name: 'lantern.example',
      url: 'https://lantern.example/api',
      apiKey: '••••cdef',
      origin: 'settings',
      requestsPerMinute: null,
      status: { id: added.id, state: 'unknown' },
    });
    expect(keeper.list()).toMatchObject([{ id: added.id, apiKey: '0123456789abcdef' }]);
    expect(inUse.settings.map(({ id }) => id)).toEqual(['harbour', added.id]);
    expect(indexers.list().map(({ id, origin }) => [id, origin])).toEqual([
      ['harbour', 'environment'],
      [added.id, 'settings'],
    ]);
  });

  it('the same indexer twice - is refused, whoever set it up first', () => {
    const { id } = indexers.add(wanted);
    expect(() => indexers.add(wanted)).toThrow('This indexer is set up already, as “lantern.example”.');
    const { kind, url, apiKey } = fromEnvironment;
    expect(() => indexers.add({ kind, url, apiKey })).toThrow(InputError);
    expect(indexers.add({ ...wanted, apiKey: 'another-account' }).id).not.toBe(id);
    expect(indexers.change(id, { name: 'Renamed' }).name).toBe('Renamed');
  });

  it('change - puts the new settings to use', () => {
    const { id } = indexers.add(wanted);
    indexers.change(id, { isEnabled: false, requestsPerMinute: 10 });
    expect(inUse.settings[1]).toMatchObject({
      id,
      isEnabled: false,
      requestsPerMinute: 10,
      apiKey: '0123456789abcdef',
    });
  });

  it('a change that is refused - changes nothing', () => {
    const { id } = indexers.add(wanted);
    const before = inUse.settings;
    expect(() => indexers.change(id, { name: 'X', url: 'nonsense' })).toThrow(InputError);
    expect(inUse.settings).toBe(before);
    expect(keeper.list()).toMatchObject([{ name: 'lantern.example' }]);
  });

  it('remove - takes it out of use', () => {
    const { id } = indexers.add(wanted);
    indexers.remove(id);
    expect(inUse.settings).toHaveLength(1);
    expect(() => indexers.remove(id)).toThrow(NotFoundError);
    expect(() => indexers.change(id, {})).toThrow(NotFoundError);
  });

  it('those of the environment - are changed there alone', () => {
    for (const work of [() => indexers.change('harbour', { name: 'X' }), () => indexers.remove('harbour')]) {
      expect(work).toThrow(AccessError);
      expect(work).toThrow(/INDEXERS/);
    }
    expect(keeper.list()).toEqual([]);
  });

  it('an id that the environment took later - is the environment’s', () => {
    keeper.put({ ...fromEnvironment, name: 'Older', isEnabled: true });
    indexers.start();
    expect(inUse.settings).toEqual([{ ...fromEnvironment, isEnabled: true }]);
  });

  it('test - tries what is kept, what a change would make of it, or something new, and keeps nothing', async () => {
    const { id } = indexers.add(wanted);
    const before = inUse.settings;
    await indexers.test('harbour', {}, { signal });
    await indexers.test(id, { kind: 'torznab', apiKey: '••••cdef' }, { signal });
    await indexers.test(null, { kind: 'jackett', url: 'http://10.0.0.9:9117/' }, { signal });
    expect(inUse.tested).toMatchObject([
      { id: 'harbour', apiKey: 'environment-key' },
      { id, kind: 'torznab', apiKey: '0123456789abcdef' },
      { kind: 'jackett', url: 'http://10.0.0.9:9117/' },
    ]);
    expect(inUse.settings).toBe(before);
    expect(keeper.list()).toHaveLength(1);
  });

  it('a test elsewhere - does not take the key along', () => {
    const test = (): unknown => indexers.test('harbour', { url: 'https://elsewhere.example/' }, { signal });
    expect(test).toThrow(InputError);
    expect(inUse.tested).toEqual([]);
  });

  it('the log - says what changed, without address or key', () => {
    const { id } = indexers.add(wanted);
    indexers.change(id, { apiKey: 'another-secret' });
    indexers.remove(id);
    expect(log.messages).toEqual(['An indexer was added', 'An indexer was changed', 'An indexer was removed']);
    expect(JSON.stringify(log.lines)).not.toMatch(/0123456789abcdef|another-secret|https/);
  });
});
