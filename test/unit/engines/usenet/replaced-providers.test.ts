// The engine while its news servers change: what plays goes on, and without any it says what is missing.

import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { makePost, pseudoRandomSource } from '../../../../scripts/lab/index.js';
import { until } from '../../../support/until.js';
import { providerAt } from '../../../support/usenet-engine.js';
import { hashOfSource, openTroubleLab, type TroubleLab } from '../../../support/usenet-server.js';

const SIZE_BYTES = 6_000_000;
const film = pseudoRandomSource('replaced', SIZE_BYTES);
const { signal } = new AbortController();

describe('news servers that change while the engine runs', () => {
  let lab: TroubleLab;
  afterEach(() => lab.close());

  it('a film that plays - goes on from the next news server when its own is removed, which is left', async () => {
    lab = await openTroubleLab({ backup: {}, engine: { readAheadBytes: 1_000_000 } });
    const file = await lab.play([{ name: 'Film.2024.1080p.mkv', content: film }]);
    const hash = createHash('sha256');
    let isReplaced = false;
    for await (const chunk of file.open({ start: 0, end: SIZE_BYTES }, { signal })) {
      hash.update(chunk);
      if (isReplaced) continue;
      lab.engine.replaceProviders([providerAt(lab.backup.port, { id: 'backup' })]);
      isReplaced = true;
    }
    expect(hash.digest('hex')).toBe(hashOfSource(film));
    expect(lab.backup.counts.bodies).toBeGreaterThan(0);
    await until('the first is left', () => lab.news.counts.open === 0);
    expect(lab.engine.providers().map(({ id }) => id)).toEqual(['backup']);
  });

  it('no news server - nothing is taken in; one that is added makes it as before', async () => {
    lab = await openTroubleLab();
    const post = { name: 'Film.2024.1080p.mkv', content: film };
    lab.engine.replaceProviders([]);
    expect([lab.engine.isAvailable, lab.engine.kinds]).toEqual([false, []]);
    await expect(lab.play([post])).rejects.toMatchObject({ code: 'USENET_UNAVAILABLE' });
    await expect(lab.engine.fetch('http://a.example/a.nzb', { signal })).rejects.toMatchObject({
      code: 'USENET_UNAVAILABLE',
    });
    lab.engine.replaceProviders([providerAt(lab.news.port)]);
    expect(lab.engine.kinds).toEqual(['nzb', 'nzb-url']);
    expect((await lab.play([post])).sizeBytes).toBe(SIZE_BYTES);
  });

  it('a release that was missing - is there with a news server that has it, at once', async () => {
    lab = await openTroubleLab({ backup: {} });
    const first = [providerAt(lab.news.port)];
    lab.engine.replaceProviders(first);
    const files = [{ name: 'Film.2024.1080p.mkv', content: film }];
    const post = makePost(files, { seed: 'replaced', partBytes: 20_000 });
    const file = await lab.playPost(post);
    for (const { messageId } of post.articles) lab.news.remove(messageId);
    await expect(drained(file)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    lab.engine.replaceProviders([...first, providerAt(lab.backup.port, { id: 'backup' })]);
    expect(await drained(file)).toBe(hashOfSource(film));
  });

  it('a pack that was opened without an episode - is looked into again: at another news server, or when it is asked for', async () => {
    lab = await openTroubleLab({ backup: {} });
    const [first, second] = [providerAt(lab.news.port), providerAt(lab.backup.port, { id: 'backup' })];
    const names = ['E01', 'E02'].map((episode) => `Harbour.Lights.S01${episode}.mkv`);
    const files = names.map((name) => ({ name, content: pseudoRandomSource(name, 100_000) }));
    const post = makePost(files, { seed: 'pack', partBytes: 20_000 });
    const lacking = post.articles.filter(({ messageId }) => post.messageIds[names[1]!]?.includes(messageId));
    for (const article of post.articles) lab.backup.post(article);
    for (const article of post.articles) if (!lacking.includes(article)) lab.news.post(article);
    const source = await lab.engine.accept(Buffer.from(post.nzb), { fileName: 'Harbour.Lights.S01.nzb' });
    const whole = await lab.engine.resolve(source, { signal, report: () => undefined });
    const [one, other] = names.map((name) => whole.files.find((file) => file.name === name)!);
    const forgotten = async (): Promise<void> => {
      await lab.engine.remove(source.contentId);
      lab.engine.replaceProviders([first]);
      await lab.engine.open(whole, one!, { signal });
    };
    await forgotten();
    lab.engine.replaceProviders([first, second]);
    expect(await drained(await lab.engine.open(whole, other!, { signal }))).toBe(hashOfSource(files[1]!.content));
    await forgotten();
    await expect(lab.engine.open(whole, other!, { signal })).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    for (const article of lacking) lab.news.post(article);
    expect(await drained(await lab.engine.open(whole, other!, { signal }))).toBe(hashOfSource(files[1]!.content));
  });
});

async function drained(file: Awaited<ReturnType<TroubleLab['play']>>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open({ start: 0, end: file.sizeBytes }, { signal })) hash.update(chunk);
  return hash.digest('hex');
}
