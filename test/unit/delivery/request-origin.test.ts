import { describe, expect, it } from '@jest/globals';

import { requestOrigin, requestPrefix, type OriginOptions } from '../../../backend/delivery/request-origin.js';

const PROXY = '10.0.0.2';
const origin = (
  headers: Record<string, string>,
  o: Partial<OriginOptions> & { from?: string; encrypted?: boolean; local?: string } = {},
): string =>
  requestOrigin(
    {
      headers,
      socket: {
        remoteAddress: o.from ?? PROXY,
        localAddress: o.local ?? '::ffff:127.0.0.1',
        localPort: 7000,
        encrypted: o.encrypted,
      },
    },
    { baseUrl: o.baseUrl, trustedProxies: o.trustedProxies ?? ['10.0.0.0/8'] },
  );

const forwarded = {
  host: 'inside:7000',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'film.example:8443',
  'x-forwarded-prefix': '/headstart/',
};

describe('request origin', () => {
  it('request origin - is what the caller used', () => {
    expect(origin({ host: '192.168.1.5:7000' })).toBe('http://192.168.1.5:7000');
    expect(origin({ host: '[::1]:7000' }, { encrypted: true })).toBe('https://[::1]:7000');
  });

  it('request origin - is what a trusted proxy says', () =>
    expect(origin(forwarded)).toBe('https://film.example:8443/headstart'));

  it('request origin - does not believe a stranger', () => {
    expect(origin(forwarded, { from: '203.0.113.9' })).toBe('http://inside:7000');
    expect(origin(forwarded, { trustedProxies: [] })).toBe('http://inside:7000');
  });

  it('request origin - takes the first of what several proxies added', () =>
    expect(origin({ host: 'x', 'x-forwarded-proto': 'https, http', 'x-forwarded-host': 'a.example, b.example' })).toBe(
      'https://a.example',
    ));

  it('request origin - the configured address overrides everything', () =>
    expect(origin(forwarded, { baseUrl: 'https://my.example/path//' })).toBe('https://my.example/path'));

  it.each(['', 'evil"><script>', 'a@b', 'a/b', 'a b', 'h:99999'])(
    'request origin - Host "%s" is not handed on',
    (host) => expect(origin({ host })).toBe('http://127.0.0.1:7000'),
  );

  it('request origin - without a Host it is where the connection came in', () => {
    expect(origin({})).toBe('http://127.0.0.1:7000');
    expect(origin({}, { local: 'fe80::1%eth0' })).toBe('http://[fe80::1]:7000');
  });

  it.each(['x', '//evil', '/a/../b', '/a b', '/"', '/a?b', '/a#b', '/<', '/%zz', `/${'a'.repeat(2000)}`])(
    'request origin - prefix "%s" is not handed on',
    (prefix) => expect(origin({ host: 'h', 'x-forwarded-prefix': prefix })).toBe('http://h'),
  );

  it('request origin - other schemes and hosts from a proxy are not handed on', () =>
    expect(origin({ host: 'h', 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a"b' })).toBe('http://h'));
});

describe('request prefix', () => {
  const baseUrl = 'https://Films.example/a%20path/';
  const prefix = (headers: Record<string, string>, o: { from?: string; baseUrl?: string } = {}): string => {
    const socket = { remoteAddress: o.from ?? PROXY };
    return requestPrefix({ headers, socket }, { baseUrl: o.baseUrl, trustedProxies: ['10.0.0.0/8'] });
  };

  it('request prefix - is what a trusted proxy says, whatever is configured', () => {
    expect(prefix(forwarded)).toBe('/headstart');
    expect(prefix(forwarded, { baseUrl })).toBe('/headstart');
    expect(prefix(forwarded, { from: '203.0.113.9' })).toBe('');
  });

  it.each([
    [{ host: 'films.example' }, '/a%20path'],
    [{ host: 'FILMS.example:443' }, '/a%20path'],
    [{ host: 'inside:7000', 'x-forwarded-host': 'films.example' }, '/a%20path'],
    [{ host: 'films.example', 'x-forwarded-host': 'other.example' }, ''],
    [{ host: 'films.example:7000' }, ''],
    [{ host: '127.0.0.1:7000' }, ''],
    [{ host: 'films.example/x' }, ''],
    [{}, ''],
  ])('request prefix - %j: the configured path where its host was called', (headers, expected) => {
    expect(prefix(headers as Record<string, string>, { baseUrl })).toBe(expected);
  });

  it('request prefix - nothing configured, or no path: none', () => {
    expect(prefix({ host: 'films.example' })).toBe('');
    expect(prefix({ host: 'films.example' }, { baseUrl: 'https://films.example' })).toBe('');
  });

  it('request prefix - a stranger does not say which host was called', () => {
    const headers = { host: 'inside:7000', 'x-forwarded-host': 'films.example' };
    expect(prefix(headers, { baseUrl, from: '203.0.113.9' })).toBe('');
  });
});
