// Whatever is sent to be set up as a news server: settings that are sound, or an InputError that repeats none of it.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNewProvider, readProviderChange } from '../../backend/api/provider-request.js';
import { InputError } from '../../backend/content/index.js';
import { draftProvider, type ProviderSettings } from '../../backend/engines/usenet/settings/provider-draft.js';

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('••••', '', ' ', 'pier.example', 'PIER.example', '[::1]', 'nntps://pier.example:563/'),
);
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), noise);
const value = fc.oneof(noise, fc.integer(), fc.double(), fc.constantFrom(null, true, false), fc.object());
const number = fc.oneof(fc.integer({ min: -1, max: 66_000 }), value);
const flag = fc.oneof({ weight: 5, arbitrary: fc.boolean() }, { weight: 1, arbitrary: value });
const fields = fc.record(
  {
    ...{ host, name: noise, user: fc.option(noise), password: fc.option(noise) },
    ...{ port: fc.option(number), connections: number, priority: number },
    ...{ isTls: flag, isInsecure: flag, isBackup: flag, __proto__: value },
  },
  { requiredKeys: [] },
);
const body = fc.oneof({ weight: 5, arbitrary: fields }, { weight: 1, arbitrary: value }, fc.array(value));
const known: ProviderSettings = {
  ...{ id: 'known', name: 'Known', host: 'pier.example', port: 563, isTls: true, isInsecure: false },
  ...{ user: 'kept-user', password: 'kept-password', connections: 10, depth: 3, priority: 0, isBackup: false },
};

/** Null when it was refused as it may be. */
function accepted(read: () => ProviderSettings): ProviderSettings | null {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^[\x20-\x7e]{1,900}$/);
    return null;
  }
}

function expectSound({ connections, host: at, name, password, port, priority, user }: ProviderSettings): void {
  expect(at).toMatch(/^[a-z0-9:._%-]{1,253}$/);
  expect(name).toMatch(/^\P{Cc}{1,253}$/u);
  expect([port, connections, priority].every(Number.isInteger)).toBe(true);
  expect(port > 0 && port < 65_536 && connections > 0).toBe(true);
  expect(password === undefined || user !== undefined).toBe(true);
  for (const text of [user, password]) expect(text ?? 'x').toMatch(/^[^\u0000-\u001f\u007f]{1,256}$/u);
}

describe('news servers from anywhere', () => {
  it('new news server - is sound, or an InputError', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const settings = accepted(() => draftProvider('new', readNewProvider(sent), null));
        if (settings !== null) expectSound(settings);
      }),
      { numRuns: 300 },
    );
  });

  it('changed news server - is sound, and its account stays with its host', () => {
    fc.assert(
      fc.property(body, (sent) => {
        const settings = accepted(() => draftProvider('known', readProviderChange(sent), known));
        if (settings === null) return;
        expectSound(settings);
        const isKept = settings.user === known.user || settings.password === known.password;
        if (isKept) expect(settings.host).toBe('pier.example');
      }),
      { numRuns: 300 },
    );
  });
});
