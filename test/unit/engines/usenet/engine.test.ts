import { afterEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import type { MediaFile, NzbSource } from '../../../../backend/content/index.js';
import { postFiles, sourceOfBytes } from '../../../../scripts/lab/index.js';
import type { PostOptions } from '../../../../scripts/lab/index.js';
import { rarVolumes } from '../../../../scripts/fixtures/index.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { pseudoRandomBytes } from '../../../support/pseudo-random.js';
import { until } from '../../../support/until.js';
import { openEngineLab, providerAt } from '../../../support/usenet-engine.js';
import type { EngineLab } from '../../../support/usenet-engine.js';

const film = pseudoRandomBytes('engine', 2_000_003);

describe('UsenetEngine', () => {
  let lab: EngineLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  async function posted(options: Partial<PostOptions> = {}, name = 'Film.2024.1080p.mkv'): Promise<NzbSource> {
    lab ??= await openEngineLab();
    const files = [{ name, content: sourceOfBytes(film) }];
    const { nzb } = await postFiles(lab.news, files, { seed: 'engine', partBytes: 20_000, ...options });
    return lab.engine.accept(Buffer.from(nzb), { fileName: 'Film.2024.1080p.nzb' });
  }

  async function prepare(source: NzbSource): Promise<{ file: MediaFile; method: string; completed: Promise<void> }> {
    const options = { signal: new AbortController().signal, report: () => undefined, priority: 'prepare' as const };
    const release = await lab!.engine.resolve(source, options);
    return lab!.engine.prepare(release, release.files[0]!, options);
  }

  it('an NZB, packed or not - is the same source, named by what is known best', async () => {
    lab = await openEngineLab();
    const { nzb } = await postFiles(lab.news, [{ name: 'a.mkv', content: sourceOfBytes(film) }], { seed: 's' });
    const plain = await lab.engine.accept(Buffer.from(nzb), { fileName: 'Some.Film{{secret}}.nzb' });
    const packed = await lab.engine.accept(gzipSync(nzb), { fileName: 'Some.Film{{secret}}.nzb.gz' });
    expect(packed).toEqual(plain);
    expect(plain).toMatchObject({ kind: 'nzb', name: 'Some.Film', passwords: ['secret'] });
    expect(lab.documents.kept.size).toBe(1);
  });

  it('a second preparation - comes from the cache and asks nobody', async () => {
    // While time stands still no article is late, and none is asked for twice.
    lab = await openEngineLab({ engine: { clock: new ManualClock() } });
    const source = await posted();
    const first = await prepare(source);
    expect(first.method).toBe('usenet');
    await first.completed;
    const bodies = lab.news.counts.bodies;
    const second = await prepare(source);
    expect(second.method).toBe('cache');
    await second.completed;
    expect(lab.news.counts.bodies).toBe(bodies);
  });

  it('one in ten articles missing - is a dead release, said at once', async () => {
    const source = await posted({ isMissing: ({ number }) => number % 10 === 5 });
    await expect(prepare(source)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });

  it('the first article missing - is a dead release too', async () => {
    const source = await posted({ isMissing: ({ number }) => number === 1 });
    await expect(prepare(source)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });

  it('a release that was dead - is asked for again by the next preparation', async () => {
    const source = await posted({ isMissing: () => true });
    await expect(prepare(source)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    await expect(prepare(source)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
  });

  it('what was prepared - is asked for to its last article while nobody plays', async () => {
    const source = await posted({ isMissing: ({ number }) => number === 50 });
    const { completed } = await prepare(source);
    await completed;
    await until('all are asked for', () => lab!.engine.healthOf(source.contentId)?.checked === 101);
    expect(lab!.engine.healthOf(source.contentId)).toMatchObject({ articles: 101, missing: 1, holes: 1 });
  });

  it('an NZB that nobody prepared - is sampled without fetching an article', async () => {
    const whole = await posted();
    expect(await lab!.engine.sample(whole, { signal: new AbortController().signal })).toEqual({
      asked: 20,
      missing: 0,
      isDead: false,
    });
    const { commands, bodies } = lab!.news.counts;
    expect([commands.get('STAT'), bodies]).toEqual([20, 0]);
  });

  it('an NZB with one in ten articles missing - is sampled dead; so is one without its first', async () => {
    for (const isMissing of [(number: number) => number % 10 === 5, (number: number) => number === 1]) {
      const source = await posted({ isMissing: ({ number }) => isMissing(number) });
      const sample = await lab!.engine.sample(source, { signal: new AbortController().signal });
      expect(sample).toMatchObject({ isDead: true });
      await lab!.close();
      lab = null;
    }
  });

  it('an NZB that is not kept any more - cannot be sampled', async () => {
    const source = { ...(await posted()), contentId: 'e'.repeat(64) as NzbSource['contentId'] };
    await expect(lab!.engine.sample(source, { signal: new AbortController().signal })).rejects.toMatchObject({
      code: 'GONE',
    });
  });

  it('an engine - is idle while nobody reads', async () => {
    const source = await posted();
    expect(lab!.engine.isIdle).toBe(true);
    const { file, completed } = await prepare(source);
    await completed;
    const reading = file.open({ start: 0, end: 2_000_000 }, { signal: new AbortController().signal });
    const chunks = reading[Symbol.asyncIterator]();
    await chunks.next();
    expect(lab!.engine.isIdle).toBe(false);
    await chunks.return?.();
    await until('nobody reads', () => lab!.engine.isIdle);
  });

  it('a set of volumes - is streamable while every body behind the first volume is withheld', async () => {
    const withheld = new Set<string>();
    lab = await openEngineLab({
      server: {
        faults: ({ messageId, command }) => (command === 'BODY' && withheld.has(messageId) ? { kind: 'never' } : null),
      },
    });
    const content = sourceOfBytes(film);
    const volumes = rarVolumes({ format: 'rar5', innerName: 'Film.mkv', content, volumeBytes: 300_000 });
    const { nzb, messageIds } = await postFiles(lab.news, volumes, { seed: 'w', partBytes: 20_000 });
    for (const { name } of volumes.slice(1)) for (const id of messageIds[name]!) withheld.add(id);
    const { file, completed } = await prepare(await lab.engine.accept(Buffer.from(nzb)));
    completed.catch(() => undefined);
    const parts: Uint8Array[] = [];
    for await (const chunk of file.open({ start: 0, end: 200_000 }, { signal: new AbortController().signal })) {
      parts.push(chunk.slice());
    }
    expect(Buffer.compare(Buffer.concat(parts), film.subarray(0, 200_000))).toBe(0);
  });

  it('a wrong password at the provider - is the provider’s fault, not the release’s', async () => {
    lab = await openEngineLab({
      server: { user: 'me', password: 'right' },
      providers: (port) => [providerAt(port, { user: 'me', password: 'wrong' })],
    });
    await expect(prepare(await posted())).rejects.toMatchObject({ code: 'PROVIDER_AUTH' });
  });
});
