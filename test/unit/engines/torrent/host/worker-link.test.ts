import { beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { WorkerLink } from '../../../../../backend/engines/torrent/host/worker-link.js';
import type { FromWorker, ToWorker } from '../../../../../backend/engines/torrent/protocol.js';
import { createLogger } from '../../../../../backend/platform/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { FakeWorker } from './fake-worker.js';

const infoHash = 'a'.repeat(40) as InfoHash;
const close = (call: number): ToWorker => ({ type: 'close', infoHash, deletesFiles: false, call });

describe('worker link', () => {
  let clock: ManualClock;
  let workers: FakeWorker[];
  let events: string[];
  let heard: FromWorker[];
  let link: WorkerLink;
  beforeEach(() => {
    clock = new ManualClock();
    workers = [];
    events = [];
    heard = [];
    link = new WorkerLink({
      settings: {
        connectionLimit: 1,
        downloadLimit: 0,
        uploadLimit: 0,
        isDiscoveryDisabled: true,
        port: 0,
        host: '127.0.0.1',
        portMapping: false,
        allowPrivate: true,
        proxyUrl: null,
      },
      clock,
      log: createLogger({ level: 'silent', format: 'json' }),
      events: {
        message: (message) => heard.push(message),
        started: () => events.push('started'),
        lost: () => events.push('lost'),
      },
      createWorker: () => {
        const worker = new FakeWorker();
        worker.answersCalls = false;
        workers.push(worker);
        return worker.asWorker();
      },
    });
  });

  /** The newest worker, listening. */
  function ready(): FakeWorker {
    link.start();
    const worker = workers.at(-1)!;
    worker.say({ type: 'ready' });
    return worker;
  }

  it('worker link - starts one worker, however often it is asked to', () => {
    link.start();
    link.start();
    ready();
    expect([workers.length, events]).toEqual([1, ['started']]);
  });

  it('worker link - sends nothing to a worker that does not listen yet', async () => {
    link.start();
    link.post({ type: 'space', bytes: 1 });
    await expect(link.call(close)).rejects.toMatchObject({ code: 'UPSTREAM' });
    const worker = ready();
    link.post({ type: 'space', bytes: 2 });
    expect(worker.messages).toEqual([{ type: 'space', bytes: 2 }]);
  });

  it('worker link - ends each call with its own answer', async () => {
    const worker = ready();
    const calls = [link.call(close), link.call(close), link.call(close)];
    worker.answer(worker.messages[2]);
    worker.answer(worker.messages[0], 'no such file');
    worker.answer(worker.messages[1]);
    worker.say({ type: 'done', call: 99, error: null });
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(heard).toEqual([]);
  });

  it('worker link - passes on what the worker tells', () => {
    const worker = ready();
    worker.say({ type: 'needSpace', bytes: 5 });
    expect(heard).toEqual([{ type: 'needSpace', bytes: 5 }]);
  });

  it('worker link - starts a dead worker again, fails what it left undone, and says both', async () => {
    const first = ready();
    const call = link.call(close);
    first.die();
    await expect(call).rejects.toMatchObject({ code: 'UPSTREAM' });
    expect(events).toEqual(['started', 'lost']);
    link.post({ type: 'space', bytes: 1 });
    link.start();
    expect(workers).toHaveLength(1);
    await clock.advance(50);
    expect(workers).toHaveLength(2);
    workers[1]!.say({ type: 'ready' });
    expect(events).toEqual(['started', 'lost', 'started']);
    expect(workers[1]!.messages).toEqual([]);
  });

  it('worker link - gives a worker that dies again and again ever more time, up to ten seconds', async () => {
    link.start();
    const waits: number[] = [];
    for (let death = 0; death < 12; death++) {
      workers.at(-1)!.die();
      const count = workers.length;
      const since = clock.now();
      while (workers.length === count) await clock.advance(50);
      waits.push(clock.now() - since);
    }
    expect(waits.slice(0, 4)).toEqual([50, 100, 200, 400]);
    expect(waits.at(-1)).toBe(10_000);
  });

  it('worker link - a worker that lived for long is started again at once', async () => {
    ready().die();
    await clock.advance(50);
    workers[1]!.die();
    await clock.advance(100);
    await clock.advance(120_000);
    workers[2]!.die();
    await clock.advance(50);
    expect(workers).toHaveLength(4);
  });

  it('worker link - closed, lets the worker put everything in order first', async () => {
    const worker = ready();
    const closed = Promise.all([link.close(), link.close()]);
    expect(worker.types).toEqual(['stop']);
    expect(worker.isTerminated).toBe(false);
    worker.answer();
    await closed;
    expect([worker.isTerminated, clock.pending]).toEqual([true, 0]);
    await clock.advance(60_000);
    link.start();
    expect([workers.length, clock.pending, events]).toEqual([1, 0, ['started']]);
  });

  it('worker link - closed, gives a worker that does not answer five seconds', async () => {
    const worker = ready();
    let isClosed = false;
    const closed = link.close().then(() => (isClosed = true));
    await clock.advance(4900);
    expect([isClosed, worker.isTerminated]).toEqual([false, false]);
    await clock.advance(200);
    await closed;
    expect(worker.isTerminated).toBe(true);
  });

  it('worker link - closed before it was started, or while a dead worker is about to be, starts none', async () => {
    await link.close();
    link.start();
    expect(workers).toEqual([]);
  });

  it('worker link - closed after its worker died, does not start another', async () => {
    ready().die();
    await link.close();
    await clock.advance(60_000);
    expect(workers).toHaveLength(1);
  });
});
