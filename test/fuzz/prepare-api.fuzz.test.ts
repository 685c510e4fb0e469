// What strangers send to the preparation API, and what servers of plain files send back: an order, a range or a clear error.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readPrepareRequest } from '../../backend/api/prepare-request.js';
import { formatTarget, parseTarget } from '../../backend/api/stream-token.js';
import { HeadstartError, isContentId } from '../../backend/content/index.js';
import { parseContentRange } from '../../backend/engines/http/content-range.js';
import { fileNameOf } from '../../backend/engines/http/file-name.js';
import { contentKeyOfJobId, formatJobId } from '../../backend/jobs/job-key.js';
import { MemoryLibrary } from '../support/memory-jobs.js';

const hash = fc.stringMatching(/^[0-9a-fA-F]{40}$/);
const longHash = fc.stringMatching(/^[0-9a-f]{64}$/);
const noise = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme' }));
const value = fc.oneof(
  noise,
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.array(noise, { maxLength: 5 }),
  fc.object(),
);
const field = fc.constantFrom(
  ...['magnet', 'torrent_url', 'nzb_url', 'url', 'trackers', 'trackers[]', 'initial_peers', 'season', 'episode', 'id'],
  ...['fileIndex', '__proto__', 'constructor', 'x'],
);
const fields = fc
  .array(fc.tuple(field, value), { maxLength: 6 })
  .map((entries) => Object.fromEntries(entries) as unknown);

describe('noise for the preparation API', () => {
  it('prepare request - is read, or refused with an error of ours', () => {
    const library = new MemoryLibrary();
    const content = fc.oneof(fc.constant(null), hash, longHash, noise);
    fc.assert(
      fc.property(content, fields, fc.oneof(fields, value), (id, query, body) => {
        try {
          const request = readPrepareRequest({ content: id, query, body }, library);
          if (request.contentId !== undefined) expect(isContentId(request.contentId)).toBe(true);
          if (request.fileIndex !== undefined) expect(Number.isSafeInteger(request.fileIndex)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HeadstartError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('stream token - noise is none, and what is one says exactly one file', () => {
    fc.assert(
      fc.property(fc.oneof(noise, fc.base64String({ maxLength: 80 })), (text) => {
        const target = parseTarget(text);
        if (target !== null) expect(formatTarget(target)).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(hash, longHash), fc.nat(0xffffffff), (id, fileIndex) => {
        const lower = id.toLowerCase();
        if (!isContentId(lower)) throw new Error('not reached');
        expect(parseTarget(formatTarget({ contentId: lower, fileIndex }))).toEqual({ contentId: lower, fileIndex });
      }),
    );
  });

  it('job id - noise is none, and what was made is read', () => {
    fc.assert(
      fc.property(noise, (text) => {
        const key = contentKeyOfJobId(text);
        if (key !== null) expect(isContentId(key)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(longHash, fc.option(fc.nat(999_999)), fc.nat(), (content, fileIndex, ms) => {
        expect(contentKeyOfJobId(formatJobId(content, fileIndex, ms))).toBe(content);
      }),
    );
  });
});

describe('noise from servers of plain files', () => {
  it('content range - is a sound range, or nothing', () => {
    const part = fc.oneof(fc.nat().map(String), fc.constantFrom('-', '/', '*', ' ', 'bytes', 'items', '9'.repeat(30)));
    const header = fc.oneof(
      noise,
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(header, (text) => {
        const found = parseContentRange(text);
        if (found?.range != null) expect(found.range.start).toBeLessThan(found.range.end);
        if (found?.sizeBytes != null) expect(Number.isSafeInteger(found.sizeBytes)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (start, more, rest) => {
        const range = { start, end: start + more + 1 };
        const sizeBytes = range.end + rest;
        expect(parseContentRange(`bytes ${start}-${range.end - 1}/${sizeBytes}`)).toEqual({ range, sizeBytes });
      }),
    );
  });

  it('file name - is one visible segment, whatever the server calls it', () => {
    fc.assert(
      fc.property(noise, noise, noise, (path, disposition, type) => {
        const url = new URL(`http://a.example/${encodeURIComponent(path.toWellFormed())}`).href;
        const name = fileNameOf(url, { 'content-disposition': disposition, 'content-type': type });
        expect(name).toMatch(/^[^/\\\p{Cc}]{1,210}$/u);
        expect(name).not.toMatch(/^\.*$/);
      }),
    );
  });
});
