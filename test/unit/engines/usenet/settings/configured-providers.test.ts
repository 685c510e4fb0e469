// The news servers that are set up, by the environment and by hand.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccessError, InputError, NotFoundError } from '../../../../../backend/content/index.js';
import { ConfiguredProviders } from '../../../../../backend/engines/usenet/index.js';
import { loadConfig } from '../../../../../backend/platform/index.js';
import { FakeProvidersInUse, MemoryProviders } from '../../../../support/memory-providers.js';
import { NotedLog } from '../../../../support/noted-log.js';

const { nntpProviders: environment } = loadConfig({
  NNTP_PROVIDERS: 'nntps://me:harbour-word@news.example.org/?quota=1GB&group=one',
});
const wanted = { host: 'pier.example', user: 'reader', password: 'hunter2' };
const { signal } = new AbortController();

let keeper: MemoryProviders;
let inUse: FakeProvidersInUse;
let log: NotedLog;
let providers: ConfiguredProviders;

beforeEach(() => {
  keeper = new MemoryProviders();
  inUse = new FakeProvidersInUse();
  log = new NotedLog();
  providers = new ConfiguredProviders({ environment, keeper, inUse, log });
  providers.start();
});

describe('configured news servers', () => {
  it('start - hands over those of the environment as they are, and those that are kept', () => {
    const { id } = providers.add(wanted);
    const again = new FakeProvidersInUse();
    new ConfiguredProviders({ environment, keeper, inUse: again, log }).start();
    expect(again.inUse).toEqual([
      environment[0],
      {
        ...{ id, host: 'pier.example', port: 563, isTls: true, isInsecure: false, user: 'reader', password: 'hunter2' },
        ...{ connections: 10, depth: 3, priority: 0, isBackup: false },
      },
    ]);
  });

  it('add - keeps it, puts it to use at once and shows nothing of its account', () => {
    const added = providers.add({ ...wanted, name: 'Pier' });
    expect(added).toMatchObject({
      id: expect.stringMatching(/^pier-example-[0-9a-f]{8}$/),
      origin: 'settings',
      settings: { name: 'Pier', hasUser: true, hasPassword: true },
      status: { id: added.id, state: 'idle' },
    });
    expect(inUse.inUse.map(({ id }) => id)).toEqual(['news.example.org', added.id]);
    expect(JSON.stringify(added.settings)).not.toMatch(/reader|hunter2/);
    expect(JSON.stringify(log)).not.toMatch(/reader|hunter2/);
  });

  it('list - is in the order in which they are asked', () => {
    const { id } = providers.add(wanted);
    const order = inUse.providers().toReversed();
    inUse.providers = () => order;
    expect(providers.list().map((one) => [one.id, one.origin])).toEqual([
      [id, 'settings'],
      ['news.example.org', 'environment'],
    ]);
  });

  it('the same account twice - is refused, whoever set it up first', () => {
    const { id } = providers.add(wanted);
    expect(() => providers.add(wanted)).toThrow('This news server is set up already, as “pier.example”.');
    expect(() => providers.add({ host: 'news.example.org', user: 'me', password: 'x' })).toThrow(InputError);
    expect(providers.add({ ...wanted, user: 'another' }).id).not.toBe(id);
  });

  it('an account that came into NNTP_PROVIDERS later - is used from there alone, and shown as not used', () => {
    const { id } = providers.add(wanted);
    const { nntpProviders } = loadConfig({ NNTP_PROVIDERS: 'nntps://reader:other@pier.example/?connections=4' });
    const used = new FakeProvidersInUse();
    const noted = new NotedLog();
    const later = new ConfiguredProviders({ environment: nntpProviders, keeper, inUse: used, log: noted });
    later.start();
    expect(used.inUse).toEqual(nntpProviders);
    expect(later.list()).toMatchObject([
      { id: 'pier.example', origin: 'environment', status: { state: 'idle' } },
      { id, origin: 'settings', status: { id, state: 'twin', connections: { open: 0, limit: 0, configured: 10 } } },
    ]);
    expect(noted.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);

    expect(later.change(id, { user: 'another' }).status.state).toBe('idle');
    expect(used.inUse.map((one) => one.id)).toEqual(['pier.example', id]);
    later.remove(id);
    expect([later.list().length, noted.lines.filter(({ level }) => level === 'warn').length]).toEqual([1, 1]);
  });

  it('a new name - is no reason to connect anew', () => {
    const { id } = providers.add(wanted);
    const before = inUse.inUse;
    expect(providers.change(id, { name: 'Renamed' }).settings.name).toBe('Renamed');
    expect(inUse.inUse).toEqual(before);
  });

  it('remove - ends its use; what is unknown or of the environment stays as it is', () => {
    const { id } = providers.add(wanted);
    providers.remove(id);
    expect(inUse.inUse).toHaveLength(1);
    expect(() => providers.remove(id)).toThrow(NotFoundError);
    expect(() => providers.remove('news.example.org')).toThrow(AccessError);
    expect(() => providers.change('news.example.org', { name: 'X' })).toThrow(AccessError);
  });

  it('test - tries what would be kept, with what only the environment can set, and keeps nothing', async () => {
    await providers.test('news.example.org', { connections: 2 }, { signal });
    await providers.test(null, wanted, { signal });
    expect(inUse.tested).toMatchObject([
      { ...environment[0], connections: 2 },
      { host: 'pier.example', password: 'hunter2' },
    ]);
    expect(keeper.list()).toEqual([]);
    expect(() => providers.test('news.example.org', { host: 'evil.example' }, { signal })).toThrow(/given again/);
  });
});
