import { describe, expect, it } from '@jest/globals';
import { outlookOf } from '../../../../addon/play/swarm-outlook.js';
import type { ContentId } from '../../../../backend/content/index.js';
import { infoHashOf } from '../../../support/candidates.js';

const contentId = infoHashOf('a');
const status = (connected: number, isDeserted = false, { queued = 0, seen = 0 } = {}) => ({
  fileHaveBytes: [],
  peers: { connected, queued, seen },
  isDeserted,
});

describe('swarm outlook', () => {
  const look = (held: ReturnType<typeof status> | null, isCountedOut = false, id: ContentId | null = contentId) =>
    outlookOf({ contentId: id }, { torrents: { status: () => held }, discovery: { isDeserted: () => isCountedOut } });

  it('nobody there - by the tracker that was asked to join, or by the last count', () => {
    expect(look(status(0, true))).toBe('deserted');
    expect(look(status(0), true)).toBe('deserted');
  });

  it('nobody connected yet - is alone; somebody connected - is hopeful whatever trackers say', () => {
    expect(look(status(0))).toBe('alone');
    expect(look(status(1, true), true)).toBe('hopeful');
  });

  it('somebody is being dialled, or was met - counts more than a tracker that counted nobody some time ago', () => {
    expect(look(status(0, false, { queued: 1 }), true)).toBe('alone');
    expect(look(status(0, false, { seen: 1 }), true)).toBe('alone');
    expect(look(status(0, true, { seen: 1 }), true)).toBe('deserted');
  });

  it('what is no torrent, or not looked into yet - is hopeful', () => {
    expect(look(status(0, true), true, 'f'.repeat(64) as ContentId)).toBe('hopeful');
    expect(look(status(0, true), true, null)).toBe('hopeful');
    expect(look(null, true)).toBe('hopeful');
  });
});
