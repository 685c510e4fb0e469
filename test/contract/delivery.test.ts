// The tables of the delivery contract, row by row, against a real server on loopback.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { DeliveryLab, sha256 } from '../support/delivery-lab.js';
import { ask, type Answer } from '../support/http.js';
import { MemoryMediaFile } from '../support/memory-media-file.js';
import { pseudoRandomBytes } from '../support/pseudo-random.js';

const SIZE = 300_007;
const original = pseudoRandomBytes('delivery contract', SIZE);
const OLD = 'Mon, 01 Jan 2024 00:00:00 GMT';
const LAST_MODIFIED = 'Mon, 06 May 2024 07:08:09 GMT';

let lab: DeliveryLab;
let file: MemoryMediaFile;
let url: string;
let etag: string;

beforeAll(async () => {
  lab = await DeliveryLab.start();
  file = new MemoryMediaFile(original, { name: 'A film.mkv' });
  url = lab.put(file);
  etag = (await ask(url, { method: 'HEAD' })).headers.etag ?? '';
});
afterAll(() => lab.close());

const get = (headers: Record<string, string> = {}, at = url): Promise<Answer> => ask(at, { headers });
const getRange = (range: string, more: Record<string, string> = {}, at = url): Promise<Answer> =>
  get({ range, ...more }, at);

function expectSlice(answer: Answer, start: number, end: number): void {
  expect(answer.status).toBe(206);
  expect(answer.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${SIZE}`);
  expect(answer.headers['content-length']).toBe(String(end - start));
  expect(sha256(answer.body)).toBe(sha256(original.subarray(start, end)));
}

function expectWhole(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.headers['content-range']).toBeUndefined();
  expect(answer.headers['content-length']).toBe(String(SIZE));
  expect(sha256(answer.body)).toBe(sha256(original));
}

function expectUnsatisfiable(answer: Answer, size = SIZE): void {
  expect(answer.status).toBe(416);
  expect(answer.headers['content-range']).toBe(`bytes */${size}`);
  expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'RANGE' });
}

describe('delivery, requests', () => {
  it('delivery - GET without Range is the whole file', async () => expectWhole(await get()));

  it.each([{}, { range: 'bytes=5-9' }, { range: 'bytes=0-9,20-29' }, { range: 'bytes=-0' }, { 'if-none-match': '*' }])(
    'delivery - HEAD with %o has the headers of the same GET, no body, and opens nothing',
    async (headers) => {
      const got = await get(headers);
      const before = file.readers.length;
      const head = await ask(url, { method: 'HEAD', headers });
      expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
      expect([head.status, head.body.length, file.readers.length - before]).toEqual([got.status, 0, 0]);
    },
  );

  it('delivery - the first thousand bytes', async () => expectSlice(await getRange('bytes=0-999'), 0, 1000));

  it('delivery - from a byte to the end', async () => expectSlice(await getRange('bytes=1000-'), 1000, SIZE));

  it('delivery - the last 500 bytes', async () => expectSlice(await getRange('bytes=-500'), SIZE - 500, SIZE));

  it('delivery - more last bytes than there are', async () => expectSlice(await getRange('bytes=-999999999'), 0, SIZE));

  it('delivery - an end past the end is clamped', async () =>
    expectSlice(await getRange('bytes=300000-999999999'), 300_000, SIZE));

  it('delivery - only the range that was asked for is read from the file', async () => {
    const before = file.readers.length;
    await getRange('bytes=1000-1999');
    expect(file.readers.slice(before).map(({ range }) => range)).toEqual([{ start: 1000, end: 2000 }]);
  });

  it.each([`bytes=${SIZE}-`, 'bytes=999999999-', 'bytes=-0'])('delivery - %s lies outside', async (range) =>
    expectUnsatisfiable(await getRange(range)),
  );

  it.each(['bytes=abc', 'bytes=5-4', 'items=0-1', 'bytes 0-1', 'bytes=', 'bytes=0-1;2-3', 'bytes=0-1,9-8'])(
    'delivery - the header "%s" is ignored',
    async (range) => expectWhole(await getRange(range)),
  );

  it('delivery - several ranges come as multipart, in order, each with its own Content-Range', async () => {
    const answer = await getRange('bytes=200000-299999, 0-0, -7');
    const parts = readMultipart(answer);
    expect(parts.map(({ contentRange }) => contentRange)).toEqual([
      `bytes 200000-299999/${SIZE}`,
      `bytes 0-0/${SIZE}`,
      `bytes 300000-300006/${SIZE}`,
    ]);
    const wanted = [original.subarray(200_000, 300_000), original.subarray(0, 1), original.subarray(300_000)];
    expect(parts.map(({ body }) => sha256(body))).toEqual(wanted.map(sha256));
  });

  it('delivery - overlapping ranges are merged, and one that is left comes plainly', async () =>
    expectSlice(await getRange('bytes=10-99,50-199,0-20'), 0, 200));

  it('delivery - sixteen parts are answered, seventeen are not', async () => {
    const ranges = (count: number): string => Array.from({ length: count }, (_, i) => `${i * 9}-${i * 9}`).join(',');
    expect(readMultipart(await getRange(`bytes=${ranges(16)}`))).toHaveLength(16);
    expectWhole(await getRange(`bytes=${ranges(17)}`));
  });

  it.each([['"other"'], ['W/"other"'], [OLD], ['tomorrow']])(
    'delivery - If-Range %s is another file',
    async (ifRange) => expectWhole(await getRange('bytes=0-9', { 'if-range': ifRange })),
  );

  it('delivery - If-Range with these validators is this file, a weak one never', async () => {
    expectSlice(await getRange('bytes=0-9', { 'if-range': etag }), 0, 10);
    expectSlice(await getRange('bytes=0-9', { 'if-range': LAST_MODIFIED }), 0, 10);
    expectWhole(await getRange('bytes=0-9', { 'if-range': `W/${etag}` }));
  });

  it('delivery - what the client has already is not sent again', async () => {
    const held = [
      { 'if-none-match': etag },
      { 'if-none-match': `"a", W/${etag}` },
      { 'if-none-match': '*' },
      { 'if-modified-since': LAST_MODIFIED },
      { 'if-none-match': etag, range: 'bytes=999999999-' },
    ];
    for (const headers of held) {
      const answer = await get(headers);
      expect([answer.status, answer.body.length, answer.headers.etag]).toEqual([304, 0, etag]);
    }
  });

  it('delivery - what the client has of another file is sent', async () => {
    expectWhole(await get({ 'if-none-match': '"other"' }));
    expectWhole(await get({ 'if-modified-since': OLD }));
    expectWhole(await get({ 'if-none-match': '"other"', 'if-modified-since': LAST_MODIFIED }));
    expect((await get({ 'if-match': '"other"' })).status).toBe(412);
  });

  it('delivery - an empty file is a length of zero, and any range of it lies outside', async () => {
    const empty = lab.put(new MemoryMediaFile(new Uint8Array(0)));
    const answer = await get({}, empty);
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '0', 0]);
    for (const range of ['bytes=0-', 'bytes=-5', 'bytes=0-0']) expectUnsatisfiable(await getRange(range, {}, empty), 0);
    expect((await getRange('bytes=5-4', {}, empty)).status).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])(
    'delivery - %s is refused, and what is answered is named',
    async (method) => {
      const answer = await ask(url, { method });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    },
  );
});

describe('delivery, headers', () => {
  it('delivery - tells type, length, ranges, validators', async () => {
    const { headers } = await get();
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(SIZE),
      'content-type': 'video/x-matroska',
      'x-content-type-options': 'nosniff',
      'last-modified': LAST_MODIFIED,
      'cache-control': 'private, no-store',
      'content-disposition': `inline; filename*=UTF-8''A%20film.mkv; filename="A film.mkv"`,
    });
    expect(headers.etag).toMatch(/^"[^"]+"$/);
  });

  it('delivery - the ETag is the same after a restart, and another for other bytes', async () => {
    const again = await DeliveryLab.start();
    const tagOf = async (id: string): Promise<unknown> =>
      (await get({}, again.put(new MemoryMediaFile(original, { id })))).headers.etag;
    expect([await tagOf('memory:1'), await tagOf('memory:2')]).toEqual([etag, expect.not.stringMatching(etag)]);
    await again.close();
  });

  it.each([['film.html'], ['film.svg'], ['film'], ['film.xhtml'], ['film.js']])(
    'delivery - %s is never a page',
    async (name) => {
      const { headers } = await get({}, lab.put(new MemoryMediaFile(original, { name })));
      expect(headers['content-type']).toBe('application/octet-stream');
    },
  );

  it('delivery - a download is an attachment, whatever its name contains', async () => {
    const hostile = lab.put(new MemoryMediaFile(original, { name: 'a"b\\c\r\nX: y/é%41.mp4' }));
    const { headers } = await get({}, `${hostile}?download=true`);
    const encoded = 'a%22b_c__X%3A%20y_%C3%A9%2541.mp4';
    expect(headers['content-disposition']).toBe(
      `attachment; filename*=UTF-8''${encoded}; filename="a\\"b_c__X: y___41.mp4"`,
    );
    expect(headers).not.toHaveProperty('x');
  });

  it('delivery - only a URL without a secret may be kept by caches', async () => {
    const open = lab.put(file, { isSecretUrl: false });
    expect((await get({}, open)).headers['cache-control']).toBeUndefined();
  });

  it('delivery - any page may read bytes and lengths, none with credentials', async () => {
    for (const answer of [await get({ origin: 'https://player.test' }), await getRange('bytes=999999999-')]) {
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'Content-Length, Content-Range, Accept-Ranges, ETag',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('delivery - OPTIONS allows what players send', async () => {
    const answer = await ask(url, { method: 'OPTIONS' });
    expect([answer.status, answer.body.length]).toEqual([204, 0]);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': 'Range, X-Api-Key, Authorization, Content-Type',
    });
  });

  it('delivery - a DLNA renderer is told how it may seek', async () => {
    const { headers } = await get({ 'TransferMode.DLNA.org': 'streaming', 'GETCONTENTFEATURES.DLNA.ORG': '1' });
    expect(headers['transfermode.dlna.org']).toBe('Streaming');
    expect(headers['contentfeatures.dlna.org']).toBe('DLNA.ORG_OP=01;DLNA.ORG_CI=0');
    expect(Object.keys((await get()).headers).filter((name) => name.includes('dlna'))).toEqual([]);
  });
});

interface Part {
  readonly contentRange: string;
  readonly body: Buffer;
}

/** Reads multipart/byteranges by its boundary, and checks the frame around the parts. */
function readMultipart({ status, headers, body }: Answer): Part[] {
  expect(status).toBe(206);
  expect(headers['content-length']).toBe(String(body.length));
  const boundary = /^multipart\/byteranges; boundary=([\w-]{1,70})$/.exec(headers['content-type'] ?? '')?.[1] ?? '?';
  const text = body.toString('latin1');
  const pieces = text.split(new RegExp(`(?:^|\r\n)--${boundary}`));
  expect([pieces.shift(), pieces.pop()]).toEqual(['', '--\r\n']);
  return pieces.map((piece) => {
    const head = piece.indexOf('\r\n\r\n');
    expect(piece.slice(0, head)).toContain('\r\nContent-Type: video/x-matroska');
    const contentRange = /\r\nContent-Range: (.*)/.exec(piece.slice(0, head))?.[1] ?? '';
    return { contentRange, body: Buffer.from(piece.slice(head + 4), 'latin1') };
  });
}
