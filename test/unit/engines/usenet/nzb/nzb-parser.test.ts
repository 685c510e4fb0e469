import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { NzbParser, parseNzb } from '../../../../../backend/engines/usenet/nzb/nzb-parser.js';
import { startProcessorTime } from '../../../../support/processor-time.js';

const HEAD =
  '<?xml version="1.0" encoding="iso-8859-1" ?>\n<!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">\n';

type Segment = readonly [number: number | string, id: string, bytes?: number | string];

function file(subject: string, segments: readonly Segment[], date: string | number = 1_700_000_000): string {
  const rows = segments.map(
    ([number, id, bytes = 700_000]) => `<segment bytes="${bytes}" number="${number}">${id}</segment>`,
  );
  return `<file poster="a &lt;a@b.example&gt;" date="${date}" subject="${subject}"><groups><group>alt.binaries.test</group></groups><segments>${rows.join('\n')}</segments></file>`;
}

function nzb(...inside: readonly string[]): Buffer {
  return Buffer.from(`${HEAD}<nzb xmlns="http://www.newzbin.com/DTD/2003/nzb">${inside.join('\n')}</nzb>\n`);
}

function codeOf(text: string | Uint8Array): string | undefined {
  try {
    parseNzb(Buffer.from(text as string));
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

const ONE = file('&quot;a.mkv&quot; yEnc (1/2)', [
  [1, 'one@example'],
  [2, 'two@example', 5],
]);

describe('NZB parser', () => {
  it('NZB parser - reads files, segments and what the head says', () => {
    const meta =
      '<head><meta type="Name">Tom &amp; Jerry</meta><meta type="title">other</meta><meta type="password">a&lt;b</meta><meta type="password"><![CDATA[c]]></meta><meta type="password">c</meta><meta type="category">TV &gt; HD</meta></head>';
    const ids = ['one@example', 'two@example'];
    expect(parseNzb(nzb(meta, ONE))).toEqual({
      contentId: createHash('sha256').update(ids.join('\n')).digest('hex'),
      name: 'Tom & Jerry',
      passwords: ['a<b', 'c'],
      category: 'TV > HD',
      files: [
        {
          subject: '"a.mkv" yEnc (1/2)',
          fileName: 'a.mkv',
          postedAt: 1_700_000_000_000,
          segmentCount: 2,
          segments: [
            { number: 1, sizeBytes: 700_000, messageId: 'one@example' },
            { number: 2, sizeBytes: 5, messageId: 'two@example' },
          ],
        },
      ],
    });
  });

  it('NZB parser - reads the same byte by byte', () => {
    const bytes = nzb('<head><meta type="title">Größe</meta></head>', ONE);
    const parser = new NzbParser();
    for (let at = 0; at < bytes.length; at += 1) parser.push(bytes.subarray(at, at + 1));
    expect(parser.finish()).toEqual(parseNzb(bytes));
  });

  it('NZB parser - takes prefixes, any case, a mark in front and no declaration', () => {
    const plain = `\ufeff\n <N:NZB xmlns:N="x">${ONE.replaceAll('<', '<N:').replaceAll('<N:/', '</N:').replace(' number', ' NUMBER')}</N:NZB>`;
    expect(parseNzb(Buffer.from(plain)).files[0]?.segments.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('NZB parser - reads text in UTF-8 and Latin-1 whatever is declared', () => {
    const text = nzb(file('&quot;Größe.mkv&quot; (1/1)', [[1, 'a@b']])).toString();
    for (const encoding of ['utf8', 'latin1'] as const) {
      expect(parseNzb(Buffer.from(text, encoding)).files[0]?.fileName).toBe('Größe.mkv');
    }
    expect(parseNzb(Buffer.from(text.replace('ö', '&#246;').replace('ß', '&#x142;'))).files[0]?.fileName).toBe(
      'Größe.mkv'.replace('ß', 'ł'),
    );
  });

  it('NZB parser - sorts segments, keeps gaps and says how many there were', () => {
    const segments: Segment[] = [
      [7, 'g@x'],
      [2, 'b@x'],
      [5, 'e@x'],
    ];
    const [counted, uncounted] = parseNzb(
      nzb(file('&quot;a&quot; (1/9)', segments), file('b', [[3, 'c@x', 'many']])),
    ).files;
    expect(counted?.segments.map(({ number }) => number)).toEqual([2, 5, 7]);
    expect(counted?.segmentCount).toBe(9);
    expect(uncounted).toMatchObject({ segmentCount: 3, segments: [{ sizeBytes: 0 }] });
  });

  it('NZB parser - merges segments and files that stand there twice', () => {
    const again = file('&quot;a.mkv&quot; yEnc (2/2)', [
      [2, 'two@example'],
      [2, 'copy@example'],
      [3, 'one@example'],
    ]);
    const { files, contentId } = parseNzb(nzb(ONE, ONE, again));
    expect(files).toHaveLength(1);
    expect(files[0]?.segments.map(({ messageId }) => messageId)).toEqual(['one@example', 'two@example']);
    expect(contentId).toBe(parseNzb(nzb(ONE)).contentId);
    const pieces = [file('&quot;b&quot; (1/2)', [[1, 'b1@x']]), file('&quot;b&quot; (2/2)', [[2, 'b2@x']])];
    expect(parseNzb(nzb(...pieces)).files.map((merged) => merged.segments.length)).toEqual([2]);
  });

  it('NZB parser - keeps files apart that only share a subject', () => {
    const obfuscated = [
      file('abc (1/1)', [[1, 'a@x']]),
      file('abc (1/1)', [[1, 'b@x']]),
      file('abc (1/1)', [[1, 'c@x']]),
    ];
    expect(parseNzb(nzb(...obfuscated)).files).toHaveLength(3);
  });

  it('NZB parser - gives one id to the same articles in any order', () => {
    const swapped = nzb(
      file('other subject', [
        [1, 'two@example'],
        [2, 'one@example'],
      ]),
    );
    expect(parseNzb(swapped).contentId).toBe(parseNzb(nzb(ONE)).contentId);
    expect(parseNzb(nzb(file('x', [[1, 'one@example']]))).contentId).not.toBe(parseNzb(nzb(ONE)).contentId);
  });

  it('NZB parser - leaves out articles that cannot be asked for', () => {
    const bad = ['a\r\nQUIT', 'a b', 'a&gt;b', 'a&#10;b', '', '&lt;&gt;', 'ä@x', `${'a'.repeat(501)}`, 'a&#9;b'];
    const rows: Segment[] = bad.map((id, index) => [index + 1, id]);
    const { files } = parseNzb(
      nzb(file('x', [...rows, [20, ' &lt;good@x&gt;\n'], ['-1', 'c@x'], ['x', 'd@x'], ['9999999999', 'e@x']])),
    );
    expect(files[0]?.segments).toEqual([{ number: 20, sizeBytes: 700_000, messageId: 'good@x' }]);
    expect(codeOf(nzb(file('x', rows)))).toBe('NZB_INVALID');
  });

  it('NZB parser - counts on where a segment has no number', () => {
    const text = nzb(ONE)
      .toString()
      .replaceAll(/ number="\d"/g, '');
    expect(parseNzb(Buffer.from(text)).files[0]?.segments.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('NZB parser - refuses what was cut off anywhere', () => {
    const whole = nzb(ONE);
    for (let length = 0; length < whole.length - 1; length += 1) {
      expect(codeOf(whole.subarray(0, length))).toBe('NZB_INVALID');
    }
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['bytes', '\u0000\u0001\u0002'],
    ['a page', '<html><body>Log in</body></html>'],
    ['no files', nzb().toString()],
    ['a file in a file', nzb(`<file subject="a">${ONE}</file>`).toString()],
    ['deep elements', nzb('<a>'.repeat(100), ONE, '</a>'.repeat(100)).toString()],
    ['an endless token', nzb(`<!--${' '.repeat(2_000_000)}-->`, ONE).toString()],
    ['an endless text', nzb(`<head><meta type="name">${'a'.repeat(2_000_000)}</meta></head>`, ONE).toString()],
    [
      'far too many claimed articles',
      nzb(...[1, 2, 3].map((n) => file(`a${n} (1/999999)`, [[999_999, `${n}@x`]]))).toString(),
    ],
  ])('NZB parser - refuses %s', (_, text) => {
    expect(codeOf(text)).toBe('NZB_INVALID');
  });

  it('NZB parser - refuses entities of the document and never expands them', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE nzb [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><nzb><head><meta type="name">&b;</meta></head>${ONE}</nzb>`;
    expect(codeOf(bomb)).toBe('NZB_INVALID');
    expect(codeOf(nzb('<head><meta type="name">&unknown;</meta></head>', ONE))).toBe('NZB_INVALID');
    expect(
      codeOf(bomb.replace('<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">', '<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;')),
    ).toBe('NZB_INVALID');
  });

  it('NZB parser - passes on what an indexer says instead', () => {
    const answer = '<?xml version="1.0"?><error code="100" description="Incorrect user credentials"/>';
    expect(() => parseNzb(Buffer.from(answer))).toThrow(/Incorrect user credentials/);
  });

  it('NZB parser - stays failed', () => {
    const parser = new NzbParser();
    expect(() => parser.push(Buffer.from('<html>'))).toThrow(expect.objectContaining({ code: 'NZB_INVALID' }));
    expect(() => parser.push(nzb(ONE))).toThrow(expect.objectContaining({ code: 'NZB_INVALID' }));
    expect(() => parser.finish()).toThrow(expect.objectContaining({ code: 'NZB_INVALID' }));
  });

  it('NZB parser - reads 100,000 segments without a hang', () => {
    const files = Array.from({ length: 100 }, (_, index) =>
      file(
        `&quot;a.part${index}.rar&quot; yEnc (1/1000)`,
        Array.from({ length: 1_000 }, (_, number) => [
          number + 1,
          `part${number}of1000.${index}.abcdefghijklmnop@powerpost2000AA.local`,
        ]),
      ),
    );
    const bytes = nzb(...files);
    const workMs = startProcessorTime();
    expect(parseNzb(bytes).files.reduce((sum, { segments }) => sum + segments.length, 0)).toBe(100_000);
    expect(workMs()).toBeLessThan(5_000);
  });
});
