import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContentId } from '../../../backend/content/index.js';
import { DocumentKeeper, type DocumentKeeperOptions } from '../../../backend/jobs/document-keeper.js';
import { ManualClock } from '../../support/manual-clock.js';
import { NotedLog } from '../../support/noted-log.js';

const DAY_MS = 86400e3;
const documentOf = (letter: string): ContentId => letter.repeat(64) as ContentId;

describe('documents', () => {
  let clock: ManualClock;
  let log: NotedLog;
  let kept: Map<ContentId, number>;
  let needed: Set<ContentId>;
  let keeper: DocumentKeeper;

  beforeEach(() => {
    clock = new ManualClock();
    log = new NotedLog();
    kept = new Map();
    needed = new Set();
  });
  afterEach(() => keeper.close());

  async function begin(more: Partial<DocumentKeeperOptions> = {}): Promise<void> {
    keeper = new DocumentKeeper({
      async *list() {
        for (const [contentId, keptAt] of [...kept]) yield await Promise.resolve({ contentId, keptAt });
      },
      isNeeded: (contentId) => needed.has(contentId),
      remove: (contentId) => Promise.resolve(void kept.delete(contentId)),
      clock,
      log,
      ...more,
    });
    keeper.start();
    await clock.advance(0);
  }

  it('of what came to nothing a week ago - go; what something is made from stays, and what came since', async () => {
    const [idle, inUse, fresh] = ['a', 'b', 'c'].map(documentOf) as [ContentId, ContentId, ContentId];
    kept = new Map([
      [idle, clock.now() - 7 * DAY_MS],
      [inUse, clock.now() - 70 * DAY_MS],
      [fresh, clock.now() - 7 * DAY_MS + 1000],
    ]);
    needed.add(inUse);
    await begin();
    expect([...kept.keys()]).toEqual([inUse, fresh]);
    await clock.advance(DAY_MS);
    expect([...kept.keys()]).toEqual([inUse]);
    needed.delete(inUse);
    await clock.advance(DAY_MS);
    expect(kept.size).toBe(0);
    expect(log.messages).toContain('NZBs that nothing was made from were removed');
  });

  it('a folder that cannot be read - is told of, and looked into again', async () => {
    let fails = true;
    kept.set(documentOf('a'), clock.now() - 8 * DAY_MS);
    await begin({
      remove: (contentId) => (fails ? Promise.reject(new Error('EIO')) : Promise.resolve(void kept.delete(contentId))),
    });
    expect(log.messages).toContain('NZBs that nothing is made from could not be removed');
    fails = false;
    await clock.advance(DAY_MS);
    expect(kept.size).toBe(0);
  });
});
