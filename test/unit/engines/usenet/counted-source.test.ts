import { describe, expect, it } from '@jest/globals';
import { CountedSource } from '../../../../backend/engines/usenet/counted-source.js';
import { CountedSlots, contentOf, demandOf, LabSource, requestOf } from '../../../support/article-lab.js';

describe('CountedSource', () => {
  const [a, b] = [contentOf('a'), contentOf('b')];
  const lab = (): { source: CountedSource; inner: LabSource } => {
    const inner = Object.assign(new LabSource(new CountedSlots()), { forgetMissing: () => undefined });
    return { inner, source: new CountedSource(inner) };
  };
  const options = { demand: demandOf(), signal: new AbortController().signal };

  it('fetches - are counted for each release, those that fail too', async () => {
    const { source, inner } = lab();
    inner.missing.add('two');
    await source.fetch(requestOf('one', a), options);
    await expect(source.fetch(requestOf('two', a), options)).rejects.toMatchObject({ code: 'ARTICLE_MISSING' });
    await source.exists(requestOf('three', b), options);
    expect([source.countOf(a), source.countOf(b)]).toEqual([2, 0]);
  });

  it('who waits for a fetch - is told once it was handed on, and only of that release', async () => {
    const { source, inner } = lab();
    const told: string[] = [];
    const { signal } = new AbortController();
    const waitingForA = source.untilFetch(a, signal).then(() => told.push(`a after ${inner.asked.length}`));
    const stopping = new AbortController();
    const waitingForB = source.untilFetch(b, stopping.signal).then(() => told.push('b'));
    await source.fetch(requestOf('one', a), options);
    await waitingForA;
    expect(told).toEqual(['a after 1']);
    stopping.abort();
    await waitingForB;
    await source.untilFetch(a, AbortSignal.abort());
    expect(told).toEqual(['a after 1', 'b']);
  });
});
