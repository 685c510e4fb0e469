// Whatever a client writes into its headers: no throw, no slowness, and an answer that holds.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decideReply } from '../../backend/delivery/reply.js';
import { parseRange } from '../../backend/delivery/range.js';
import { requestOrigin } from '../../backend/delivery/request-origin.js';

const RUNS = 3000;
const token = fc.constantFrom(
  'bytes',
  'BYTES',
  '=',
  '-',
  ',',
  ' ',
  '\t',
  '0',
  '9',
  '99',
  '1e9',
  '"',
  'W/',
  '*',
  'GMT',
  ':',
  'é',
  '\0',
);
const noise = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(token, { maxLength: 60 }).map((parts) => parts.join('')),
);
const size = fc.oneof(fc.nat(), fc.constant(0), fc.constant(Number.MAX_SAFE_INTEGER));

describe('fuzz - request headers', () => {
  it('range parser - any text is an answer, inside the file', () => {
    const text = fc.oneof(
      noise,
      noise.map((rest) => `bytes=${rest}`),
    );
    fc.assert(
      fc.property(text, size, (header, sizeBytes) => {
        const choice = parseRange(header, sizeBytes);
        const ranges = choice.kind === 'partial' ? choice.ranges : [];
        expect(ranges.every(({ start, end }) => start >= 0 && start < end && end <= sizeBytes)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('reply - any headers are an answer whose length is the sum of its parts', () => {
    const names = [
      'range',
      'if-range',
      'if-match',
      'if-none-match',
      'if-modified-since',
      'if-unmodified-since',
    ] as const;
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, noise])), { requiredKeys: [] });
    const validators = { etag: '"e"', lastModifiedMs: 0 };
    fc.assert(
      fc.property(headers, size, (given, sizeBytes) => {
        const reply = decideReply(given, { sizeBytes, mediaType: 'video/mp4', validators });
        if (reply.kind !== 'body') return;
        const { parts, closing, lengthBytes } = reply.layout;
        const sum = parts.reduce(
          (total, part) => total + (part.preamble?.length ?? 0) + part.range.end - part.range.start,
          0,
        );
        expect(lengthBytes).toBe(sum + (closing?.length ?? 0));
      }),
      { numRuns: RUNS },
    );
  });

  it('range parser - the largest header node accepts is read at once', () => {
    const header = `bytes=${'0-,'.repeat(5400)}`;
    expect(parseRange(header, 10)).toEqual({ kind: 'partial', ranges: [{ start: 0, end: 10 }] });
  });

  it('origin - whatever Host and forwarded headers say, the origin is a URL without query, credentials or markup', () => {
    const text = fc.oneof(
      noise,
      fc.webUrl(),
      fc.domain(),
      fc.ipV6().map((ip) => `[${ip}]:80`),
      fc.constant('a@b'),
    );
    const names = ['host', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-prefix'];
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
    const socket = { remoteAddress: '10.0.0.1', localAddress: '127.0.0.1', localPort: 7000 };
    fc.assert(
      fc.property(headers, (given) => {
        const origin = requestOrigin({ headers: given, socket }, { trustedProxies: ['10.0.0.0/8'] });
        const url = new URL(origin);
        expect(url.protocol).toMatch(/^https?:$/);
        expect(url.username + url.password + url.search + url.hash).toBe('');
        expect(origin).toMatch(/^https?:\/\/[\w.:[\]-]+(?:\/[^\s"'<>\\]*[^/])?$/);
      }),
      { numRuns: RUNS },
    );
  });
});
