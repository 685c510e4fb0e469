import { beforeEach, describe, expect, it } from '@jest/globals';

import { StreamSessions } from '../../../backend/delivery/stream-sessions.js';
import { ManualClock } from '../../support/manual-clock.js';
import { MemoryMediaFile } from '../../support/memory-media-file.js';

const FAILURE = { code: 'STALLED', message: 'No data came.' };
const file = new MemoryMediaFile(new Uint8Array(1000));

let clock: ManualClock;
let sessions: StreamSessions;

beforeEach(() => {
  clock = new ManualClock();
  sessions = new StreamSessions(clock);
});

describe('stream sessions', () => {
  it('stream sessions - tell position, bytes and state as they go', () => {
    const session = sessions.open(file, '192.0.2.1', () => undefined);
    session.waitingAt(100);
    session.sending();
    session.sent(50);
    expect(sessions.list()).toMatchObject([
      {
        id: session.id,
        state: 'sending',
        position: 150,
        bytesSent: 50,
        bytesPerSecond: 50,
        clientAddress: '192.0.2.1',
      },
    ]);
    sessions.close(session, null);
    expect(sessions.list()).toEqual([]);
  });

  it('stream sessions - end is for one that runs', () => {
    let ended = 0;
    const session = sessions.open(file, '', () => (ended += 1));
    expect([sessions.end(session.id), sessions.end('other'), ended]).toEqual([true, false, 1]);
  });

  it('stream sessions - a failure stays visible for ten minutes', async () => {
    const session = sessions.open(file, '', () => undefined);
    sessions.close(session, FAILURE);
    sessions.close(session, FAILURE);
    expect(sessions.list()).toMatchObject([{ state: 'failed', failure: FAILURE, endedAt: clock.now() }]);
    await clock.advance(10 * 60_000);
    expect(sessions.list()).toEqual([]);
  });

  it('stream sessions - the oldest failures go first, when full', () => {
    const opened = Array.from({ length: 60 }, () => sessions.open(file, '', () => undefined));
    for (const session of opened) sessions.close(session, FAILURE);
    expect(sessions.list().map(({ id }) => id)).toEqual(opened.slice(10).map(({ id }) => id));
  });
});
