import { describe, expect, it } from '@jest/globals';
import { GoneError, UnplayableError } from '../../../../backend/content/index.js';
import { attemptLab as lab, hashOf, HOLD_MS } from './attempt-lab.js';

describe('play attempt', () => {
  it('what was pressed plays - and nothing else is touched', async () => {
    const { jobs, clock, press } = lab(['b']);
    const { end } = press();
    await clock.advance(100);
    jobs.put('a', 'streamable');
    expect(await end).toMatchObject({ kind: 'streamable', job: { id: 'a' } });
    await clock.advance(60_000);
    expect(jobs.prepared).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  it('what was pressed is dead - the next best plays, and seeks stay on it', async () => {
    const { jobs, clock, press, attempts } = lab(['b', 'c']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'ARTICLE_MISSING');
    await clock.advance(10);
    jobs.put('b', 'streamable');
    expect(await end).toMatchObject({ kind: 'streamable', job: { id: 'b' } });
    expect(attempts.chosenFor('/play/a')).toMatchObject({ contentId: hashOf('b'), state: 'streamable' });
    expect(await press().end).toMatchObject({ kind: 'streamable', job: { id: 'b' } });
    expect(jobs.prepared).toEqual(['a', 'b', 'b']);
  });

  it('known to be dead - is not even tried', async () => {
    const { jobs, clock, press } = lab(['b']);
    const { end } = press('/play/a', 'articles-missing');
    await clock.advance(10);
    jobs.put('b', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'b' } });
    expect(jobs.prepared).toEqual(['b']);
  });

  it('nothing comes for a while - the next best is prepared beside it, and who is first plays', async () => {
    const { jobs, clock, press } = lab(['b']);
    const { end } = press();
    await clock.advance(5_900);
    expect(jobs.prepared).toEqual(['a']);
    await clock.advance(200);
    expect(jobs.prepared).toEqual(['a', 'b']);
    jobs.put('b', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'b' } });
  });

  it('nobody has it - the next best is prepared after a moment, and the first may still come', async () => {
    const { jobs, clock, log, press } = lab(['b']);
    jobs.outlooks.set('a', 'deserted');
    const { end } = press();
    await clock.advance(1_400);
    expect(jobs.prepared).toEqual(['a']);
    await clock.advance(200);
    expect(jobs.prepared).toEqual(['a', 'b']);
    expect(log.lines.at(-1)?.fields).toEqual({ tried: 2, because: 'deserted' });
    jobs.put('a', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'a' } });
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  it('nobody is connected - is left sooner than one that is met by somebody, and later than one nobody has', async () => {
    const { jobs, clock, press } = lab(['b']);
    jobs.outlooks.set('a', 'alone');
    void press().end;
    await clock.advance(2_900);
    expect(jobs.prepared).toEqual(['a']);
    await clock.advance(200);
    expect(jobs.prepared).toEqual(['a', 'b']);
  });

  it('nobody has it, and there is nothing else - is waited for', async () => {
    const { jobs, clock, press } = lab();
    jobs.outlooks.set('a', 'deserted');
    const { end } = press();
    await clock.advance(7_000);
    jobs.put('a', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'a' } });
  });

  it('many that nobody has - take no place from one that may play', async () => {
    const { jobs, clock, press } = lab([...'bcdef']);
    for (const digit of 'abcd') jobs.outlooks.set(digit, 'deserted');
    const { end } = press();
    await clock.advance(7_000);
    expect(jobs.prepared).toEqual([...'abcde']);
    jobs.put('e', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'e' } });
  });

  it('many that nobody is met of - take no place from one that may play', async () => {
    const { jobs, clock, press } = lab([...'bcdef']);
    for (const digit of 'abcd') jobs.outlooks.set(digit, 'alone');
    void press().end;
    await clock.advance(HOLD_MS - 1);
    const { end } = press();
    await clock.advance(5_000);
    expect(jobs.prepared).toEqual([...'abcde']);
    jobs.put('e', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'e' } });
  });

  it('three that turn out to be left by everybody long after they began - give way to a fourth', async () => {
    const { jobs, clock, press } = lab([...'bcde']);
    void press().end;
    await clock.advance(HOLD_MS - 1);
    void press().end;
    await clock.advance(HOLD_MS - 1);
    void press().end;
    await clock.advance(5_000);
    expect(jobs.prepared).toEqual([...'abc']);
    for (const digit of 'abc') jobs.outlooks.set(digit, 'deserted');
    await clock.advance(500);
    expect(jobs.prepared).toEqual([...'abcd']);
  });

  it('somebody is met after all - takes its place again', async () => {
    const { jobs, clock, press } = lab([...'bcde']);
    jobs.outlooks.set('a', 'deserted');
    void press().end;
    await clock.advance(HOLD_MS - 1);
    jobs.outlooks.set('a', 'hopeful');
    void press().end;
    await clock.advance(HOLD_MS - 1);
    expect(jobs.prepared).toEqual([...'abc']);
  });

  it('a place gets free while nobody waits - is filled once somebody comes back', async () => {
    const { jobs, clock, press } = lab([...'bcde']);
    for (let hold = 0; hold < 3; hold += 1) {
      void press().end;
      await clock.advance(HOLD_MS);
    }
    expect(jobs.prepared).toEqual([...'abc']);
    jobs.outlooks.set('a', 'deserted');
    await clock.advance(2_000);
    expect(jobs.prepared).toEqual([...'abc']);
    void press().end;
    await clock.advance(10);
    expect(jobs.prepared).toEqual([...'abcd']);
  });

  it('what was tried beside it fails first - the reason is that of what was pressed all the same', async () => {
    const { jobs, clock, press } = lab(['b']);
    const { end } = press();
    await clock.advance(7_000);
    jobs.put('b', 'failed', 'ARCHIVE_PASSWORD');
    await clock.advance(10);
    jobs.put('a', 'failed', 'NO_PEERS');
    expect(await end).toMatchObject({ kind: 'failed', reason: 'no-peers' });
  });

  it('bytes were sent - nothing else is tried in its place, until somebody begins anew', async () => {
    const { jobs, clock, press, attempts } = lab(['b', 'c']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'ARTICLE_MISSING');
    await clock.advance(10);
    jobs.put('b', 'streamable');
    await end;
    jobs.forget('b');
    jobs.outlooks.set('b', 'deserted');
    const seek = press();
    await clock.advance(7_000);
    jobs.put('b', 'failed', 'NO_PEERS');
    expect(await seek.end).toMatchObject({ kind: 'failed', reason: 'no-peers' });
    expect(jobs.prepared).toEqual(['a', 'b', 'b']);
    expect(attempts.failureOf('/play/a')).toBeNull();
    void press('/play/a', 'articles-missing').end;
    await clock.advance(10);
    expect(jobs.prepared.slice(3)).toEqual(['b', 'c']);
  });

  it('what was chosen was removed - is gone, and nothing is prepared', async () => {
    const { jobs, clock, press } = lab(['b', 'c']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'ARTICLE_MISSING');
    await clock.advance(10);
    jobs.put('b', 'streamable');
    await end;
    jobs.removed.add(hashOf('b'));
    expect(() => press()).toThrow(GoneError);
    expect(jobs.prepared).toEqual(['a', 'b']);
  });

  it('a preparation that finds out that its content was removed - is gone; as an alternative it is passed over', async () => {
    const { jobs, clock, press } = lab(['b', 'c']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'GONE');
    expect(await end).toMatchObject({ kind: 'failed', error: { code: 'GONE' } });
    expect(jobs.prepared).toEqual(['a']);
    const other = press('/play/other', 'articles-missing');
    await clock.advance(10);
    jobs.put('b', 'failed', 'GONE');
    await clock.advance(10);
    jobs.put('c', 'streamable');
    expect(await other.end).toMatchObject({ job: { id: 'c' } });
  });

  it('it fails while the next best is still looked for - nothing is tried twice, and the one after it comes too', async () => {
    let found = (): void => undefined;
    const { jobs, clock, press } = lab(['b', 'c'], true, new Promise((resolve) => (found = resolve)));
    void press().end;
    await clock.advance(6_000);
    jobs.put('a', 'failed', 'NO_PEERS');
    await clock.advance(10);
    found();
    await clock.advance(10);
    expect(jobs.prepared).toEqual(['a', 'b', 'c']);
  });

  it('bytes are coming - it gets twice the time', async () => {
    const { jobs, clock, press } = lab(['b']);
    void press().end;
    await clock.advance(100);
    jobs.put('a', 'downloading');
    await clock.advance(7_000);
    expect(jobs.prepared).toEqual(['a']);
    void press().end;
    await clock.advance(6_000);
    expect(jobs.prepared).toEqual(['a', 'b']);
  });

  it('nothing plays - the reason is that of what was pressed, and is told again without another try', async () => {
    const { jobs, clock, press, attempts } = lab(['b', 'c']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'ARCHIVE_PASSWORD');
    for (const digit of ['b', 'c']) {
      await clock.advance(10);
      jobs.put(digit, 'failed', 'NO_PEERS');
    }
    expect(await end).toMatchObject({ kind: 'failed', reason: 'archive' });
    expect(attempts.failureOf('/play/a')).toBe('archive');
    await clock.advance(150_000);
    expect(attempts.failureOf('/play/a')).toBeNull();
  });

  it('ready since before a restart, and not to be had any more - gives way to the next best', async () => {
    const { jobs, clock, press, attempts } = lab(['b']);
    jobs.put('a', 'streamable');
    jobs.unopened.set('a', new UnplayableError('Too much is missing.', 'ARTICLE_MISSING'));
    const { end } = press();
    await clock.advance(10);
    jobs.put('b', 'streamable');
    expect(await end).toMatchObject({ job: { id: 'b' } });
    expect(attempts.chosenFor('/play/a')).toMatchObject({ id: 'b' });
  });

  it('without failover - what was pressed is all there is', async () => {
    const { jobs, clock, press } = lab(['b'], false);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'NO_PEERS');
    expect(await end).toMatchObject({ kind: 'failed', reason: 'no-peers' });
    expect(jobs.prepared).toEqual(['a']);
  });

  it('one tap, twenty requests - share one attempt', async () => {
    const { jobs, clock, press } = lab(['b']);
    const ends = Array.from({ length: 20 }, () => press().end);
    await clock.advance(10);
    jobs.put('a', 'failed', 'NO_PEERS');
    await clock.advance(10);
    jobs.put('b', 'streamable');
    for (const end of await Promise.all(ends)) expect(end).toMatchObject({ job: { id: 'b' } });
    expect(jobs.prepared).toEqual(['a', 'b']);
  });

  it('hold - is over before anything plays; the attempt goes on for the next request', async () => {
    const { jobs, clock, press } = lab();
    const first = press();
    await clock.advance(HOLD_MS);
    expect(await first.end).toBeNull();
    const second = press();
    expect(second.attempt).toBe(first.attempt);
    jobs.put('a', 'streamable');
    expect(await second.end).toMatchObject({ job: { id: 'a' } });
  });

  it('nobody waits any more - nothing else is tried until somebody comes back', async () => {
    const { jobs, clock, press } = lab(['b']);
    const leaving = new AbortController();
    const { end } = press('/play/a', null, leaving.signal);
    await clock.advance(10);
    leaving.abort(new Error('gone'));
    await expect(end).rejects.toThrow('gone');
    jobs.put('a', 'failed', 'NO_PEERS');
    await clock.advance(20_000);
    expect(jobs.prepared).toEqual(['a']);
    const back = press();
    await clock.advance(10);
    jobs.put('b', 'streamable');
    expect(await back.end).toMatchObject({ job: { id: 'b' } });
  });

  it('an attempt nobody comes back to - is given up', async () => {
    const { clock, press } = lab();
    const { attempt, end } = press();
    await clock.advance(HOLD_MS);
    await end;
    await clock.advance(50_000);
    expect(press().attempt).not.toBe(attempt);
  });

  it('what was removed - is an error of its own where nothing else is there', async () => {
    const { jobs, clock, press } = lab();
    jobs.refusal = new GoneError('removed');
    const { end } = press();
    await clock.advance(10);
    expect(await end).toMatchObject({ kind: 'failed', error: jobs.refusal });
  });

  it('a passing trouble - is no reason to try others', async () => {
    const { jobs, clock, press, attempts } = lab(['b']);
    const { end } = press();
    await clock.advance(10);
    jobs.put('a', 'failed', 'STORAGE_FULL');
    expect(await end).toMatchObject({ kind: 'failed', reason: 'busy' });
    expect(jobs.prepared).toEqual(['a']);
    expect(attempts.failureOf('/play/a')).toBeNull();
  });

  it('tries - are eight at most, three at once', async () => {
    const { jobs, clock, press } = lab([...'bcdef0123456']);
    const first = press();
    await clock.advance(7_000);
    await clock.advance(999);
    expect(jobs.prepared).toEqual(['a', 'b']);
    void press().end;
    await clock.advance(6_000);
    void press().end;
    await clock.advance(6_000);
    expect(jobs.prepared.length).toBe(3);
    void press().end;
    for (const digit of [...'abcdef01234']) {
      jobs.put(digit, 'failed', 'NO_PEERS');
      await clock.advance(10);
    }
    expect(first.attempt.end).toMatchObject({ kind: 'failed', reason: 'no-peers' });
    expect(jobs.prepared.length).toBe(8);
  });
});
