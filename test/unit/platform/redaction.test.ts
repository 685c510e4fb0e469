// What never reaches the log.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, redactText } from '../../../backend/platform/index.js';
import { startProcessorTime } from '../../support/processor-time.js';

describe('texts', () => {
  it.each([
    ['https://user:hunter2@example.org/a', 'hunter2'],
    ['socks5://user:hun@ter2@127.0.0.1:1080', 'ter2'],
    ['nntps://user%40mail:hunter2@news.example.org:563/?connections=20', 'hunter2'],
    ['nntps://user:hun/ter#2?x@news.example.org', 'hun/'],
    ['nntp://user:a@b/hunter2@news.example.org', 'hunter2'],
    ['nntps://news.example.org/?proxy=socks5://u:hunter2@127.0.0.1:1080', 'hunter2'],
    ['> AUTHINFO PASS hun ter2', 'ter2'],
    ['GET /stream/status/a?access=abcDEF_123-456&x=1', 'abcDEF_123'],
    ['https://indexer.example.org/api?t=search&apikey=0123456789abcdef', '0123456789abcdef'],
    ['http://a/?api_key=s3cret', 's3cret'],
    ['http://a/?download_key=s3cret#x', 's3cret'],
    ['http://a/?token=s3cret&passkey=s4cret', 's4cret'],
    ['Authorization: Bearer abc.def-ghi', 'abc.def-ghi'],
    ['Basic dXNlcjpodW50ZXIy', 'dXNlcjpodW50ZXIy'],
    ['/stremio/AbCdEf0123456789_-AbCd/manifest.json', 'AbCdEf0123456789'],
    ['password=hunter2', 'hunter2'],
  ])('%s - loses its secret', (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
  });

  it('ordinary text - stays as it is', () => {
    for (const text of [
      'GET /movies/tt1727587?includeSources=true',
      'Sintel (2010) 1080p',
      'accessed 3 files; token ring',
      'a@b.example.org',
      'udp://tracker.example.org:6969/announce',
    ]) {
      expect(redactText(text)).toBe(text);
    }
  });

  it('text made to be slow - is not', () => {
    const workMs = startProcessorTime();
    for (const part of ['a', 'a:', 'a://', 'a@', 'access=', 'a.b+', 'bearer ', '/stremio/'])
      redactText(part.repeat(50_000));
    expect(workMs()).toBeLessThan(1000);
  });

  it('long text - is cut', () => {
    expect(redactText('x'.repeat(1e6)).length).toBeLessThan(5000);
  });

  it('credentials in any address - never come through', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9._~!$-]{8,20}$/);
    fc.assert(
      fc.property(part, part, fc.domain(), (user, password, host) => {
        expect(redactText(`fetching https://${user}:${password}@${host}/x?apikey=${password} now`)).not.toContain(
          password,
        );
      }),
    );
  });
});

describe('values', () => {
  it('secret fields - are replaced at any depth, whatever the spelling', () => {
    const copy = JSON.stringify(
      redact({
        request: { headers: { Authorization: 'hunter2', 'X-Api-Key': 'hunter2', cookie: ['hunter2'] } },
        api_key: 'hunter2',
        secretKey: 'hunter2',
        password: 12345,
        list: [{ token: 'hunter2' }],
        map: new Map([['access', 'hunter2']]),
      }),
    );
    expect(copy).not.toMatch(/hunter2|12345/);
  });

  it('other fields - stay', () => {
    expect(redact({ host: 'example.org', port: 80, isOpen: true, nothing: null, at: new Date(0) })).toEqual({
      host: 'example.org',
      port: 80,
      isOpen: true,
      nothing: null,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('errors - keep name, code, stack and causes, and nothing else they carry', () => {
    const inner = Object.assign(new Error('GET http://a/?apikey=hunter2'), {
      code: 'ECONNRESET',
      config: { url: 'hunter2' },
    });
    const copy = redact(new TypeError('failed', { cause: inner })) as Record<string, unknown>;
    expect(copy).toMatchObject({ type: 'TypeError', message: 'failed', cause: { code: 'ECONNRESET' } });
    expect(JSON.stringify(copy)).not.toContain('hunter2');
  });

  it('cycles, depths, bytes and getters that throw - become something short', () => {
    const cycle: Record<string, unknown> = { bytes: new Uint8Array(1000) };
    cycle['self'] = cycle;
    const bad = {
      get trouble(): never {
        throw new Error('no');
      },
    };
    expect(redact(cycle)).toEqual({ bytes: '[1000 bytes]', self: '[…]' });
    expect(redact({ bad })).toEqual({ bad: '[unreadable]' });
  });

  it('anything - becomes something that can be written as JSON', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withDate: true, withTypedArray: true }),
        (value) => void JSON.stringify(redact(value)),
      ),
    );
  });
});
