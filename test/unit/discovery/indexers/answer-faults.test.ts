import { describe, expect, it } from '@jest/globals';
import { InputError, TimeoutError, TooLargeError, UpstreamError } from '../../../../backend/content/index.js';
import {
  faultOfDocument,
  faultOfFetch,
  faultOfStatus,
  parseRetryAfter,
} from '../../../../backend/discovery/indexers/answer-faults.js';
import { parseXml } from '../../../../backend/discovery/indexers/xml-document.js';

const now = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;

describe('faults of indexers', () => {
  it.each([
    ['120', 120_000],
    ['0', 1_000],
    ['Tue, 01 Jan 2030 00:02:00 GMT', 120_000],
    ['Mon, 01 Jan 2001 00:00:00 GMT', 1_000],
    ['999999999', 24 * HOUR_MS],
    ['soon', null],
    ['', null],
    ['-5', null],
  ])('Retry-After %j - is %p ms', (text, ms) => {
    expect(parseRetryAfter(text, now)).toBe(ms);
  });

  it.each([
    [100, 'INDEXER_AUTH', null],
    [102, 'INDEXER_AUTH', null],
    [201, 'INDEXER_UNSUPPORTED', null],
    [203, 'INDEXER_UNSUPPORTED', null],
    [429, 'INDEXER_LIMIT', 60_000],
    [500, 'INDEXER_LIMIT', HOUR_MS],
    [501, 'INDEXER_LIMIT', HOUR_MS],
    [900, 'INDEXER_INVALID', null],
    [910, 'INDEXER_INVALID', null],
  ])('error %d - is %s', async (code, expected, retryAfterMs) => {
    const root = await parseXml(Buffer.from(`<error code="${code}" description="Sorry"/>`));
    const fault = faultOfDocument(root, { retryAfterMs: null });
    expect(fault).toMatchObject({ code: expected, retryAfterMs });
    expect(fault?.message).toContain('Sorry');
  });

  it('an error - says what the indexer says, but never the key', async () => {
    const root = await parseXml(Buffer.from(`<error code="100" description="${'x'.repeat(110)} no key s3cret-k3y"/>`));
    expect(faultOfDocument(root, { retryAfterMs: null, apiKey: 's3cret-k3y' })?.message).not.toMatch(/s3c/);
  });

  it.each([
    [200, {}, undefined],
    [401, {}, 'INDEXER_AUTH'],
    [403, {}, 'INDEXER_AUTH'],
    [404, {}, 'INDEXER_INVALID'],
    [429, {}, 'INDEXER_LIMIT'],
    [503, { 'retry-after': '7' }, 'INDEXER_LIMIT'],
    [503, {}, 'INDEXER_UNREACHABLE'],
    [500, {}, 'INDEXER_UNREACHABLE'],
    [302, {}, 'INDEXER_INVALID'],
  ])('HTTP %d %j - is %p', (status, headers, code) => {
    expect(faultOfStatus({ status, headers }, now)?.code).toBe(code);
  });

  it.each([
    ['ENOTFOUND', /DNS/],
    ['ECONNREFUSED', /refused/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate/],
    ['EPROTO', /TLS/],
    ['ECONNRESET', /broke off/],
    ['EWHATEVER', /could not be reached/],
  ])('%s - is said in words', (code, words) => {
    const error = new UpstreamError('x', 'UPSTREAM', { cause: Object.assign(new Error('x'), { code }) });
    expect(faultOfFetch(error)).toMatchObject({ code: 'INDEXER_UNREACHABLE', message: expect.stringMatching(words) });
  });

  it('what the guard refuses, what is too large, what is late - are told apart', () => {
    expect(faultOfFetch(new InputError('x', { code: 'FETCH_REFUSED' }))).toMatchObject({ code: 'INDEXER_UNREACHABLE' });
    expect(faultOfFetch(new TooLargeError('x'))).toMatchObject({ code: 'INDEXER_INVALID' });
    const late = new TimeoutError('x');
    expect(faultOfFetch(late)).toBe(late);
  });
});
