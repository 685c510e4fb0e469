// What a scripted news server can do wrong with one article, and how a body is spoiled for it. Knows no sockets.

import type { ArticleBody } from './lab-article.js';

/**
 * `missing`: 430. `cut`: the connection breaks after so many bytes of the body; `stall`: it stays open and silent. `corrupt`: one
 * data byte is another. `wrongPart`: `=ypart` names another place of the same length. `lyingSize`: `size=` of `=ybegin` is
 * 12,345 too much. `limit`: 502, and the connection is closed. `never`: no answer, on this connection ever. `trickle`: one
 * byte per write. `split`: two writes, the first of `at` bytes of the whole answer.
 */
export type ArticleFault =
  | { readonly kind: 'missing' | 'corrupt' | 'wrongPart' | 'lyingSize' | 'limit' | 'never' | 'trickle' }
  | { readonly kind: 'cut' | 'stall'; readonly afterBytes: number }
  | { readonly kind: 'split'; readonly at: number };

/** One command about an article. */
export interface ArticleAsk {
  readonly messageId: string;
  readonly command: 'ARTICLE' | 'BODY' | 'HEAD' | 'STAT';
  /** Number of the connection, from 1, in the order they came. */
  readonly connection: number;
  /** From 1: how often this command has been given for this article, on any connection. */
  readonly attempt: number;
}

/** Decides what goes wrong; null for nothing. Asked once per command. */
export type FaultScript = (ask: ArticleAsk) => ArticleFault | null;

/** A body with the fault in it; the same body where the fault is not one of content. */
export function spoil(body: ArticleBody, fault: ArticleFault | null): ArticleBody {
  if (fault?.kind === 'corrupt') return [flipByte(Buffer.concat(body))];
  if (fault?.kind === 'wrongPart') {
    return [
      rewrite(Buffer.concat(body), /=ypart begin=(\d+) end=(\d+)/, (begin, end) => {
        return `=ypart begin=${String(begin + 1000)} end=${String(end + 1000)}`;
      }),
    ];
  }
  if (fault?.kind !== 'lyingSize') return body;
  return [rewrite(Buffer.concat(body), /(?<==ybegin [^\r]*)size=(\d+)/, (size) => `size=${String(size + 12_345)}`)];
}

/** Flips a bit in the middle where neither the old nor the new byte means anything but itself. */
function flipByte(body: Buffer): Buffer {
  const isPlain = (code: number): boolean => ![0, 9, 10, 13, 32, 46, 61].includes(code);
  const flipped = Buffer.from(body);
  for (let index = body.length >> 1; index < body.length; index += 1) {
    const code = body[index] ?? 0;
    const isEscaped = body[index - 1] === 61;
    if (isEscaped || !isPlain(code) || !isPlain(code ^ 1)) continue;
    flipped[index] = code ^ 1;
    return flipped;
  }
  return flipped;
}

function rewrite(body: Buffer, pattern: RegExp, change: (...numbers: number[]) => string): Buffer {
  const end = Math.min(body.length, 1024);
  const head = body.subarray(0, end).toString('latin1');
  const changed = head.replace(pattern, (_, ...groups: unknown[]) => change(...groups.slice(0, 2).map(Number)));
  return Buffer.concat([Buffer.from(changed, 'latin1'), body.subarray(end)]);
}
