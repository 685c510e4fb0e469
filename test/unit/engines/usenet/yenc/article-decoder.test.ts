import { beforeAll, describe, expect, it } from '@jest/globals';
import { HeadstartError } from '../../../../../backend/content/index.js';
import { ArticleDecoder } from '../../../../../backend/engines/usenet/yenc/article-decoder.js';
import { crc32 } from '../../../../../backend/engines/usenet/yenc/crc32.js';
import type { YencKernel } from '../../../../../backend/engines/usenet/yenc/kernel.js';
import { loadYencKernel } from '../../../../../backend/engines/usenet/yenc/load-kernel.js';
import { portableKernel } from '../../../../../backend/engines/usenet/yenc/portable-kernel.js';
import { articleText, encodeLines, uuLines } from '../../../../support/article-text.js';

const MAX_BYTES = 8 * 1024 * 1024;

/** Every byte value, dots and escapes at starts and ends of lines, and several lines. */
const AWKWARD = Buffer.concat([
  Buffer.from([0x04, 0x04, 0xe3, 0x13, 0xd6, 0xe0, 0x04]),
  Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
  Buffer.alloc(20, 0x04),
  Buffer.alloc(9, 0x13),
  Buffer.alloc(5, 0xe3),
]);

interface Outcome {
  readonly bytes?: string;
  readonly code?: string;
  readonly part?: unknown;
  readonly crc?: number;
  readonly isDone: boolean;
  readonly used: number;
  readonly taken: readonly number[];
}

describe.each(['native', 'portable'] as const)('article decoder with the %s kernel', (kind) => {
  let kernel: YencKernel;

  beforeAll(async () => {
    kernel = kind === 'native' ? await loadYencKernel() : portableKernel;
    expect(kernel.name).toBe(kind);
  });

  function decode(chunks: readonly Uint8Array[], sizeHint = 0): Outcome {
    const taken: number[] = [];
    const allocate = (size: number): Uint8Array => {
      taken.push(size);
      return size < 4_096 ? Buffer.alloc(size, 0xaa) : Buffer.allocUnsafe(size);
    };
    const decoder = new ArticleDecoder({ kernel, sizeHint, allocate });
    let used = 0;
    for (const chunk of chunks) used += decoder.push(chunk);
    const told = { isDone: decoder.isDone, used, taken };
    try {
      const { bytes, part, crc32: crc, slot } = decoder.finish();
      expect(slot).toBe(decoder.slot);
      return { bytes: Buffer.from(bytes).toString('hex'), part, crc, ...told };
    } catch (error) {
      if (!(error instanceof HeadstartError)) throw error;
      return { code: error.code, ...told };
    }
  }

  /** Whole, byte by byte, and cut in two anywhere: always the same. */
  function decodeEveryWay(text: Uint8Array): Outcome {
    const whole = decode([text]);
    expect(decode(Array.from(text, (_, index) => text.subarray(index, index + 1)))).toEqual(whole);
    for (let cut = 1; cut < text.length; cut += 1) {
      expect(decode([text.subarray(0, cut), text.subarray(cut)])).toEqual(whole);
    }
    return whole;
  }

  it.each([1, 2, 3, 7, 128])('article decoder - gives back what was posted in lines of %d', (lineLength) => {
    const text = articleText({ data: AWKWARD, lineLength, name: 'some movie (2020) size=3.mkv' });
    expect(decodeEveryWay(text)).toEqual({
      bytes: AWKWARD.toString('hex'),
      crc: crc32(AWKWARD, 0),
      part: {
        encoding: 'yenc',
        begin: 0,
        fileName: 'some movie (2020) size=3.mkv',
        fileSizeBytes: AWKWARD.length,
        partNumber: null,
        partCount: null,
      },
      isDone: true,
      used: text.length,
      taken: [AWKWARD.length],
    });
  });

  it('article decoder - reads a part of several, counted from zero', () => {
    const crc = crc32(AWKWARD, 0).toString(16).toUpperCase();
    const end = `=yend size=${AWKWARD.length} part=2 pcrc32=${crc} crc32=12345678`;
    const begin = '=ybegin part=2 total=3 line=128 size=900 name=a.rar';
    const part = `=ypart begin=301 end=${300 + AWKWARD.length}`;
    const outcome = decodeEveryWay(articleText({ data: AWKWARD, begin, part, end }));
    expect(outcome).toMatchObject({
      bytes: AWKWARD.toString('hex'),
      part: { begin: 300, fileName: 'a.rar', fileSizeBytes: 900, partNumber: 2, partCount: 3 },
    });
  });

  it('article decoder - takes a part that does not say where it belongs', () => {
    const begin = '=ybegin part=2 total=3 line=128 size=9000000000 name=a.rar';
    const outcome = decode([articleText({ data: AWKWARD, begin, end: `=yend size=${AWKWARD.length}` })], 2_000_000);
    expect(outcome).toMatchObject({ bytes: AWKWARD.toString('hex'), part: { begin: null }, taken: [2_000_000] });
  });

  it('article decoder - takes text before the data and after it', () => {
    const text = articleText({ data: AWKWARD, before: 'hello\r\n..dots\r\n=yes\r\n\r\n', after: '\r\nbye\r\n..\r\n' });
    expect(decodeEveryWay(text)).toMatchObject({ bytes: AWKWARD.toString('hex'), used: text.length });
  });

  it('article decoder - leaves what follows the closing line to the next article', () => {
    const text = articleText({ data: AWKWARD });
    const next = Buffer.from('222 0 <next@example>\r\n');
    expect(decode([Buffer.concat([text, next])])).toMatchObject({ isDone: true, used: text.length });
    const plain = Buffer.from('only words\r\n.\r\n');
    expect(decode([Buffer.concat([plain, next])])).toMatchObject({ code: 'ENCODING_UNSUPPORTED', used: plain.length });
  });

  it('article decoder - fills a slot to its last byte', () => {
    const data = Buffer.alloc(70_000, 0x13);
    expect(decode([articleText({ data })])).toMatchObject({ crc: crc32(data, 0), taken: [70_000] });
    const empty = articleText({ data: Buffer.alloc(0) });
    expect(decodeEveryWay(empty)).toMatchObject({ bytes: '', crc: 0 });
    const emptyPart = { begin: '=ybegin part=1 total=1 line=128 size=0 name=a', part: '=ypart begin=1 end=0' };
    expect(decode([articleText({ data: Buffer.alloc(0), ...emptyPart })])).toMatchObject({ bytes: '' });
  });

  it('article decoder - takes checksums as tools write them, and none', () => {
    const data = Buffer.from([0xd6, 0x9f, 0x01, 0x02]);
    let short = data;
    for (let index = 0; crc32(short, 0) >>> 28 !== 0; index += 1) short = Buffer.from([...data, index]);
    const hex = crc32(short, 0).toString(16);
    for (const crc of [
      `crc32=${hex}`,
      `crc32=FFFFFFFF${hex.padStart(8, '0').toUpperCase()}`,
      `pcrc32=${hex}`,
      '',
      'crc32=?',
    ]) {
      const end = `=yend size=${short.length} ${crc}`;
      expect(decode([articleText({ data: short, end })])).toMatchObject({ bytes: short.toString('hex') });
    }
  });

  it.each([
    ['a wrong checksum', { end: '=yend size=3 crc32=00000001' }, 'ARTICLE_CRC'],
    ['a wrong checksum of the part', { end: '=yend size=3 pcrc32=00000001' }, 'ARTICLE_CRC'],
    ['another size at the end', { end: '=yend size=4' }, 'ARTICLE_SIZE'],
    ['another size at the start', { begin: '=ybegin line=128 size=4 name=a', end: '=yend' }, 'ARTICLE_SIZE'],
    ['more data than it says', { begin: '=ybegin line=128 size=2 name=a', end: '=yend' }, 'ARTICLE_SIZE'],
    ['an absurd size', { begin: '=ybegin line=128 size=99999999999 name=a' }, 'ARTICLE_SIZE'],
    ['a size that is no number', { begin: '=ybegin line=128 size=9e9 name=a' }, 'ARTICLE_PART'],
    [
      'an absurd part',
      { part: '=ypart begin=1 end=99999999', begin: '=ybegin part=1 line=1 size=99999999 name=a' },
      'ARTICLE_SIZE',
    ],
    ['a part that ends before it begins', { part: '=ypart begin=3 end=1' }, 'ARTICLE_PART'],
    ['a part behind its file', { part: '=ypart begin=2 end=4' }, 'ARTICLE_PART'],
    ['a part before its file', { part: '=ypart begin=0 end=2' }, 'ARTICLE_PART'],
    ['a part without a place', { part: '=ypart begin=1' }, 'ARTICLE_PART'],
    ['a part of another length', { part: '=ypart begin=1 end=2' }, 'ARTICLE_SIZE'],
    ['two places', { part: '=ypart begin=1 end=3\r\n=ypart begin=1 end=3' }, 'ARTICLE_PART'],
    [
      'another part at its end',
      { begin: '=ybegin part=1 line=1 size=3 name=a', end: '=yend size=3 part=2' },
      'ARTICLE_PART',
    ],
    ['a second beginning', { end: '=ybegin line=128 size=3 name=a\r\n=yend size=3' }, 'ARTICLE_PART'],
    ['no end', { end: null }, 'ARTICLE_TRUNCATED'],
    ['no end and more data than it says', { end: null, begin: '=ybegin line=1 size=1 name=a' }, 'ARTICLE_SIZE'],
  ])('article decoder - refuses %s and stays in step', (_, lines, code) => {
    const text = articleText({ data: Uint8Array.of(1, 2, 3), ...lines });
    const outcome = decodeEveryWay(text);
    expect(outcome).toMatchObject({ code, isDone: true, used: text.length });
    expect(Math.max(0, ...outcome.taken)).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('article decoder - refuses more than 8 MiB that nobody announced', () => {
    const begin = '=ybegin part=1 total=2 line=128 size=99999999 name=a';
    const head = Buffer.from(`${begin}\r\n`);
    const row = encodeLines(Buffer.alloc(128 * 1024, 1));
    const outcome = decode(
      [head, ...Array.from({ length: 70 }, () => row), Buffer.from('=yend size=1\r\n.\r\n')],
      1e12,
    );
    expect(outcome).toMatchObject({ code: 'ARTICLE_SIZE', isDone: true, taken: [MAX_BYTES] });
  });

  it('article decoder - tells an article that was cut off', () => {
    const text = articleText({ data: AWKWARD });
    expect(decode([text.subarray(0, 200)])).toMatchObject({ code: 'ARTICLE_TRUNCATED', isDone: false, used: 200 });
    expect(decode([Buffer.from('=ybegin line=128 size=3 name=a\r\n.\r\n')])).toMatchObject({
      code: 'ARTICLE_TRUNCATED',
    });
    expect(decode([Buffer.from('.\r\n')])).toMatchObject({ code: 'ARTICLE_TRUNCATED', isDone: true, used: 3 });
    expect(decode([Buffer.from('\r\n\r\n.\r\n')])).toMatchObject({ code: 'ARTICLE_TRUNCATED', isDone: true });
  });

  it('article decoder - says that plain text and other encodings are not for it', () => {
    for (const body of [
      'hello\r\n..\r\nworld',
      'begin-base64 644 a\r\nAAAA',
      `${'word\r\n'.repeat(2_000)}end`,
      'x'.repeat(9_000),
    ]) {
      const text = Buffer.from(`${body}\r\n.\r\n`);
      expect(decode([text])).toMatchObject({
        code: 'ENCODING_UNSUPPORTED',
        isDone: true,
        used: text.length,
        taken: [],
      });
    }
  });

  it('article decoder - reads uuencode, with its beginning and from the middle', () => {
    const data = Buffer.concat([AWKWARD, AWKWARD]);
    const begun = Buffer.from(`intro\r\n\r\nbegin 644 some file.bin\r\n${uuLines(data)}\`\r\nend\r\n.\r\n`);
    expect(decodeEveryWay(begun)).toMatchObject({
      bytes: data.toString('hex'),
      crc: crc32(data, 0),
      part: { encoding: 'uu', begin: null, fileName: 'some file.bin', fileSizeBytes: null },
    });
    const middle = Buffer.from(`${uuLines(data)}\`\r\nend\r\n.\r\n`);
    expect(decode([middle])).toMatchObject({ bytes: data.toString('hex'), part: { encoding: 'uu', fileName: null } });
  });

  it('article decoder - refuses damaged and empty uuencode and stays in step', () => {
    const lines = uuLines(AWKWARD);
    const damaged = Buffer.from(`begin 644 a\r\n${lines}small letters\r\n${lines}end\r\n.\r\n`);
    expect(decodeEveryWay(damaged)).toMatchObject({ code: 'ARTICLE_CRC', isDone: true, used: damaged.length });
    const empty = Buffer.from('begin 644 a\r\n`\r\nend\r\n.\r\n');
    expect(decode([empty])).toMatchObject({ code: 'ARTICLE_TRUNCATED', isDone: true, used: empty.length });
    const row = Buffer.from(uuLines(Buffer.alloc(45 * 1024, 7)));
    const endless = [Buffer.from('begin 644 a\r\n'), ...Array.from({ length: 40 }, () => row), Buffer.from('.\r\n')];
    expect(decode(endless)).toMatchObject({ code: 'ARTICLE_SIZE', isDone: true, taken: [1024 * 1024] });
  });

  it('article decoder - reads names in UTF-8 and Latin-1, without what is not visible', () => {
    const named = (name: string, encoding: BufferEncoding): unknown => {
      const begin = Buffer.from(`=ybegin line=128 size=0 name=${name}\r\n=yend size=0\r\n.\r\n`, encoding);
      return decode([begin]).part;
    };
    expect(named('für.mkv', 'utf8')).toMatchObject({ fileName: 'für.mkv' });
    expect(named('für.mkv', 'latin1')).toMatchObject({ fileName: 'für.mkv' });
    expect(named(' "a\u0000b.mkv" ', 'latin1')).toMatchObject({ fileName: 'ab.mkv' });
    expect(named('  ', 'latin1')).toMatchObject({ fileName: null });
  });

  it.each<[string, string, string, string]>([
    [
      'data',
      '=ybegin part=1 total=2 line=128 size=9000 name=x\r\n=ypart begin=1 end=5000\r\n',
      'abcd\r\n',
      'ARTICLE_SIZE',
    ],
    ['nothing but line ends in the data', '=ybegin line=128 size=5000 name=x\r\n', '\r\n', 'ARTICLE_SIZE'],
    ['more after its end', '=ybegin line=128 size=1 name=x\r\na\r\n=yend size=1\r\n', 'abcd\r\n', 'ARTICLE_SIZE'],
    ['empty lines', '', '\r\n', 'ARTICLE_TRUNCATED'],
    ['text', '', 'hello there\r\n', 'ENCODING_UNSUPPORTED'],
    ['a line without end', '', 'x', 'ARTICLE_TRUNCATED'],
    ['uuencode', 'begin 644 x\r\n', `M${'A'.repeat(60)}\r\n`, 'ARTICLE_SIZE'],
  ])('%s without end - are read for a while only', (_, head, more, code) => {
    const allocate = (size: number): Uint8Array => Buffer.alloc(size);
    const decoder = new ArticleDecoder({ kernel, sizeHint: 10_000, allocate });
    const chunk = Buffer.from(more.repeat(Math.ceil(16_384 / more.length)));
    let used = decoder.push(Buffer.from(head));
    while (!decoder.isEndless && used < 10_000_000) used += decoder.push(chunk);
    expect([decoder.isEndless, decoder.isDone]).toEqual([true, false]);
    expect(used).toBeLessThan(2.5 * 1024 * 1024);
    expect(codeOf(() => decoder.finish())).toBe(code);
  });
});

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (!(error instanceof HeadstartError)) throw error;
    return error.code;
  }
}
