// Whatever bytes come in as an NZB, a subject or a name: a result that keeps its promises or an error with a code, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadstartError, isContentId } from '../../backend/content/index.js';
import { decompressNzb } from '../../backend/engines/usenet/nzb-document.js';
import { passwordsInName } from '../../backend/engines/usenet/nzb/name-password.js';
import { NzbParser, parseNzb } from '../../backend/engines/usenet/nzb/nzb-parser.js';
import type { Nzb } from '../../backend/engines/usenet/nzb/nzb.js';
import { releaseNameOf } from '../../backend/engines/usenet/nzb/release-name.js';
import { fileNameInSubject, segmentCountInSubject, subjectKey } from '../../backend/engines/usenet/nzb/subject.js';
import { startProcessorTime } from '../support/processor-time.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 2_000);

const VALID = Buffer.from(
  `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE nzb PUBLIC "a" "b"><nzb xmlns="x"><head><meta type="password">a&amp;b</meta></head>
  <file poster="p" date="1700000000" subject="&quot;a.part1.rar&quot; yEnc (1/3)"><groups><group>g</group></groups><segments>
  <segment bytes="1" number="1">one@x</segment><segment bytes="1" number="3">three@x</segment></segments></file>
  <file subject="b (1/1)"><segments><segment number="1">four@x</segment></segments></file></nzb>`,
);

function parsed(read: () => Nzb): Nzb | string {
  const workMs = startProcessorTime();
  try {
    const nzb = read();
    expect(isContentId(nzb.contentId)).toBe(true);
    expect(nzb.files.length).toBeGreaterThan(0);
    for (const { segments, segmentCount } of nzb.files) {
      const numbers = segments.map(({ number }) => number);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      expect(segmentCount).toBeGreaterThanOrEqual(numbers.at(-1) ?? Infinity);
      for (const { messageId } of segments) expect(messageId).toMatch(/^[!-;=?-~]{1,500}$/);
    }
    checkName(releaseNameOf({ nzb }));
    return nzb;
  } catch (error) {
    if (!(error instanceof HeadstartError)) throw error;
    return error.code;
  } finally {
    expect(workMs()).toBeLessThan(BOUND_MS);
  }
}

function checkName(name: string): void {
  expect(name.length).toBeGreaterThan(0);
  expect(name.length).toBeLessThanOrEqual(200);
  expect(name).not.toMatch(/[/\\\p{Cc}]/u);
}

function pushed(chunks: readonly Uint8Array[]): Nzb {
  const parser = new NzbParser();
  for (const chunk of chunks) parser.push(chunk);
  return parser.finish();
}

const token = fc.constantFrom(
  '<nzb>', '</nzb>', '<file subject="a (1/9)">', '<file>', '</file>', '<segments>', '</segments>', '<segment number="1">', '<segment>',
  '</segment>', 'a@b', '<head>', '</head>', '<meta type="name">', '</meta>', '&amp;', '&x;', '&#0;', '<![CDATA[', ']]>', '<!--', '-->', '<?x', '?>',
  '<!DOCTYPE nzb [', '<!ENTITY a "b">', ']>', '<', '>', '"', '=', '\u0000', '\ufeff',
); // prettier-ignore

describe('NZB decoders', () => {
  it('NZB decoders - take the document that the mutations start from', () => {
    expect(parsed(() => parseNzb(VALID))).toMatchObject({ files: [{ segmentCount: 3 }, {}], passwords: ['a&b'] });
  });

  it('NZB decoders - answer any bytes and any markup with a result or a code', () => {
    const markup = fc.array(token, { maxLength: 60 }).map((tokens) => Buffer.from(tokens.join('')));
    const inside = markup.map((bytes) => Buffer.concat([Buffer.from('<nzb>'), bytes, Buffer.from('</nzb>')]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), markup, inside), (bytes) => {
        parsed(() => parseNzb(bytes));
      }),
      { numRuns: RUNS },
    );
  });

  it('NZB decoders - answer a damaged document the same however it is cut', () => {
    const edit = fc.record({
      at: fc.nat({ max: VALID.length - 1 }),
      removed: fc.nat({ max: 20 }),
      inserted: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        token.map((text) => Buffer.from(text)),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), fc.nat({ max: VALID.length }), (edits, cut) => {
        const bytes = edits.reduce<Uint8Array>(
          (before, { at, removed, inserted }) =>
            Buffer.concat([before.subarray(0, at), inserted, before.subarray(Math.min(before.length, at + removed))]),
          VALID,
        );
        const whole = parsed(() => parseNzb(bytes));
        expect(parsed(() => pushed([bytes.subarray(0, cut), bytes.subarray(cut)]))).toEqual(whole);
      }),
      { numRuns: RUNS },
    );
  });

  it('NZB decoders - answer any packed bytes with a document or a code', async () => {
    const packed = fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8]), bytes]));
    await fc.assert(
      fc.asyncProperty(packed, async (bytes) => {
        await expect(decompressNzb(bytes)).rejects.toMatchObject({ code: 'NZB_INVALID' });
      }),
      { numRuns: RUNS / 10 },
    );
  });

  it('NZB decoders - read any subject, name and address, soon', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '"',
        '(1/9)',
        '[1/9]',
        '{{',
        '}}',
        'password=',
        '.nzb',
        '.part01.rar',
        ' - ',
        ' ',
        'yEnc',
        '[',
        '(',
        '../',
        '1',
      ),
      fc.constantFrom('(', '[', '"', ' ', 'a', 'a-', '{', '}', '1 ').map((text) => text.repeat(1_000)),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('').slice(0, 2_048));
    fc.assert(
      fc.property(text, text, (subject, name) => {
        const workMs = startProcessorTime();
        const fileName = fileNameInSubject(subject);
        if (fileName !== null) expect(fileName).not.toMatch(/[/\\\p{Cc}]|^\.*$/u);
        expect(segmentCountInSubject(subject) ?? 1).toBeGreaterThan(0);
        expect(subjectKey(subject).length).toBeLessThanOrEqual(subject.length);
        for (const password of passwordsInName(name).passwords) expect(password).not.toBe('');
        const nzb = parseNzb(VALID);
        const files = nzb.files.map((file) => ({ ...file, subject, fileName }));
        checkName(
          releaseNameOf({ nzb: { ...nzb, files, name: null }, fileName: name, url: `https://x.example/${name}` }),
        );
        expect(workMs()).toBeLessThan(BOUND_MS);
      }),
      { numRuns: RUNS },
    );
  });
});
