import { describe, expect, it } from '@jest/globals';
import {
  BodySkipper,
  LineReader,
  MAX_LINE_BYTES,
  formatArticleCommand,
  formatLogin,
  parseReply,
} from '../../../../../backend/engines/usenet/nntp/codec.js';

describe('reply lines', () => {
  it.each([
    ['200 welcome', { code: 200, text: 'welcome' }],
    ['430', { code: 430, text: '' }],
    ['223 0 <a@b>  ', { code: 223, text: '0 <a@b>' }],
  ])('%s - is read', (line, reply) => {
    expect(parseReply(line)).toEqual(reply);
  });

  it.each(['', '20', '2000 x', '999 x', 'HTTP/1.1 200 OK', ' 200 x'])('"%s" - is no reply', (line) => {
    expect(() => parseReply(line)).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('commands', () => {
  it('message ids - are put in brackets', () => {
    expect(formatArticleCommand('BODY', 'part1of2.abc$d@host')).toBe('BODY <part1of2.abc$d@host>\r\n');
  });

  it.each(['', 'a b', 'a\r\nQUIT', 'a\n', 'a>', '<a', 'a\0', 'a\tb', 'x'.repeat(501)])(
    'message id %j - is refused',
    (messageId) => {
      expect(() => formatArticleCommand('STAT', messageId)).toThrow(expect.objectContaining({ code: 'INPUT' }));
    },
  );

  it('credentials - may hold blanks but no second line, and are not repeated in the refusal', () => {
    expect(formatLogin('PASS', 'pass word')).toBe('AUTHINFO PASS pass word\r\n');
    expect(() => formatLogin('PASS', 'hunter2\r\nQUIT')).toThrow(
      expect.objectContaining({ code: 'INPUT', message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('line reader', () => {
  it('lines - are the same wherever the chunks are cut', () => {
    const bytes = Buffer.from('200 hello\r\n430 nö\n\r\n281 x\r\n');
    for (let size = 1; size <= bytes.length; size += 1) {
      const reader = new LineReader();
      const lines: string[] = [];
      const memory = Buffer.alloc(size);
      for (let at = 0; at < bytes.length;) {
        const chunk = memory.subarray(0, bytes.copy(memory, 0, at, at + size));
        at += reader.push(chunk);
        memory.fill(0);
        if (reader.line !== null) lines.push(reader.line);
      }
      expect(lines).toEqual(['200 hello', '430 nö', '', '281 x']);
    }
  });

  it('a line without end - is a broken rule', () => {
    const reader = new LineReader();
    reader.push(Buffer.alloc(MAX_LINE_BYTES, 'x'));
    expect(() => reader.push(Buffer.from('x'))).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('body skipper', () => {
  it.each(['.\r\n', 'abc\r\n.\r\n', '..\r\n.\r\n', 'a.\r\n.b\r\n\r\n.\r\n', '\r\n.\r\n'])(
    '%j - ends where the lone dot is, wherever it is cut',
    (body) => {
      const bytes = Buffer.from(`${body}430 next\r\n`);
      for (let size = 1; size <= bytes.length; size += 1) {
        const skipper = new BodySkipper();
        let taken = 0;
        while (!skipper.isDone) taken += skipper.push(bytes.subarray(taken, taken + size));
        expect(taken).toBe(body.length);
      }
    },
  );
});
