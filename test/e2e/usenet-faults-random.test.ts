// A thousand random faults of two news servers in one run: the film comes whole, and neither server ever has more connections
// than were configured.

import { afterEach, describe, expect, it } from '@jest/globals';

import {
  makePost,
  pseudoRandomSource,
  randomNumbers,
  type ArticleFault,
  type FaultScript,
} from '../../scripts/lab/index.js';

import { HurriedClock } from '../support/hurried-clock.js';
import { until } from '../support/until.js';
import { hashOfFile, hashOfSource, openTroubleLab, type TroubleLab } from '../support/usenet-server.js';

const FAULTS = 1000;
const ARTICLES = 400;
const PART_BYTES = 1500;
/** Each of these holds a connection for many seconds. */
const SILENT_SHARE = 0.01;
const silent: readonly ArticleFault[] = [{ kind: 'stall', afterBytes: 300 }, { kind: 'never' }];

describe('a thousand random faults', () => {
  let lab: TroubleLab | null = null;
  let isLayoutProven = false;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  /** Falls on so many of the articles, on each at most once. */
  function faulty(kinds: readonly ArticleFault[], share: number, given: { count: number }): FaultScript {
    const random = randomNumbers(Math.round(share * 100));
    const spoilt = new Set<string>();
    return ({ messageId, command }) => {
      if (command !== 'BODY' || spoilt.has(messageId) || random() > share) return null;
      const among = random() < SILENT_SHARE ? silent : kinds;
      const fault = among[Math.floor(random() * among.length)] ?? null;
      // Two that lie while nothing is known of a file yet make it one of uneven parts.
      if (fault?.kind === 'wrongPart' && !isLayoutProven) return null;
      spoilt.add(messageId);
      given.count += 1;
      return fault;
    };
  }

  it('the bytes are right, and connections stay within what is configured', async () => {
    const given = { count: 0 };
    const passing: ArticleFault[] = [
      { kind: 'cut', afterBytes: 700 },
      { kind: 'cut', afterBytes: 0 },
      { kind: 'split', at: 90 },
    ];
    const lasting: ArticleFault[] = [
      { kind: 'missing' },
      { kind: 'corrupt' },
      { kind: 'wrongPart' },
      { kind: 'lyingSize' },
    ];
    const first = faulty([...passing, ...lasting], 0.6, given);
    lab = await openTroubleLab({
      server: { faults: first },
      backup: { faults: faulty([...passing, { kind: 'limit' }, { kind: 'trickle' }], 0.25, given) },
      engine: { clock: new HurriedClock(2) },
    });
    for (let round = 0; given.count < FAULTS; round += 1) {
      const content = pseudoRandomSource(`round ${String(round)}`, ARTICLES * PART_BYTES - 77);
      const name = `Film.${String(round)}.mkv`;
      const post = makePost([{ name, content }], { seed: name, partBytes: PART_BYTES });
      isLayoutProven = false;
      const file = await lab.playPost(post);
      await hashOfFile(file, { start: file.sizeBytes - 1 });
      isLayoutProven = true;
      expect(await hashOfFile(file)).toBe(hashOfSource(content));
    }
    expect(lab.news.counts.highestOpen).toBeLessThanOrEqual(4);
    expect(lab.backup.counts.highestOpen).toBeLessThanOrEqual(2);
    const { engine } = lab;
    await until('nothing is under way', () => engine.providers().every(({ connections }) => connections.busy === 0));
  });
});
