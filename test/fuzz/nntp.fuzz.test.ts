// What a news server says, and what a message id may hold: noise in, a reply or an error with a code out.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadstartError } from '../../backend/content/index.js';
import {
  BodySkipper,
  LineReader,
  MAX_LINE_BYTES,
  formatArticleCommand,
  formatLogin,
  parseReply,
} from '../../backend/engines/usenet/nntp/codec.js';
import { NntpConnection } from '../../backend/engines/usenet/nntp/connection.js';
import { faultOf } from '../../backend/engines/usenet/nntp/refusal.js';
import { ArticleDecoder } from '../../backend/engines/usenet/yenc/article-decoder.js';
import { portableKernel } from '../../backend/engines/usenet/yenc/portable-kernel.js';
import { ManualClock } from '../support/manual-clock.js';
import { CountedSlots } from '../support/pool-lab.js';

function codeOf(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof HeadstartError) return error.code;
    throw error;
  }
}

/** Bytes that often look like an answer. */
const wire = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .constantFrom(
          '222 0 <a>\r\n',
          '430 no\r\n',
          '.\r\n',
          '\r\n',
          '.',
          '=ybegin line=128 size=3 name=a\r\n',
          '=yend size=3\r\n',
          'begin 644 a\r\n',
        )
        .map((text) => new TextEncoder().encode(text)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Buffer.concat(parts));

describe('news server noise', () => {
  it('reply lines - are replies or broken rules', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{3} ?.*$/)), (line) => {
        expect([null, 'PROTOCOL']).toContain(codeOf(() => faultOf(parseReply(line), 'command')));
      }),
    );
  });

  it('commands - are one line, whatever is put into them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
        for (const format of [() => formatArticleCommand('BODY', text), () => formatLogin('PASS', text)])
          expect([null, 'INPUT']).toContain(codeOf(() => expect(format().match(/[\r\n]/g)).toEqual(['\r', '\n'])));
      }),
    );
  });

  it('lines and bodies - end at the same byte wherever they are cut', () => {
    fc.assert(
      fc.property(wire, fc.integer({ min: 1, max: 50 }), (bytes, size) => {
        const ends = [bytes.length + 1, size].map((step) => {
          const [skipper, lines] = [new BodySkipper(), new LineReader()];
          let taken = 0;
          while (!skipper.isDone && taken < bytes.length) taken += skipper.push(bytes.subarray(taken, taken + step));
          const read: (string | null)[] = [];
          codeOf(() => {
            for (let at = 0; at < bytes.length && read.length < MAX_LINE_BYTES;) {
              at += lines.push(bytes.subarray(at, at + step));
              if (lines.line !== null) read.push(lines.line);
            }
          });
          return { taken, isDone: skipper.isDone, read };
        });
        expect(ends[0]).toEqual(ends[1]);
      }),
    );
  });

  it('a connection - ends every command once, and keeps no buffer', async () => {
    await fc.assert(
      fc.asyncProperty(wire, fc.integer({ min: 1, max: 300 }), async (bytes, size) => {
        const [slots, clock] = [new CountedSlots(), new ManualClock()];
        const connection = new NntpConnection({
          host: 'news.test',
          clock,
          timeouts: { firstByteMs: 1000, stallMs: 1000, totalMs: 1000 },
          onChange: () => undefined,
          giveSlot: (slot) => slots.give(slot),
        });
        const createDecoder = (): ArticleDecoder =>
          new ArticleDecoder({ kernel: portableKernel, allocate: (length) => slots.take(length), sizeHint: 0 });
        const sent = Array.from({ length: 5 }, () => connection.body('a', { createDecoder, sizeHint: 0 }));
        for (let at = 0; at < bytes.length; at += size) connection.receive(bytes.subarray(at, at + size));
        connection.close();
        for (const outcome of await Promise.all(sent.map((command) => command.outcome)))
          if (outcome.kind === 'article') slots.give(outcome.article.slot);
        expect([slots.out, clock.pending, connection.pending]).toEqual([0, 0, 0]);
      }),
    );
  });
});
