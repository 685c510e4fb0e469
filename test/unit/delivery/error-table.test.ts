import { describe, expect, it } from '@jest/globals';

import * as content from '../../../backend/content/index.js';
import { httpStatusOf, isAbort, publicErrorOf, retryAfterOf } from '../../../backend/delivery/error-table.js';

const abort = new DOMException('gone', 'AbortError');

describe('error table', () => {
  it.each(
    (<[Error, number, number][]>[
      [new content.InputError('x'), 400, 400],
      [new content.AccessError('x', 'UNAUTHORIZED'), 401, 401],
      [new content.AccessError('x', 'FORBIDDEN'), 403, 403],
      [new content.NotFoundError('x'), 404, 404],
      [new content.GoneError('x'), 410, 410],
      [new content.TooLargeError('x'), 413, 413],
      [new content.RangeNotSatisfiableError(5), 416, 416],
      [new content.UnplayableError('x', 'NO_VIDEO'), 422, 422],
      [new content.UnsupportedError('x'), 501, 501],
      [new content.CorruptDataError('x'), 502, 502],
      [new content.ProtocolError('x'), 502, 502],
      [new content.UpstreamError('x'), 502, 503],
      [new content.BusyError('x'), 503, 503],
      [new content.ClosedError(), 503, 503],
      [new content.TimeoutError('x'), 504, 503],
      [new content.StorageFullError('x'), 507, 507],
      [new content.HeadstartError('x', 'NEW'), 500, 500],
      [new TypeError('x'), 500, 500],
      [Object.assign(new Error('x'), { code: 'ENOSPC' }), 507, 507],
      [Object.assign(new Error('x'), { status: 400, expose: true }), 400, 400],
      [Object.assign(new Error('x'), { status: 413, expose: true }), 413, 413],
      [Object.assign(new Error('x'), { status: 302, expose: true }), 500, 500],
      [Object.assign(new URIError('x'), { status: 400 }), 400, 400],
      [Object.assign(new Error('x'), { status: 404, isAxiosError: true }), 500, 500],
      [abort, 503, 503],
    ]).map((row): [string, ...typeof row] => [`${row[0].name} ${row[1]}`, ...row]),
  )('error table - %s', (_name, error, api, bytes) => {
    expect([httpStatusOf(error), httpStatusOf(error, 'bytes')]).toEqual([api, bytes]);
  });

  it('error table - has a row for every class there is', () => {
    const classes = Object.entries(content).filter(([name]) => name.endsWith('Error') && name !== 'HeadstartError');
    expect(classes.length).toBeGreaterThan(12);
    for (const [, type] of classes) {
      const error = Object.create((type as { prototype: object }).prototype) as Error;
      expect(httpStatusOf(error)).not.toBe(500);
    }
  });

  it('error table - what is not ours says nothing of itself', () => {
    const secret = new Error('ENOENT /var/secret');
    for (const thrown of [
      secret,
      'ENOENT',
      null,
      undefined,
      { status: 400 },
      Object.assign(secret, { status: 418, expose: true }),
    ]) {
      const { code, message } = publicErrorOf(thrown);
      expect(['INTERNAL', 'INPUT']).toContain(code);
      expect(message).not.toContain('ENOENT');
    }
  });

  it('error table - what is ours speaks for itself', () => {
    expect(publicErrorOf(new content.UnplayableError('No video in it.', 'NO_VIDEO'))).toEqual({
      code: 'NO_VIDEO',
      message: 'No video in it.',
    });
    expect(publicErrorOf(Object.assign(new Error('x'), { status: 413, expose: true })).code).toBe('TOO_LARGE');
    expect(publicErrorOf(Object.assign(new Error('x'), { code: 'EDQUOT' })).code).toBe('STORAGE_FULL');
    expect([publicErrorOf(abort).code, isAbort(abort), isAbort('AbortError')]).toEqual(['ABORTED', true, false]);
  });

  it('error table - says when to come back, in whole seconds, only where that helps', () => {
    expect(retryAfterOf(new content.BusyError('x', 0.2))).toBe(1);
    expect(retryAfterOf(new content.BusyError('x', 7.1))).toBe(8);
    expect(retryAfterOf(new content.ClosedError())).toBe(5);
    expect([
      retryAfterOf(new content.UpstreamError('x')),
      retryAfterOf(new content.UpstreamError('x'), 'bytes'),
    ]).toEqual([null, 5]);
    expect(retryAfterOf(new content.GoneError('x'), 'bytes')).toBeNull();
  });
});
