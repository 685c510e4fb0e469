// How texts of settings become values.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InputError } from '../../../backend/content/index.js';
import {
  isIpAddress,
  isLoopbackHost,
  parseBaseUrl,
  parseBoolean,
  parseCidr,
  parseDuration,
  parseInteger,
  parseList,
  parseOrigin,
  parseRate,
  parseSize,
  parseUrl,
} from '../../../backend/platform/config-values.js';

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['500000', 500_000],
    ['64MB', 64_000_000],
    ['20GB', 20_000_000_000],
    ['512MiB', 536_870_912],
    ['1.5gb', 1_500_000_000],
    [' 3 KiB ', 3072],
    ['10B', 10],
  ])('size - %j is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '-1', '1e3', '5 apples', '20G', '0x10', 'MB', '1,5MB', '999999999999999TB', '１MB'])(
    'size - %j is refused',
    (text) => {
      expect(() => parseSize(text)).toThrow(InputError);
    },
  );

  it('size - whole bytes of any magnitude survive being written and read', () => {
    fc.assert(
      fc.property(fc.nat(), (bytes) => parseSize(`${bytes}`) === bytes && parseSize(`${bytes}kB`) === bytes * 1e3),
    );
  });
});

describe('rates', () => {
  it.each([
    ['0', 0],
    ['1', 1_000_000],
    ['0.5', 500_000],
    ['20MB', 20_000_000],
    ['20MB/s', 20_000_000],
    ['512KiB', 524_288],
  ])('rate - %j is %d bytes per second', (text, bytes) => {
    expect(parseRate(text)).toBe(bytes);
  });

  it.each(['-1', 'fast', '', '1/s/s'])('rate - %j is refused', (text) => {
    expect(() => parseRate(text)).toThrow(InputError);
  });
});

describe('durations', () => {
  it.each([
    ['300000', 300_000],
    ['250ms', 250],
    ['20s', 20_000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
  ])('duration - %j is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '-5s', 'soon', '5min', '2H30M'])('duration - %j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(InputError);
  });
});

describe('lists, numbers and yes or no', () => {
  it('list - commas and blanks separate, empty parts and repetitions vanish', () => {
    expect(parseList(' a, b\n\tc,,a ')).toEqual(['a', 'b', 'c']);
    expect(parseList('')).toEqual([]);
  });

  it('integer - only plain digits', () => {
    expect(parseInteger(' 7000 ')).toBe(7000);
    for (const text of ['7e3', '-1', '1.0', '', '0x1']) expect(() => parseInteger(text)).toThrow(InputError);
  });

  it('boolean - the usual words, in any case', () => {
    expect(['true', 'YES', 'on', '1'].map(parseBoolean)).toEqual([true, true, true, true]);
    expect(['false', 'No', 'off', '0'].map(parseBoolean)).toEqual([false, false, false, false]);
    expect(() => parseBoolean('maybe')).toThrow(InputError);
  });
});

describe('addresses and networks', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['127.0.0.1', '127.0.0.1/32'],
    ['::1', '::1/128'],
    ['FD00::/8', 'fd00::/8'],
    ['0.0.0.0/0', '0.0.0.0/0'],
  ])('network - %j is %j', (text, cidr) => {
    expect(parseCidr(text)).toBe(cidr);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '010.0.0.1', 'fe80::1%eth0', 'host', '10.0.0.0/', '::/129', ''])(
    'network - %j is refused',
    (text) => {
      expect(() => parseCidr(text)).toThrow(InputError);
    },
  );

  it('address - only the usual forms count', () => {
    expect(['1.2.3.4', '::ffff:1.2.3.4', '2001:db8::1'].every(isIpAddress)).toBe(true);
    expect(['0x7f.0.0.1', '127.1', '017700000001', '2130706433', '[::1]', 'fe80::1%1', ''].some(isIpAddress)).toBe(
      false,
    );
  });

  it('host - loopback in each of its forms', () => {
    expect(
      ['localhost', 'LOCALHOST', '127.0.0.1', '127.8.8.8', '::1', '[::1]', '::ffff:127.0.0.1'].every(isLoopbackHost),
    ).toBe(true);
    expect(
      ['0.0.0.0', '::', '10.0.0.1', 'localhost.example.org', '127.0.0.1.example.org', ''].some(isLoopbackHost),
    ).toBe(false);
  });
});

describe('web addresses', () => {
  it('url - only the schemes that are asked for, with a host', () => {
    expect(parseUrl('udp://tracker.example.org:6969/announce', ['udp'])).toBe(
      'udp://tracker.example.org:6969/announce',
    );
    for (const text of ['ftp://example.org', 'file:///etc/passwd', 'example.org', 'http://', 'javascript:alert(1)']) {
      expect(() => parseUrl(text, ['http', 'https'])).toThrow(InputError);
    }
  });

  it('base address - keeps its path prefix and loses the trailing slash', () => {
    expect(parseBaseUrl('https://example.org')).toBe('https://example.org');
    expect(parseBaseUrl('https://example.org:8443/a/b/')).toBe('https://example.org:8443/a/b');
    for (const text of ['https://user:pass@example.org', 'https://example.org/?a', 'https://example.org/#a', 'x']) {
      expect(() => parseBaseUrl(text)).toThrow(InputError);
    }
  });

  it('origin - no path, or a star', () => {
    expect(parseOrigin('*')).toBe('*');
    expect(parseOrigin('https://example.org/')).toBe('https://example.org');
    expect(() => parseOrigin('https://example.org/a')).toThrow(InputError);
  });
});

describe('any text', () => {
  const parsers = [
    parseSize,
    parseRate,
    parseDuration,
    parseBoolean,
    parseInteger,
    parseCidr,
    parseBaseUrl,
    parseOrigin,
  ];

  it('parsers - answer, or throw InputError without repeating the text', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.ipV4(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9.]{1,12}[a-zA-Z/]{0,4}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom(...parsers), texts, (parse, text) => {
        try {
          parse(text);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          if (text.length > 6) expect((error as Error).message).not.toContain(text);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('sizes, rates and durations - are never negative and always whole', () => {
    const texts = fc.stringMatching(/^[0-9]{1,10}(\.[0-9]{1,4})?(ms|s|m|h|d|kB|MB|GiB)?$/);
    fc.assert(
      fc.property(fc.constantFrom(parseSize, parseRate, parseDuration), texts, (parse, text) => {
        try {
          const value = parse(text);
          return Number.isSafeInteger(value) && value >= 0;
        } catch (error) {
          return error instanceof InputError;
        }
      }),
    );
  });
});
