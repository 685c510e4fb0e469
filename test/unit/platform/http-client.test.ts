// The guarded way out, against real servers on loopback that misbehave on demand.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getEventListeners, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { HttpLab, never } from '../../support/http-lab.js';

let lab = new HttpLab();

beforeEach(() => {
  lab = new HttpLab();
});

afterEach(async () => {
  await lab.close();
});

const KIB = 1024;

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

/** Answers everything with `bytes` of noise, slowly enough that a reader decides how much is sent. */
function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(16 * KIB, 1);
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

describe('get', () => {
  it('get - gives status, headers in lower case, body and address', async () => {
    const { origin } = await lab.serve((request, response) => {
      response.writeHead(404, { 'X-Thing': 'a', 'Set-Cookie': ['a=1', 'b=2'] }).end(`${request.method} ${request.url}`);
    });
    const answer = await lab.client().get(`${origin}/a?b=c`, { signal: never(), maxBytes: KIB });
    expect(answer).toMatchObject({ status: 404, url: `${origin}/a?b=c` });
    expect(answer.headers).toMatchObject({ 'x-thing': 'a', 'set-cookie': 'a=1, b=2' });
    expect(Buffer.from(answer.body).toString()).toBe('GET /a?b=c');
  });

  it('get - unpacks a compressed body', async () => {
    const { origin } = await lab.serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello'));
    });
    const { body } = await lab.client().get(origin, { signal: never(), maxBytes: KIB });
    expect(Buffer.from(body).toString()).toBe('hello');
  });

  it('oversized answer - is refused at the limit, the connection closed', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { origin } = await lab.serve((_request, response) => {
      closed = once(response, 'close');
      endless(response);
    });
    await expect(lab.client().get(origin, { signal: never(), maxBytes: 64 * KIB })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await closed;
  });

  it('answer of exactly the limit - is taken', async () => {
    const { origin } = await lab.serve((_request, response) => void response.end(Buffer.alloc(KIB)));
    expect((await lab.client().get(origin, { signal: never(), maxBytes: KIB })).body).toHaveLength(KIB);
  });

  it('zip bomb - counts by what it unpacks to', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * KIB * KIB));
    const { origin } = await lab.serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    expect(bomb.length).toBeLessThan(100 * KIB);
    await expect(lab.client().get(origin, { signal: never(), maxBytes: 100 * KIB })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });

  it('answer that is announced oversized - is refused before it comes, the connection closed', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { origin } = await lab.serve((_request, response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-length': 2 * KIB }).write('x');
    });
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await closed;
  });

  it('broken compression - is the server’s fault', async () => {
    const { origin } = await lab.serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('this is no gzip');
    });
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'UPSTREAM',
    });
  });

  it('server that never answers - ends with a timeout', async () => {
    const { origin } = await lab.serve(() => undefined);
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('server that drips - ends with a timeout for the whole', async () => {
    const { origin } = await lab.serve((_request, response) => {
      const drip = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(drip));
    });
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('abort - rejects with the signal’s own reason, before, at the headers and in the body', async () => {
    const reason = new Error('the viewer left');
    await expect(
      lab.client().get('http://127.0.0.1/', { signal: AbortSignal.abort(reason), maxBytes: 1 }),
    ).rejects.toBe(reason);
    for (const isAtHeaders of [true, false]) {
      const controller = new AbortController();
      const { origin } = await lab.serve((_request, response) => {
        if (!isAtHeaders) response.write('beginning');
        setImmediate(() => controller.abort(reason));
      });
      await expect(lab.client().get(origin, { signal: controller.signal, maxBytes: KIB })).rejects.toBe(reason);
    }
  });

  it('connection cut in the body - is the server’s fault', async () => {
    const { origin } = await lab.serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'UPSTREAM',
    });
  });

  it('nobody there, unknown name - are upstream errors that name the host alone', async () => {
    const { origin, server } = await lab.serve(() => undefined);
    server.close();
    const client = lab.client();
    const secret = `${origin}/secret-path?apikey=secret-key`;
    for (const url of [secret, 'http://nowhere.invalid/secret-path?apikey=secret-key']) {
      const error = await client
        .get(url, { signal: never(), maxBytes: 1, headers: { authorization: 'Bearer secret-token' } })
        .catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'UPSTREAM' });
      expect(everythingIn(error)).not.toContain('secret');
    }
  });
});

/** All text an error could bring into a log, hidden fields of its causes included. */
function everythingIn(error: unknown): string {
  const seen = new Set<unknown>();
  const walk = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return String(value);
    if (seen.has(value)) return '';
    seen.add(value);
    return Object.getOwnPropertyNames(value)
      .map((name) => walk((value as Record<string, unknown>)[name]))
      .join(' ');
  };
  return walk(error);
}

describe('stream', () => {
  it('stream - gives the bytes as they are, and asks for no compression', async () => {
    const packed = gzipSync('hello');
    let request: IncomingMessage | undefined;
    const { origin } = await lab.serve((incoming, response) => {
      request = incoming;
      response.writeHead(206, { 'content-encoding': 'gzip' }).end(packed);
    });
    const answer = await lab.client().stream(origin, { signal: never(), headers: { range: 'bytes=0-9' } });
    expect(answer.status).toBe(206);
    expect(await collect(answer.body)).toEqual(packed);
    expect(request?.headers).toMatchObject({ 'accept-encoding': 'identity', range: 'bytes=0-9' });
  });

  it('head - has headers and an empty body', async () => {
    const { origin } = await lab.serve(
      (_request, response) => void response.writeHead(200, { 'content-length': '7' }).end(),
    );
    const answer = await lab.client().stream(origin, { signal: never(), method: 'HEAD' });
    expect(answer.headers['content-length']).toBe('7');
    expect(await collect(answer.body)).toHaveLength(0);
  });

  it('a reader that stops - closes the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { origin } = await lab.serve((_request, response) => {
      closed = once(response, 'close');
      endless(response);
    });
    const { body } = await lab.client().stream(origin, { signal: never() });
    for await (const chunk of body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await closed;
  });

  it('a server that stops sending - ends with a timeout', async () => {
    const { origin } = await lab.serve((_request, response) => void response.write('beginning'));
    const { body } = await lab.client().stream(origin, { signal: never(), timeoutMs: 2000 }); // the head comes in less
    await expect(collect(body)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('abort in the body - throws the signal’s own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the viewer left');
    const { origin } = await lab.serve((_request, response) => void response.write('beginning'));
    const { body } = await lab.client().stream(origin, { signal: controller.signal });
    const iterator = body[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});

describe('a body that nobody reads', () => {
  it('abort - closes its connection and harms nobody', async () => {
    const controller = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const { origin } = await lab.serve((_request, response) => {
      closed = once(response, 'close');
      endless(response);
    });
    const reason = new Error('the viewer left');
    const { body } = await lab.client().stream(origin, { signal: controller.signal });
    controller.abort(reason);
    await closed;
    await expect(collect(body)).rejects.toBe(reason);
  });

  it('connection cut - is told to whoever reads later', async () => {
    const { origin } = await lab.serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const { body } = await lab.client().stream(origin, { signal: never() });
    await new Promise((resolve) => setImmediate(resolve));
    await expect(collect(body)).rejects.toMatchObject({ code: 'UPSTREAM' });
  });
});

describe('signals', () => {
  it('many requests with one signal - leave no listener behind', async () => {
    const { origin } = await lab.serve((_request, response) => void response.end('x'));
    const { signal } = new AbortController();
    const client = lab.client();
    for (let count = 0; count < 50; count++) {
      await client.get(origin, { signal, maxBytes: KIB });
      await collect((await client.stream(origin, { signal })).body);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
