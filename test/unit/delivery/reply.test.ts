import { describe, expect, it } from '@jest/globals';

import { decideReply } from '../../../backend/delivery/reply.js';

const file = { sizeBytes: 100, mediaType: 'video/mp4', validators: { etag: '"e"', lastModifiedMs: 0 } };

describe('reply', () => {
  it('reply - conditions come before ranges', () => {
    expect(decideReply({ 'if-none-match': '"e"', range: 'bytes=999-' }, file)).toEqual({ kind: 'not-modified' });
    expect(decideReply({ 'if-match': '"x"', range: 'bytes=0-1' }, file)).toEqual({ kind: 'precondition-failed' });
  });

  it('reply - If-Range takes the range away, unsatisfiable or not', () => {
    expect(decideReply({ 'if-range': '"x"', range: 'bytes=999-' }, file)).toMatchObject({ status: 200 });
    expect(decideReply({ 'if-range': '"e"', range: 'bytes=999-' }, file)).toEqual({ kind: 'unsatisfiable' });
  });

  it('reply - one range is announced in the head, several in the parts', () => {
    expect(decideReply({ range: 'bytes=0-1' }, file)).toMatchObject({
      status: 206,
      headers: { 'Content-Range': 'bytes 0-1/100' },
      layout: { lengthBytes: 2, closing: null },
    });
    const several = decideReply({ range: 'bytes=0-1,5-6' }, file);
    expect(several).toMatchObject({
      status: 206,
      headers: { 'Content-Type': expect.stringMatching(/^multipart\/byteranges; /) },
    });
    expect(several).not.toHaveProperty(['headers', 'Content-Range']);
  });
});
