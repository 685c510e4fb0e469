import { describe, expect, it } from '@jest/globals';

import { boundaryOf, multipartLayout, plainLayout } from '../../../backend/delivery/multipart.js';

describe('multipart', () => {
  it('multipart - frames each part and closes the last', () => {
    const ranges = [
      { start: 0, end: 2 },
      { start: 7, end: 8 },
    ];
    const { parts, closing, lengthBytes } = multipartLayout(ranges, {
      boundary: 'B',
      mediaType: 'video/mp4',
      sizeBytes: 9,
    });
    expect(parts.map(({ preamble }) => preamble?.toString())).toEqual([
      '--B\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-1/9\r\n\r\n',
      '\r\n--B\r\nContent-Type: video/mp4\r\nContent-Range: bytes 7-7/9\r\n\r\n',
    ]);
    expect(closing?.toString()).toBe('\r\n--B--\r\n');
    const frame = [...parts.map(({ preamble }) => preamble), closing].join('');
    expect(lengthBytes).toBe(frame.length + 2 + 1);
  });

  it('multipart - one file has one boundary, of a form that needs no quotes', () => {
    expect(boundaryOf('"a"')).toBe(boundaryOf('"a"'));
    expect(boundaryOf('"a"')).not.toBe(boundaryOf('"b"'));
    expect(boundaryOf('"a"')).toMatch(/^[\w-]{1,70}$/);
  });

  it('multipart - a single range has no frame', () => {
    expect(plainLayout({ start: 3, end: 8 })).toEqual({
      parts: [{ preamble: null, range: { start: 3, end: 8 } }],
      closing: null,
      lengthBytes: 5,
    });
  });
});
