// How delivery behaves while bytes flow: errors, stalls, slow and vanishing clients; against a real server on loopback.

import { EventEmitter, getEventListeners, once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  AccessError,
  BusyError,
  ClosedError,
  CorruptDataError,
  GoneError,
  NotFoundError,
  StorageFullError,
  TimeoutError,
  UnplayableError,
  UnsupportedError,
  UpstreamError,
} from '../../backend/content/index.js';
import type { MediaFile } from '../../backend/content/index.js';
import { DeliveryLab, STALL_MS, sha256 } from '../support/delivery-lab.js';
import { ask, open } from '../support/http.js';
import { MemoryMediaFile, untilAborted, type BeforeChunk, type MemoryReader } from '../support/memory-media-file.js';
import { pseudoRandomBytes } from '../support/pseudo-random.js';
import { until } from '../support/until.js';

const MIB = 1024 * 1024;
const original = pseudoRandomBytes('delivery behaviour', 2 * MIB + 77);

let lab: DeliveryLab;

beforeEach(async () => {
  lab = await DeliveryLab.start();
});
afterEach(() => lab.close());

const fileWith = (beforeChunk: BeforeChunk): MemoryMediaFile => new MemoryMediaFile(original, { beforeChunk });

/** A file whose upstream falls silent at `position`. */
const silentAt = (position: number): MemoryMediaFile =>
  fileWith((at, signal) => (at >= position ? untilAborted(signal) : undefined));

const failingAt = (position: number, error: unknown): MemoryMediaFile =>
  fileWith((at) => {
    if (at >= position) throw error;
  });

/** Reads an answer to its end, however it ends. */
async function readCut(response: IncomingMessage): Promise<{ bytes: number; isComplete: boolean }> {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => (bytes += chunk.length));
  response.on('error', () => undefined);
  await new Promise((resolve) => response.on('close', resolve));
  return { bytes, isComplete: response.complete };
}

describe('delivery, errors before the first byte', () => {
  it.each([
    ['NotFoundError', new NotFoundError('No such file.'), 404, 'NOT_FOUND', undefined],
    ['GoneError', new GoneError('It was removed.'), 410, 'GONE', undefined],
    ['UnplayableError', new UnplayableError('No video.', 'NO_VIDEO'), 422, 'NO_VIDEO', undefined],
    ['AccessError', new AccessError('No.', 'FORBIDDEN'), 403, 'FORBIDDEN', undefined],
    ['UnsupportedError', new UnsupportedError('Not here.'), 501, 'UNSUPPORTED', undefined],
    ['CorruptDataError', new CorruptDataError('Bad hash.'), 502, 'CORRUPT', undefined],
    ['BusyError', new BusyError('Not ready.', 7), 503, 'BUSY', '7'],
    ['UpstreamError', new UpstreamError('No peer answers.', 'UPSTREAM'), 503, 'UPSTREAM', '5'],
    ['TimeoutError', new TimeoutError('Too late.'), 503, 'TIMEOUT', '5'],
    ['ClosedError', new ClosedError(), 503, 'CLOSED', '5'],
    ['StorageFullError', new StorageFullError('The disk is full.'), 507, 'STORAGE_FULL', undefined],
  ])('delivery - %s is a status with JSON', async (_name, error, status, code, retryAfter) => {
    const answer = await ask(lab.put(failingAt(0, error)), { headers: { range: 'bytes=5-' } });
    expect([answer.status, answer.headers['retry-after']]).toEqual([status, retryAfter]);
    expect(JSON.parse(answer.body.toString())).toEqual({ error: error.message, code });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(answer.headers).not.toHaveProperty('etag');
    expect(answer.headers).not.toHaveProperty('content-range');
  });

  it('delivery - an error of our own making says nothing of what is inside', async () => {
    const answer = await ask(lab.put(failingAt(0, new Error('ENOENT /secret/place'))));
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body.toString())).toEqual({
      error: 'Something went wrong on the server.',
      code: 'INTERNAL',
    });
    expect(lab.alarms.map(({ level }) => level)).toEqual(['error']);
  });

  it('delivery - a dialect shapes the errors its own way', async () => {
    const errorBody = ({ code, message, status }: { code: string; message: string; status: number }): unknown => ({
      error_kind: code.toLowerCase(),
      human_readable: message,
      status,
    });
    const url = lab.put(failingAt(0, new NotFoundError('No such file.')), { errorBody });
    expect(JSON.parse((await ask(url)).body.toString())).toEqual({
      error_kind: 'not_found',
      human_readable: 'No such file.',
      status: 404,
    });
    const outside = await ask(url, { headers: { range: 'bytes=99999999-' } });
    expect(JSON.parse(outside.body.toString())).toMatchObject({ error_kind: 'range', status: 416 });
  });

  it('delivery - HEAD does not meet them: nothing is opened for it', async () => {
    const file = failingAt(0, new GoneError('It was removed.'));
    expect((await ask(lab.put(file), { method: 'HEAD' })).status).toBe(200);
    expect(file.readers).toHaveLength(0);
  });

  it('delivery - an upstream that never sends a first byte is answered with 503 and when to come back', async () => {
    const file = silentAt(0);
    const answering = ask(lab.put(file));
    await once(file, 'opened');
    await lab.clock.advance(STALL_MS);
    const answer = await answering;
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'STALLED' });
  });
});

describe('delivery, errors after the first byte', () => {
  it('delivery - a failing upstream cuts the connection, is logged once and stays visible', async () => {
    const url = lab.put(failingAt(MIB, new CorruptDataError('Piece 9 is bad.')));
    const { bytes, isComplete } = await readCut(await open(url));
    expect([bytes <= MIB, isComplete]).toEqual([true, false]);
    expect(lab.alarms.map(({ fields }) => fields['code'])).toEqual(['CORRUPT']);
    expect(lab.delivery.sessions()).toMatchObject([{ state: 'failed', failure: { code: 'CORRUPT' }, position: MIB }]);
  });

  it.each([
    ['ends before its length', original.length + 1, 'ENDED_EARLY'],
    ['goes on past its length', original.length - 1, 'TOO_MANY_BYTES'],
  ])('delivery - a file that %s is never ended cleanly', async (_title, sizeBytes, code) => {
    const { id, name, modifiedAt } = new MemoryMediaFile(original);
    const lying: MediaFile = {
      ...{ id, name, modifiedAt, sizeBytes },
      open: (_range, o) => new MemoryMediaFile(original).open({ start: 0, end: original.length }, o),
    };
    expect((await readCut(await open(lab.put(lying)))).isComplete).toBe(false);
    expect(lab.alarms.map(({ fields }) => fields['code'])).toEqual([code]);
  });

  it('delivery - a stalled upstream cuts the connection at the deadline and not before', async () => {
    const file = silentAt(MIB);
    const response = await open(lab.put(file));
    const reading = readCut(response);
    await until('the reader waits', () => lab.delivery.sessions()[0]?.position === MIB);
    await lab.clock.advance(STALL_MS - 1);
    expect([lab.pending, file.openReaders]).toEqual([1, 1]);
    await lab.clock.advance(1);
    expect(await reading).toEqual({ bytes: MIB, isComplete: false });
    await lab.settled();
    expect(file.openReaders).toBe(0);
    expect(lab.alarms.map(({ fields }) => [fields['code'], fields['position']])).toEqual([['STALLED', MIB]]);
    expect(lab.delivery.sessions()).toMatchObject([{ state: 'failed', failure: { code: 'STALLED' } }]);
  });

  it('delivery - each byte that arrives begins the deadline anew', async () => {
    const gates: (() => void)[] = [];
    const file = fileWith((at) => (at < MIB ? undefined : new Promise((resolve) => gates.push(resolve))));
    const answering = ask(lab.put(file));
    for (let left = original.length - MIB; left > 0; left -= 64 * 1024) {
      const gate = await until('the reader waits', () => gates.shift() ?? null, { everyMs: 1 });
      await lab.clock.advance(STALL_MS - 1);
      gate();
    }
    expect(sha256((await answering).body)).toBe(sha256(original));
    expect([lab.alarms, lab.clock.pending]).toEqual([[], 0]);
  });
});

describe('delivery, clients', () => {
  const large = pseudoRandomBytes('delivery large', 48 * MIB);

  it('delivery - a slow client stops the reader, is no stall, and gets every byte in the end', async () => {
    const file = new MemoryMediaFile(large, { chunkBytes: MIB });
    const response = await open(lab.put(file));
    const pulled = await standsStill(file);
    await lab.clock.advance(20 * STALL_MS);
    expect(file.pulledBytes).toBe(pulled);
    expect(pulled).toBeLessThan(24 * MIB);
    expect(lab.delivery.sessions()).toMatchObject([{ state: 'sending' }]);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(large));
    expect(lab.alarms).toEqual([]);
  });

  it.each([
    ['before the first byte', 0],
    ['while upstream is silent', MIB],
  ])('delivery - a client gone %s releases its reader at once, without a word', async (_title, position) => {
    const file = silentAt(position);
    const socket = await send(`GET ${new URL(lab.put(file)).pathname} HTTP/1.1\r\nHost: a\r\n\r\n`);
    socket.resume();
    await until('the reader waits', () => lab.delivery.sessions()[0]?.position === position);
    const released = once(file, 'released') as Promise<[MemoryReader]>;
    socket.destroy();
    const [reader] = await released;
    await lab.settled();
    expect([reader.signal.aborted, reader.isReturned]).toEqual([true, true]);
    expect([lab.alarms, lab.delivery.sessions(), lab.clock.pending]).toEqual([[], [], 0]);
  });

  it('delivery - a client gone while it was not taking releases its reader at once', async () => {
    const file = new MemoryMediaFile(large, { chunkBytes: MIB });
    const response = await open(lab.put(file));
    await standsStill(file);
    const released = once(file, 'released') as Promise<[MemoryReader]>;
    response.destroy();
    const [reader] = await released;
    await lab.settled();
    expect([reader.signal.aborted, reader.isReturned, lab.alarms]).toEqual([true, true, []]);
  });

  it('delivery - a reader that ignores its signal does not hold the response', async () => {
    const events = new EventEmitter();
    const deaf: MediaFile = {
      ...{ id: 'deaf', name: 'a.mkv', sizeBytes: 10, modifiedAt: new Date() },
      open: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => (events.emit('asked'), new Promise(() => undefined)) }),
      }),
    };
    const asked = once(events, 'asked');
    const socket = await send(`GET ${new URL(lab.put(deaf)).pathname} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await asked;
    socket.destroy();
    await lab.settled();
    expect(lab.pending).toBe(0);
  });

  it('delivery - requests sent ahead on one connection are answered in order, and all released when it breaks', async () => {
    const [first, second, third] = [silentAt(original.length), new MemoryMediaFile(original), silentAt(0)];
    const paths = [first, second, third].map((file) => new URL(lab.put(file)).pathname);
    const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\n\r\n`);
    const thirdOpened = once(third, 'opened');
    const socket = await send(requests.join(''));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => (received += text));
    await thirdOpened;
    const ten = original.subarray(0, 10).toString('latin1');
    await until('two answers are here', () => received.split(ten).length === 3);
    const released = once(third, 'released');
    socket.destroy();
    await released;
    await lab.settled();
  });

  it('delivery - one connection serves a thousand ranges and gathers no listeners', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const url = lab.put(new MemoryMediaFile(original));
    const counts = new Set<number>();
    for (let index = 0; index < 1000; index += 1) {
      const sent = request(url, { agent, headers: { range: `bytes=${index}-${index + 9}` } }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      const [socket] = lab.sockets;
      if (index > 0 && socket !== undefined) counts.add(socket.listenerCount('close'));
    }
    agent.destroy();
    expect([lab.sockets.size <= 1, counts.size]).toEqual([true, 1]);
  });

  it('delivery - a thousand aborted requests leave no listener, no reader, no session, no timer', async () => {
    const controller = new AbortController();
    const file = silentAt(MIB);
    const url = lab.put(file, { signal: controller.signal });
    for (let done = 0; done < 1000; done += 50) await Promise.all(Array.from({ length: 50 }, () => openAndLeave(url)));
    await lab.settled();
    expect(file.readers.length).toBeGreaterThan(900);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    expect([file.openReaders, lab.delivery.sessions(), lab.clock.pending, lab.alarms]).toEqual([0, [], 0, []]);
    await until('the sockets are closed', () => lab.sockets.size === 0);
  });

  it('delivery - memory does not grow with what is sent', async () => {
    const chunk = Buffer.alloc(MIB, 7);
    const endless: MediaFile = {
      ...{ id: 'endless', name: 'a.mkv', sizeBytes: 512 * MIB, modifiedAt: new Date() },
      async *open() {
        for (let sent = 0; sent < 512 * MIB; sent += MIB) yield chunk;
      },
    };
    const response = await open(lab.put(endless));
    const before = process.memoryUsage().external;
    let largest = 0;
    let bytes = 0;
    for await (const piece of response) {
      bytes += (piece as Buffer).length;
      largest = Math.max(largest, process.memoryUsage().external - before);
    }
    expect(bytes).toBe(512 * MIB);
    expect(largest).toBeLessThan(64 * MIB);
  });
});

describe('delivery, sessions', () => {
  it('delivery - shows who plays what, and ends it', async () => {
    const file = silentAt(MIB);
    const response = await open(lab.put(file));
    const reading = readCut(response);
    const session = await until('a session waits', () => {
      const [only] = lab.delivery.sessions();
      return only !== undefined && only.position === MIB && only;
    });
    expect(session).toMatchObject({
      fileId: file.id,
      fileName: file.name,
      clientAddress: '127.0.0.1',
      state: 'waiting',
      bytesSent: MIB,
      bytesPerSecond: MIB,
      startedAt: lab.clock.now(),
      failure: null,
    });
    expect(lab.delivery.end(session.id)).toBe(true);
    expect((await reading).isComplete).toBe(false);
    await lab.settled();
    expect([file.openReaders, lab.delivery.sessions(), lab.delivery.end(session.id)]).toEqual([0, [], false]);
  });

  it('delivery - whoever gave a signal ends the response with it', async () => {
    const controller = new AbortController();
    const file = silentAt(MIB);
    const reading = open(lab.put(file, { signal: controller.signal })).then(readCut);
    await until('the reader waits', () => lab.delivery.sessions()[0]?.position === MIB);
    controller.abort(new ClosedError());
    expect((await reading).isComplete).toBe(false);
    const late = await ask(lab.put(file, { signal: controller.signal }));
    expect([late.status, JSON.parse(late.body.toString())]).toMatchObject([503, { code: 'CLOSED' }]);
  });
});

/** Resolves with the bytes pulled once a reader has not been asked for more in many turns of the loop. */
async function standsStill(file: MemoryMediaFile): Promise<number> {
  let before = -1;
  let looks = 0;
  return until(
    'the reader stands still',
    () => {
      const now = file.pulledBytes;
      looks = now > 0 && now === before ? looks + 1 : 0;
      before = now;
      return looks === 10 && now;
    },
    { everyMs: 30 },
  );
}

async function send(text: string): Promise<Socket> {
  const socket = connect(lab.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Leaves at the first byte, or before. */
async function openAndLeave(url: string): Promise<void> {
  const response = await open(url);
  response.on('error', () => undefined);
  response.destroy();
}
