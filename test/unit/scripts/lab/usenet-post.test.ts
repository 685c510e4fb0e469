import { describe, expect, it } from '@jest/globals';

import { makePost, pseudoRandomSource, repeatedSource, sourceOfBytes } from '../../../../scripts/lab/index.js';
import type { LabArticle, PostOptions } from '../../../../scripts/lab/index.js';

const textOf = (article: LabArticle | undefined): string => Buffer.concat(article?.body() ?? []).toString('latin1');

/** yEnc undone by the letter, apart from what made it. */
function decoded(text: string): Buffer {
  const lines = text.split('\r\n').filter((line) => !/^=y(begin|part|end)/.test(line));
  const bytes: number[] = [];
  for (const line of lines.map((one) => one.replace(/^\.\./, '.'))) {
    for (let index = 0; index < line.length; index += 1) {
      const isEscape = line[index] === '=';
      if (isEscape) index += 1;
      bytes.push((line.charCodeAt(index) - 42 - (isEscape ? 64 : 0)) & 0xff);
    }
  }
  return Buffer.from(bytes);
}

function postOf(content: Uint8Array, options: Partial<PostOptions> = {}): ReturnType<typeof makePost> {
  const files = [{ name: 'a & b.bin', content: sourceOfBytes(content) }];
  return makePost(files, { seed: 'test', partBytes: 1000, ...options });
}

describe('usenet post', () => {
  const content = pseudoRandomSource('post', 70_000).read(0, 70_000);

  it.each([false, true])('yEnc - holds every byte in its part (fast: %s)', (isFast) => {
    const { articles } = postOf(content, { isFast, partBytes: 30_000 });
    expect(articles).toHaveLength(3);
    expect(Buffer.concat(articles.map((article) => decoded(textOf(article)))).equals(content)).toBe(true);
    expect(textOf(articles[1])).toMatch(
      /^=ybegin part=2 total=3 line=128 size=70000 name=a & b.bin\r\n=ypart begin=30001 end=60000\r\n/,
    );
    expect(textOf(articles[2])).toMatch(/\r\n=yend size=10000 part=3 pcrc32=[0-9a-f]{8}\r\n$/);
  });

  it('yEnc - stuffs dots at line starts and never holds a bare end', () => {
    const text = textOf(postOf(Buffer.alloc(1000, 4)).articles[0]); // 4 + 42 is a dot
    expect(
      text
        .split('\r\n')
        .slice(2, -2)
        .every((line) => line.startsWith('..')),
    ).toBe(true);
    expect(text).not.toContain('\r\n.\r\n');
  });

  it('yEnc in one part - has no =ypart and the crc32 of the file', () => {
    const text = textOf(postOf(Buffer.from('123456789'), { encoding: 'yenc-single' }).articles[0]);
    expect(text).not.toContain('=ypart');
    expect(text).toContain('=yend size=9 crc32=cbf43926');
  });

  it('uuencode - has begin in its first part and end in its last', () => {
    const [first, second] = postOf(Buffer.from('Cat'.repeat(20)), { encoding: 'uu', partBytes: 45 }).articles;
    expect(textOf(first)).toMatch(/^begin 644 a & b\.bin\r\nM0V%T/);
    expect(textOf(second)).toBe('/0V%T0V%T0V%T0V%T0V%T\r\n`\r\nend\r\n');
  });

  it('ids - are the same for the same seed and differ for another', () => {
    expect(postOf(content).messageIds).toEqual(postOf(content).messageIds);
    expect(postOf(content, { seed: 'other' }).messageIds).not.toEqual(postOf(content).messageIds);
  });

  it('missing and unlisted parts - are left out where they were told to be', () => {
    const { nzb, articles, messageIds } = postOf(content, {
      isMissing: ({ number }) => number === 3,
      isUnlisted: ({ number }) => number === 5,
    });
    const ids = messageIds['a & b.bin'] ?? [];
    expect([ids.length, articles.length]).toEqual([70, 69]);
    expect(articles.some((article) => article.messageId === ids[2])).toBe(false);
    expect(nzb).toContain(String(ids[2]));
    expect(nzb).not.toContain(String(ids[4]));
  });

  it('uneven parts - are as long as they were told to be', () => {
    const { articles } = postOf(content, { partBytes: (number) => number * 10_000 });
    expect(articles.map((article) => /=ypart .*/.exec(textOf(article))?.[0])).toEqual([
      '=ypart begin=1 end=10000',
      '=ypart begin=10001 end=30000',
      '=ypart begin=30001 end=60000',
      '=ypart begin=60001 end=70000',
    ]);
  });

  it('the NZB - names poster, groups, parts, subject and meta, escaped', () => {
    const { nzb } = postOf(content, { meta: { name: 'A <film>', password: ['one', 'two'] } });
    expect(nzb).toContain('<meta type="name">A &#60;film&#62;</meta>');
    expect(nzb.match(/<meta type="password">/g)).toHaveLength(2);
    expect(nzb).toContain('subject="[1/1] - &#34;a &#38; b.bin&#34; yEnc (1/70)"');
    expect(nzb.match(/<segment /g)).toHaveLength(70);
  });

  it('an obfuscated post - nowhere has the name', () => {
    const { nzb, articles } = postOf(content, { isObfuscated: true });
    expect([nzb, ...articles.map((article) => textOf(article) + article.subject)].join('')).not.toMatch(
      /a (&|&#38;) b/,
    );
  });

  it('repeating content - shares its encoded lines between parts', () => {
    const files = [{ name: 'big', content: repeatedSource(content, 70_000 * 1000) }];
    const { articles } = makePost(files, { seed: 'big', partBytes: 70_000 });
    expect(articles[7]?.body()[1]).toBe(articles[900]?.body()[1]);
    expect(decoded(textOf(articles[900])).equals(content)).toBe(true);
  });
});
