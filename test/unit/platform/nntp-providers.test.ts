// What NNTP_PROVIDERS may say, and that no account is ever repeated when it is wrong.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../../backend/content/index.js';
import { ConfigError, loadConfig } from '../../../backend/platform/index.js';
import { parseNntpProviders } from '../../../backend/platform/nntp-providers.js';

function problemOf(text: string): string {
  try {
    parseNntpProviders(text);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('addresses', () => {
  it('an address - has defaults for all it does not say', () => {
    expect(parseNntpProviders('nntps://news.example.org')).toEqual([
      {
        id: 'news.example.org',
        host: 'news.example.org',
        port: 563,
        isTls: true,
        connections: 10,
        depth: 3,
        priority: 0,
        isBackup: false,
        isInsecure: false,
      },
    ]);
    expect(parseNntpProviders('nntp://news.example.org/')[0]).toMatchObject({ port: 119, isTls: false });
  });

  it('every parameter - becomes a setting', () => {
    const [provider] = parseNntpProviders(
      'NNTPS://user%40mail:p%3Aa%2Fs%20s@News.Example.org:8563/?connections=20&priority=1&backup=1&depth=4&group=backbone-a&insecure=1&ca=%2Fetc%2Fca.pem&quota=500GB&quota_period=30d&proxy=socks5://me:you@127.0.0.1:1080',
    );
    expect(provider).toEqual({
      id: 'news.example.org',
      host: 'news.example.org',
      port: 8563,
      isTls: true,
      user: 'user@mail',
      password: 'p:a/s s',
      connections: 20,
      depth: 4,
      priority: 1,
      isBackup: true,
      group: 'backbone-a',
      isInsecure: true,
      caFile: '/etc/ca.pem',
      quotaBytes: 500e9,
      quotaPeriodMs: 30 * 86400e3,
      proxyUrl: 'socks5://me:you@127.0.0.1:1080',
    });
  });

  it('IPv6 - stands in brackets, and without them in the setting', () => {
    expect(parseNntpProviders('nntp://u:p@[2001:db8::1]:1119')[0]).toMatchObject({ host: '2001:db8::1', port: 1119 });
  });

  it('several - are separated by blanks and line breaks, in order, with ids of their own', () => {
    const ids = parseNntpProviders(
      'nntps://a:1@news.example.org nntps://b:2@news.example.org\n nntps://news.example.org-2 nntp://[::1]',
    ).map(({ id }) => id);
    expect(ids).toEqual(['news.example.org', 'news.example.org-2', 'news.example.org-2-2', '1']);
  });

  it('commas - separate addresses too, but not inside one', () => {
    const text = 'nntps://a:1,2,,3@one.example.org,nntp://two.example.org, NNTPS://three.example.org/?group=x,\n';
    const providers = parseNntpProviders(text);
    expect(providers.map(({ id }) => id)).toEqual(['one.example.org', 'two.example.org', 'three.example.org']);
    expect(providers.map(({ password, group }) => password ?? group)).toEqual(['1,2,,3', undefined, 'x']);
  });

  it('a password with @ in it - is taken up to the last one', () => {
    expect(parseNntpProviders('nntps://u:p@ss@news.example.org')[0]).toMatchObject({ user: 'u', password: 'p@ss' });
  });

  it('providers - are frozen', () => {
    const { nntpProviders } = loadConfig({ NNTP_PROVIDERS: 'nntps://news.example.org' });
    expect(Object.isFrozen(nntpProviders) && Object.isFrozen(nntpProviders[0])).toBe(true);
  });
});

describe('what is refused', () => {
  it.each([
    ['https://news.example.org', 'nntps://'],
    ['news.example.org', 'nntps://'],
    ['nntps://', 'host'],
    ['nntps://u:p@', 'not an address'],
    ['nntps://news.example.org:0', 'port'],
    ['nntps://news.example.org:70000', 'the port is not from 1 to 65535'],
    ['nntps://u:hunter2@news.example.org:70000/?connections=2', 'the port is not from 1 to 65535'],
    ['nntps://u:hunter2@[2001:db8::zz]:563', 'not an address'],
    ['"nntps://u:hunter2@news.example.org"', 'quotes'],
    ["'nntps://u:hunter2@news.example.org'", 'quotes'],
    ['nntps://:hunter2@news.example.org', 'without a user'],
    ['nntps://u:hunter2%zz@news.example.org', 'percent-encoded'],
    ['nntps://u:hunter2%0d%0aPOST@news.example.org', 'control character'],
    ['nntps://u:1/hunter2@news.example.org', 'percent-encoded'],
    ['nntps://u:1?hunter2@news.example.org', 'percent-encoded'],
    ['nntps://u:1#hunter2@news.example.org', 'percent-encoded'],
    ['nntps://news.example.org/?conections=20', 'there is no parameter conections; known are connections, depth'],
    ['nntps://news.example.org/?connections=many', 'connections: not a whole number'],
    ['nntps://news.example.org/?connections=0', 'connections: not from 1 to 500'],
    ['nntps://news.example.org/?depth=9', 'depth: not from 1 to 8'],
    ['nntps://news.example.org/?backup=maybe', 'backup: not a yes or no'],
    ['nntps://news.example.org/?group=', 'group: it is empty'],
    ['nntps://news.example.org/?quota=lots', 'quota: not a size'],
    ['nntps://news.example.org/?quota_period=30d', 'without quota'],
    ['nntps://news.example.org/?quota=1GB&quota_period=99999d', 'quota_period: too large'],
    ['nntps://news.example.org/?proxy=http://u:hunter2@127.0.0.1:1', 'proxy: not such an address'],
    ['nntps://news.example.org/?proxy=socks5://u:hunter2@127.0.0.1', 'proxy: the port is missing'],
    ['nntps://news.example.org/?depth=2&depth=3', 'depth is given twice'],
    ['nntps://news.example.org/?__proto__=1', 'unknown parameter'],
  ])('%s - is refused in words', (text, expected) => {
    const problem = problemOf(`nntps://first.example.org ${text}`);
    expect(problem).toContain('entry 2: ');
    expect(problem).toContain(expected);
    expect(problem).not.toContain('hunter2');
  });

  it('more than 64 providers - are a mistake', () => {
    expect(problemOf('nntp://a '.repeat(65))).toContain('64');
  });

  it('the configuration - says what is wrong without the value', () => {
    let problems: readonly string[] = [];
    try {
      loadConfig({ NNTP_PROVIDERS: 'nntps://user:hunter2@news.example.org/?depth=x' });
    } catch (error) {
      problems = error instanceof ConfigError ? error.problems : [];
    }
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^NNTP_PROVIDERS: .*entry 1: depth: not a whole number/);
    expect(problems[0]).not.toMatch(/hunter2|news\.example\.org\/\?depth=x/);
  });

  it('whatever the text is - either providers or an InputError, and no password in it', () => {
    const password = fc.stringMatching(/^[A-Z0-9:/?#@%&= ]{0,12}$/).map((text) => `Sesame${text}Sesame`);
    const odd = fc.record({ password, rest: fc.oneof(fc.string(), fc.constant('?connections=2')) });
    fc.assert(
      fc.property(odd, ({ password: secret, rest }) => {
        try {
          const providers = parseNntpProviders(`nntps://user:${secret}@news.example.org/${rest}`);
          expect(new Set(providers.map(({ id }) => id)).size).toBe(providers.length);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as Error).message).not.toContain('Sesame');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('encoded accounts - come back as they were', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((one) => !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(text, text, (user, password) => {
        const address = `nntps://${encodeURIComponent(user)}:${encodeURIComponent(password)}@news.example.org`;
        expect(parseNntpProviders(address)[0]).toMatchObject({ user, password });
      }),
    );
  });
});

describe('warnings', () => {
  it('a password without TLS - is warned about, but not on this machine', () => {
    const { warnings } = loadConfig({
      NNTP_PROVIDERS: 'nntp://u:hunter2@news.example.org nntp://u:p@127.0.0.1 nntps://u:p@other.example.org',
    });
    expect(warnings).toEqual([expect.stringContaining('news.example.org')]);
    expect(warnings[0]).not.toContain('hunter2');
  });

  it('an unchecked certificate - is warned about', () => {
    const { warnings } = loadConfig({ NNTP_PROVIDERS: 'nntps://u:p@news.example.org/?insecure=1' });
    expect(warnings).toEqual([expect.stringContaining('certificate')]);
  });

  it('settings file - takes one text or a list', () => {
    const [one, other] = ['nntps://a.example.org', 'nntps://b.example.org'];
    expect(loadConfig({}, { NNTP_PROVIDERS: [one, other] }).nntpProviders).toHaveLength(2);
    expect(loadConfig({}, { NNTP_PROVIDERS: `${one} ${other}` }).nntpProviders).toHaveLength(2);
  });
});
