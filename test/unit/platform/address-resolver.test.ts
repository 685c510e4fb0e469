// Names to addresses that may be reached.

import { describe, expect, it } from '@jest/globals';
import { AddressPolicy, resolveAllowed } from '../../../backend/platform/index.js';
import { resolveAllAllowed } from '../../../backend/platform/address-resolver.js';

const policy = new AddressPolicy(['127.0.0.0/8']);
const lookup =
  (...addresses: string[]) =>
  async (): Promise<readonly string[]> =>
    addresses;

describe('resolving', () => {
  it('address - is its own answer, brackets removed, and asks nobody', async () => {
    const nobody = (): Promise<never> => Promise.reject(new Error('asked'));
    expect(await resolveAllowed('127.0.0.1', policy, { lookup: nobody })).toBe('127.0.0.1');
    expect(await resolveAllowed('[2606:4700::1111]', policy, { lookup: nobody })).toBe('2606:4700::1111');
  });

  it('name - gives the first address that is allowed', async () => {
    expect(await resolveAllowed('a.example.org', policy, { lookup: lookup('10.0.0.1', '1.1.1.1', '127.0.0.1') })).toBe(
      '1.1.1.1',
    );
    expect(
      await resolveAllAllowed('a.example.org', policy, { lookup: lookup('10.0.0.1', '1.1.1.1', '127.0.0.1') }),
    ).toEqual(['1.1.1.1', '127.0.0.1']);
  });

  it('localhost - is asked of the system', async () => {
    expect(await resolveAllowed('localhost', policy)).toBe('127.0.0.1');
  });

  it('nothing allowed - is refused', async () => {
    await expect(resolveAllowed('a.example.org', policy, { lookup: lookup('10.0.0.1') })).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    });
    await expect(resolveAllowed('10.0.0.1', policy)).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    await expect(resolveAllowed('a.example.org', policy, { lookup: lookup() })).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    });
  });

  it('unknown name - is an upstream error', async () => {
    await expect(resolveAllowed('nowhere.invalid', policy)).rejects.toMatchObject({ code: 'UPSTREAM' });
  });

  it('abort - rejects with the signal’s reason although the lookup hangs', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const hanging = resolveAllowed('a.example.org', policy, {
      signal: controller.signal,
      lookup: () => new Promise(() => undefined),
    });
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    await expect(resolveAllowed('127.0.0.1', policy, { signal: controller.signal })).rejects.toBe(reason);
  });
});
