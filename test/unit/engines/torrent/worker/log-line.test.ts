// What of a log line crosses to the server's thread.

import { describe, expect, it } from '@jest/globals';
import { lineOf } from '../../../../../backend/engines/torrent/worker/log-line.js';

describe('log line', () => {
  it('fields - say what went wrong, beside the words', () => {
    const err = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    expect(lineOf({ err, url: 'https://a.example/' }, 'A fetch failed')).toBe(
      'A fetch failed: ECONNREFUSED: connection refused',
    );
    expect(lineOf({ code: 'TIMEOUT', message: 'too slow' }, 'A fetch failed')).toBe(
      'A fetch failed: TIMEOUT: too slow',
    );
  });

  it('words alone - stay as they are', () => {
    expect(lineOf('plain')).toBe('plain');
    expect(lineOf({ err: null, code: 7 }, 'plain')).toBe('plain');
  });
});
