// Releases that are not whole: played with declared holes as far as that may be, refused with the reason beyond, and dead ones
// said at once, the second time without asking anybody.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { parseNzb } from '../../backend/engines/usenet/nzb/nzb-parser.js';
import { pseudoRandomSource, type Post, type PostedPart, type PostOptions } from '../../scripts/lab/index.js';

import { ask, askHash, askRange } from '../support/http.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';
import { asksFor, hashOfSource } from '../support/usenet-server.js';

const PART_BYTES = 5000;
const ARTICLES = 400;
const content = pseudoRandomSource('holes', ARTICLES * PART_BYTES - 1234);

/** Where the articles of these numbers (from 1) lie. */
function placesOf(numbers: readonly number[]): [number, number][] {
  return numbers.map((number) => [(number - 1) * PART_BYTES, Math.min(number * PART_BYTES, content.sizeBytes)]);
}

interface Stream {
  readonly url: string;
  readonly size: number;
}

describe('releases that are not whole', () => {
  let lab: UsenetLab;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted', provider: 'connections=6' });
  });
  afterAll(() => lab.close());

  /** Only bodies are missing: nobody can know before it is played. */
  async function posted(
    name: string,
    missing: readonly number[],
    options: Partial<PostOptions> = {},
  ): Promise<PostedNzb> {
    const files = [{ name: `${name}.mkv`, content }];
    const post = await lab.post(name, files, { partBytes: PART_BYTES, ...options });
    for (const number of missing) withheld.add(idsOf(post)[number - 1] ?? '');
    spoil();
    return post;
  }
  const withheld = new Set<string>();
  const spoil = (): void =>
    lab.scripted.set({
      faults: ({ messageId, command }) => (command === 'BODY' && withheld.has(messageId) ? { kind: 'missing' } : null),
    });
  const idsOf = (post: Post): readonly string[] => Object.values(post.messageIds)[0] ?? [];

  async function streamOf(nzbUrl: string): Promise<Stream> {
    const { status, json } = await lab.submit(nzbUrl);
    if (status !== 200) throw new Error(`${String(status)} ${JSON.stringify(json)}`);
    return (json.streams as [Stream])[0];
  }

  /** What `GET /stream/info/:id` says of a release's health. */
  async function healthOf({ nzb }: Post): Promise<unknown> {
    const { contentId } = parseNzb(Buffer.from(nzb));
    return (await lab.headstart.get(`/stream/info/${contentId}`)).json.health;
  }

  it.each<[string, number[]]>([
    ['1 hole', [100]],
    ['5 holes', [50, 51, 170, 300, 399]],
    ['4 holes in a row', [200, 201, 202, 203]],
    ['a hole at the end', [ARTICLES]],
  ])(
    '%s - is zeros there, everything else is right; it is counted, and not asked for again',
    async (title, missing) => {
      const post = await posted(`Film ${title}`, missing);
      const { url } = await streamOf(post.nzbUrl);
      const expected = { status: 200, sha256: hashOfSource(content, placesOf(missing)) };
      expect(await askHash(url)).toMatchObject(expected);
      const bytes = placesOf(missing).reduce((sum, [start, end]) => sum + end - start, 0);
      expect(await healthOf(post)).toMatchObject({ holes: missing.length, bytes });
      const lost = missing.map((number) => idsOf(post)[number - 1] ?? '');
      const asked = lost.map((id) => lab.scripted.fetches(id));
      expect(await askHash(url)).toMatchObject(expected);
      expect(lost.map((id) => lab.scripted.fetches(id))).toEqual(asked);
    },
  );

  it('five missing in a row - end the answer in the middle, never as if it were whole', async () => {
    const { nzbUrl } = await posted('Film five', [100, 101, 102, 103, 104]);
    const { url } = await streamOf(nzbUrl);
    await expect(ask(url)).rejects.toThrow();
    const { body } = await askRange(url, 0, 99 * PART_BYTES);
    expect(body.equals(content.read(0, 99 * PART_BYTES))).toBe(true);
  });

  it('3 % of the bodies missing, though the server says it has them - end the answer at what may be played', async () => {
    const missing = Array.from({ length: 12 }, (_, at) => 40 + at * 30);
    const { nzbUrl } = await posted('Film lied', missing);
    const { url } = await streamOf(nzbUrl);
    await expect(ask(url)).rejects.toThrow();
  });

  it('3 % holes, some of them in the sample - are refused when it is submitted', async () => {
    const sampled = Array.from({ length: 60 }, (_, at) => 1 + Math.round((at * (ARTICLES - 1)) / 59));
    const missing = [sampled[20], sampled[40], ...[50, 90, 130, 170, 210, 250, 290, 330, 370, 390]];
    const isMissing = ({ number }: PostedPart): boolean => missing.includes(number);
    const { nzbUrl } = await posted('Film 3 percent', [], { isMissing });
    expect(await lab.submit(nzbUrl)).toMatchObject({ status: 422, json: { error: { code: 'ARTICLE_MISSING' } } });
  });

  it('an encrypted archive - is never padded', async () => {
    const set = await lab.postSet('rar5-encrypted-headers', { partBytes: 2000 });
    const ids = set.volumeIds(0);
    withheld.add(ids[ids.length >> 1] ?? '');
    spoil();
    const { url } = await streamOf(set.nzbUrl);
    await expect(ask(url)).rejects.toThrow();
  });

  it('what is no video - is never padded', async () => {
    const subtitle = pseudoRandomSource('subtitle', 300_000);
    const files = [
      { name: 'Film.mkv', content },
      { name: 'Film.srt', content: subtitle },
    ];
    const post = await lab.post('with subtitle', files, { partBytes: PART_BYTES });
    withheld.add(post.messageIds['Film.srt']?.[30] ?? '');
    spoil();
    await streamOf(post.nzbUrl);
    const { contentId } = parseNzb(Buffer.from(post.nzb));
    const { json } = await lab.headstart.get(`/stream/info/${contentId}`);
    const listed = json.files as { name: string; streamUrl: string }[];
    const url = lab.headstart.url(listed.find(({ name }) => name.endsWith('.srt'))?.streamUrl ?? '');
    await expect(ask(url)).rejects.toThrow();
  });

  it.each<[string, (part: PostedPart) => boolean]>([
    ['the first article missing', ({ number }) => number === 1],
    ['all articles missing', () => true],
  ])(
    '%s - fails at once; again without a word to the server; forced, it plays if it is back',
    async (title, isMissing) => {
      const options = { partBytes: PART_BYTES, isMissing };
      const post = await posted(`Film ${title}`, [], options);
      const { nzbUrl } = post;
      const asks = (): number => asksFor(lab.scripted, idsOf(post));
      const startedAt = Date.now();
      const first = await lab.submit(nzbUrl);
      expect(first).toMatchObject({ status: 422, json: { error: { code: 'ARTICLE_MISSING' } } });
      expect(Date.now() - startedAt).toBeLessThan(20_000); // not as late as what is waited for
      const asked = asks();
      expect(await lab.submit(nzbUrl)).toMatchObject({ status: 422, json: first.json });
      expect(asks()).toBe(asked);
      await posted(`Film ${title}`, []);
      expect(await lab.submit(nzbUrl)).toMatchObject({ status: 422 });
      const { status, json } = await lab.submit(nzbUrl, { force: 'true' });
      expect(status).toBe(200);
      expect(await askHash((json.streams as [Stream])[0].url)).toMatchObject({ sha256: hashOfSource(content) });
    },
  );
});
