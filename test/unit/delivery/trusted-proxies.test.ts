import { describe, expect, it } from '@jest/globals';

import { clientAddress, isTrusted } from '../../../backend/delivery/trusted-proxies.js';

const TRUSTED = ['10.0.0.0/8', '127.0.0.1', 'fd00::/8', 'nonsense'];
const request = (remoteAddress: string | undefined, forwarded?: string): Parameters<typeof clientAddress>[0] => ({
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  socket: { remoteAddress },
});

describe('trusted proxies', () => {
  it.each(['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', 'fd00::5'])('trusted proxies - %s is one', (address) =>
    expect(isTrusted(address, TRUSTED)).toBe(true),
  );

  it.each(['11.0.0.1', '127.0.0.2', '::1', 'fe80::1', 'nonsense', '', undefined])(
    'trusted proxies - %s is none',
    (address) => expect(isTrusted(address, TRUSTED)).toBe(false),
  );

  it('trusted proxies - nobody is trusted by default', () => expect(isTrusted('127.0.0.1', [])).toBe(false));

  it.each<[string, string | undefined, string | undefined, string]>([
    ['a stranger is who he is', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['a proxy names its client', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['what the client itself wrote is not believed', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['a chain of proxies is followed back', '10.0.0.1', '198.51.100.1, 10.0.0.7', '198.51.100.1'],
    ['nonsense ends the chain', '10.0.0.1', '198.51.100.1, ha, 10.0.0.7', '10.0.0.7'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['IPv4 in IPv6', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['a socket that is gone', undefined, undefined, ''],
  ])('client address - %s', (_title, remote, forwarded, expected) => {
    expect(clientAddress(request(remote, forwarded), TRUSTED)).toBe(expected);
  });
});
