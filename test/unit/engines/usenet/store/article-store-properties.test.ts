import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BusyError } from '../../../../../backend/content/index.js';
import type { ContentId } from '../../../../../backend/content/index.js';
import type { ContentLease, HeldArticle } from '../../../../../backend/engines/usenet/store/article-store.js';
import { ArticleLab, bytesOf, contentOf, SLOT_BYTES } from '../../../../support/article-lab.js';
import { until } from '../../../../support/until.js';

const MAX_BYTES = 8 * 8192;
const CONTENTS = [contentOf('a'), contentOf('b')] as const;

type Operation = {
  readonly kind: 'get' | 'leave' | 'release' | 'answer' | 'lease' | 'close' | 'remove' | 'wait';
  readonly pick: number;
};

/** Drives a store by random operations, and checks what it gives. */
class Driver {
  readonly held: HeldArticle[] = [];
  readonly leases: ContentLease[] = [];
  private readonly pending = new Map<Promise<void>, AbortController>();
  private answered = 0;

  constructor(private readonly lab: ArticleLab) {}

  async run({ kind, pick }: Operation): Promise<void> {
    const { lab } = this;
    const content = CONTENTS[pick % 2]!;
    if (kind === 'get') this.get(`${content[0]}${pick % 24}`, content);
    if (kind === 'leave')
      [...this.pending.values()][pick % Math.max(1, this.pending.size)]?.abort(new BusyError('left'));
    if (kind === 'release') this.held.splice(pick % Math.max(1, this.held.length), 1)[0]?.release();
    if (kind === 'answer') lab.source.asked[this.answered++]?.answer();
    if (kind === 'lease') this.leases.push(lab.store.openContent(content));
    if (kind === 'close') this.leases.splice(pick % Math.max(1, this.leases.length), 1)[0]?.close();
    if (kind === 'remove' && pick % 4 === 0) await lab.store.remove(content);
    if (kind === 'wait') await lab.clock.advance(pick * 1000);
    this.answered = Math.min(this.answered, lab.source.asked.length);
  }

  /** Everything is answered and let go. */
  async finish(): Promise<void> {
    this.lab.source.isHolding = false;
    for (const asked of this.lab.source.asked) asked.answer();
    await Promise.all(this.pending.keys());
    for (const held of this.held) held.release();
    for (const lease of this.leases) lease.close();
  }

  private get(messageId: string, content: ContentId): void {
    const controller = new AbortController();
    const got = this.lab.get(messageId, content, { signal: controller.signal }).then(
      (held) => {
        expect(bytesOf(messageId).equals(held.bytes)).toBe(true);
        this.held.push(held);
      },
      (error: unknown) => expect(error).toBeInstanceOf(BusyError),
    );
    const settled = got.finally(() => this.pending.delete(settled));
    this.pending.set(settled, controller);
  }
}

describe('article store, whatever is done to it', () => {
  it('article store - gives the right bytes, keeps its bounds, and gives back every slot', async () => {
    const kind = fc.constantFrom(
      ...([
        'get',
        'get',
        'get',
        'answer',
        'answer',
        'release',
        'release',
        'leave',
        'lease',
        'close',
        'remove',
        'wait',
      ] as const),
    );
    const operations = fc.array(fc.record({ kind, pick: fc.nat(47) }), { minLength: 1000, maxLength: 1000 });
    const property = fc.asyncProperty(operations, fc.integer({ min: 1, max: 6 }), async (all, packArticles) => {
      const lab = await ArticleLab.open({ maxBytes: MAX_BYTES, memoryBytes: 4 * SLOT_BYTES, packArticles });
      lab.source.isHolding = true;
      const driver = new Driver(lab);
      for (const operation of all) {
        await driver.run(operation);
        expect(lab.cache.usedBytes).toBeLessThanOrEqual(MAX_BYTES);
      }
      await driver.finish();
      const isOver = async (): Promise<boolean> => {
        await lab.clock.advance(1000);
        return lab.slots.out.size === 0;
      };
      await until('all slots are back', isOver, { everyMs: 2 });
      const [a, b] = await Promise.all(CONTENTS.map((content) => lab.bytesOnDisk(content)));
      expect(lab.cache.usedBytes).toBe(a! + b!);
      expect(await lab.close()).toBe(0);
    });
    await fc.assert(property, { numRuns: 5, endOnFailure: true });
  });
});
