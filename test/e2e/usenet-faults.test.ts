// News servers that fail in every way: each time the bytes are right, from another try or another provider, or the error says
// why, within its deadline. Deadlines are on a clock that runs faster.

import { afterEach, describe, expect, it } from '@jest/globals';

import { systemClock } from '../../backend/platform/index.js';
import {
  makePost,
  pseudoRandomSource,
  repeatedSource,
  type ArticleAsk,
  type ArticleFault,
  type FaultScript,
  type LabArticle,
} from '../../scripts/lab/index.js';

import { HurriedClock } from '../support/hurried-clock.js';
import {
  codeOf,
  hashOfFile,
  hashOfSource,
  openTroubleLab,
  withHead,
  type TroubleLab,
  type TroubleLabOptions,
} from '../support/usenet-server.js';

const content = pseudoRandomSource('faults', 251_234);
const film = [{ name: 'Film.2024.1080p.mkv', content }];
/** An article may take this long, and a preparation's first ones are asked for one after the other. */
const DEADLINE_MS = 120_000;

const faults: readonly (readonly [string, ArticleFault])[] = [
  ['430', { kind: 'missing' }],
  ['cut mid-article', { kind: 'cut', afterBytes: 3000 }],
  ['cut before the first byte', { kind: 'cut', afterBytes: 0 }],
  ['stalled mid-article', { kind: 'stall', afterBytes: 3000 }],
  ['bad CRC', { kind: 'corrupt' }],
  ['wrong =ypart', { kind: 'wrongPart' }],
  ['lying size=', { kind: 'lyingSize' }],
  ['502 for an article', { kind: 'limit' }],
  ['never answering', { kind: 'never' }],
];

function onBodies(fault: ArticleFault, when: (ask: ArticleAsk) => boolean = () => true): FaultScript {
  const isMeant = (ask: ArticleAsk): boolean => ask.command === 'BODY' || fault.kind === 'missing';
  return (ask) => (isMeant(ask) && when(ask) ? fault : null);
}

describe('faults of a news server', () => {
  let lab: TroubleLab | null = null;
  let clock = new HurriedClock(20);
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  async function open(options: TroubleLabOptions = {}): Promise<TroubleLab> {
    clock = new HurriedClock(20);
    lab = await openTroubleLab({ ...options, engine: { clock, ...options.engine } });
    return lab;
  }

  /** SHA-256 of the film, or the code of the error, and how long that took. */
  async function outcome(): Promise<{ result: string; tookMs: number }> {
    const startedAt = clock.now();
    const result = await lab!
      .play(film)
      .then((file) => hashOfFile(file))
      .catch(codeOf);
    return { result, tookMs: clock.now() - startedAt };
  }

  it.each(faults)('%s, always - the second provider gives the bytes', async (_title, fault) => {
    const isEveryFourth = fault.kind === 'wrongPart';
    let asked = 0;
    const isMeant = (): boolean => !isEveryFourth || ++asked % 4 === 0;
    await open({ server: { faults: onBodies(fault, isMeant) }, backup: {} });
    const { result, tookMs } = await outcome();
    expect(result).toBe(hashOfSource(content));
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    expect(lab!.news.counts.highestOpen).toBeLessThanOrEqual(4);
    expect(lab!.backup.counts.highestOpen).toBeLessThanOrEqual(2);
  });

  it.each([
    ['430', 'ARTICLE_MISSING'],
    ['cut mid-article', 'PROVIDER_UNREACHABLE'],
    ['cut before the first byte', 'PROVIDER_UNREACHABLE'],
    ['stalled mid-article', 'PROVIDER_UNREACHABLE'],
    ['bad CRC', 'ARTICLE_MISSING'],
    ['wrong =ypart', 'ARTICLE_MISSING'],
    ['502 for an article', 'PROVIDER_LIMIT'],
    ['never answering', 'PROVIDER_UNREACHABLE'],
  ])('%s, always, of the only provider - is %s', async (title, code) => {
    const [, fault] = faults.find(([name]) => name === title)!;
    await open({ server: { faults: onBodies(fault) } });
    const { result, tookMs } = await outcome();
    expect(result).toBe(code);
    expect(tookMs).toBeLessThan(DEADLINE_MS);
  });

  it.each(['cut mid-article', 'stalled mid-article', '502 for an article', 'never answering'])(
    '%s, once - is tried again at the same provider',
    async (title) => {
      const [, fault] = faults.find(([name]) => name === title)!;
      let times = 0;
      const isMeant = ({ attempt }: ArticleAsk): boolean => attempt === 1 && times++ % 4 === 0;
      await open({ server: { faults: onBodies(fault, isMeant) } });
      expect((await outcome()).result).toBe(hashOfSource(content));
      expect(lab!.news.counts.highestOpen).toBeLessThanOrEqual(4);
    },
  );

  it('one byte at a time - arrives all the same', async () => {
    await open({ server: { faults: onBodies({ kind: 'trickle' }, () => true) }, engine: { clock: systemClock } });
    const small = pseudoRandomSource('trickle', 6000);
    const file = await lab!.play([{ name: 'Film.mkv', content: small }], { partBytes: 1500 });
    expect(await hashOfFile(file)).toBe(hashOfSource(small));
  });

  it('cut in two at every byte, dots stuffed everywhere - the bytes are right', async () => {
    // 257 times what yEnc makes a dot of: two full lines and one of a single dot.
    const part = 257;
    const splitAt = new Map<string, number>();
    await open({
      server: {
        faults: ({ messageId, command }) =>
          command === 'BODY' ? { kind: 'split', at: splitAt.get(messageId) ?? 0 } : null,
      },
      engine: { clock: systemClock },
    });
    const dots = repeatedSource(Buffer.alloc(part, 4), part * 700);
    const post = makePost([{ name: 'Dots.mkv', content: dots }], { seed: 'dots', partBytes: part });
    const [article] = post.articles as [LabArticle];
    const answerBytes = `222 0 <${article.messageId}>\r\n`.length + Buffer.concat(article.body()).length + 3;
    expect(answerBytes).toBeLessThan(post.articles.length);
    post.articles.forEach(({ messageId }, index) => splitAt.set(messageId, index + 1));
    expect(await hashOfFile(await lab!.playPost(post))).toBe(hashOfSource(dots));
  });

  it.each<[string, string, Partial<TroubleLabOptions>]>([
    [
      'a wrong password',
      'PROVIDER_AUTH',
      { server: { user: 'me', password: 'right' }, provider: { user: 'me', password: 'wrong' } },
    ],
    ['no connection free', 'PROVIDER_LIMIT', { server: { maxConnections: 0 } }],
    ['never a greeting', 'PROVIDER_UNREACHABLE', { server: { greeting: () => null } }],
    ['a greeting in no language', 'PROVIDER_UNREACHABLE', { server: { greeting: () => 'HTTP/1.1 400 Bad Request' } }],
    ['a server that turns everybody away', 'PROVIDER_UNREACHABLE', { server: { greeting: () => '400 Going down' } }],
  ])('%s - is %s; a second provider plays', async (_title, code, options) => {
    await open(options);
    const alone = await outcome();
    expect(alone.result).toBe(code);
    expect(alone.tookMs).toBeLessThan(DEADLINE_MS);
    await lab!.close();
    await open({ ...options, backup: {} });
    expect((await outcome()).result).toBe(hashOfSource(content));
    expect(lab!.news.counts.highestOpen).toBeLessThanOrEqual(4);
  });

  it('fewer connections than configured - plays over those there are, and does not knock for ever', async () => {
    await open({ server: { maxConnections: 2 }, provider: { connections: 8 } });
    expect((await outcome()).result).toBe(hashOfSource(content));
    const { counts } = lab!.news;
    expect(counts.highestOpen).toBeLessThanOrEqual(2);
    expect(counts.refused).toBeLessThanOrEqual(8);
    expect(lab!.engine.providers()[0]?.connections.limit).toBeLessThanOrEqual(3);
  });
});

describe('posts that lie', () => {
  let lab: TroubleLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  it.each<[string, string, (size: number) => number]>([
    ['too large', 'ARTICLE_MISSING', (size) => size + 5000],
    ['far too large', 'right', (size) => size * 40],
    ['too small', 'ARTICLE_MISSING', (size) => size - 5000],
    ['far too small', 'ARTICLE_MISSING', () => 7],
    ['absurd', 'ARTICLE_MISSING', () => 9e18],
  ])('size= %s in every article - is %s, never wrong bytes', async (_title, expected, lie) => {
    lab = await openTroubleLab();
    const post = makePost(film, { seed: 'lie', partBytes: 20_000 });
    const change = (head: string): string =>
      head.replace(/ size=(\d+)/, (_, size: string) => ` size=${String(lie(Number(size)))}`);
    const articles = post.articles.map((article) => withHead(article, change));
    const result = await lab
      .playPost({ nzb: post.nzb, articles })
      .then((file) => hashOfFile(file))
      .catch(codeOf);
    expect(result === hashOfSource(content) ? 'right' : result).toBe(expected);
  });

  it.each<[string, (number: number) => number]>([
    ['a short one in the middle', (number) => (number === 6 ? 7001 : 20_000)],
    ['each another size', (number) => 9000 + ((number * 7919) % 12_000)],
  ])('parts of uneven sizes, %s - the bytes are right, wherever reading begins', async (_title, partBytes) => {
    lab = await openTroubleLab();
    const file = await lab.play(film, { partBytes });
    const { signal } = new AbortController();
    for (const start of [240_000, 130_001, 61_000, 0]) {
      const chunks: Buffer[] = [];
      const end = Math.min(content.sizeBytes, start + 30_000);
      for await (const chunk of file.open({ start, end }, { signal })) chunks.push(Buffer.from(chunk));
      expect(Buffer.concat(chunks).equals(content.read(start, end - start))).toBe(true);
    }
    expect(await hashOfFile(file)).toBe(hashOfSource(content));
  });
});
