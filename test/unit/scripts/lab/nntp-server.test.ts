import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';

import { makePost, sourceOfBytes, startNntpServer } from '../../../../scripts/lab/index.js';
import type { ArticleFault, NntpServer, NntpServerOptions } from '../../../../scripts/lab/index.js';

import { Resources } from '../../../support/resources.js';
import { until } from '../../../support/until.js';

describe('scripted news server', () => {
  const resources = new Resources();
  afterEach(() => resources.close());
  const article = makePost([{ name: 'a.bin', content: sourceOfBytes(Buffer.alloc(500, 4)) }], { seed: 's' })
    .articles[0];
  const id = article?.messageId ?? '';
  const body = Buffer.concat(article?.body() ?? []).toString('latin1');

  async function start(options: NntpServerOptions = {}): Promise<NntpServer> {
    const server = resources.use(await startNntpServer(options));
    if (article) server.post(article);
    return server;
  }

  /** A line client: everything heard so far, and a wait for more. */
  async function dial(server: NntpServer): Promise<{
    say(...lines: string[]): void;
    hear(end: RegExp): Promise<string>;
    readonly chunks: string[];
    readonly isClosed: () => boolean;
  }> {
    const socket = connect(server.port, '127.0.0.1');
    resources.defer(() => socket.destroy());
    const chunks: string[] = [];
    let isClosed = false;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk.toString('latin1')));
    socket.on('close', () => (isClosed = true));
    await once(socket, 'connect');
    return {
      say: (...lines) => void socket.write(lines.map((line) => `${line}\r\n`).join('')),
      hear: (end) =>
        until(`${String(end)} is heard`, () => end.test(chunks.join('')) && chunks.join(''), { everyMs: 2 }),
      chunks,
      isClosed: () => isClosed,
    };
  }

  async function ask(fault: ArticleFault | null): Promise<{ text: string; chunks: number; server: NntpServer }> {
    const server = await start({ faults: () => fault });
    const client = await dial(server);
    await client.hear(/^200/);
    const before = client.chunks.length;
    client.say(`BODY <${id}>`);
    const end = fault?.kind === 'cut' || fault?.kind === 'limit' ? null : /\r\n\.\r\n$|\r\n430.*\r\n$/;
    if (end) await client.hear(end);
    else await until('it is closed', client.isClosed);
    return { text: client.chunks.slice(before).join(''), chunks: client.chunks.length - before, server };
  }

  it('pipelined commands - are answered in order', async () => {
    const client = await dial(await start());
    client.say('MODE READER', 'DATE', `STAT <${id}>`, 'BODY <no@where>', `HEAD <${id}>`, 'QUIT');
    const text = await client.hear(/205/);
    expect(text.match(/^\d{3}(?= )/gm)).toEqual(['200', '200', '111', '223', '430', '221', '205']);
    expect(text).toContain(`Message-ID: <${id}>`);
  });

  it('a body - is sent as it was posted, and counted', async () => {
    const { text, server } = await ask(null);
    expect(text).toBe(`222 0 <${id}>\r\n${body}.\r\n`);
    expect([server.fetches(id), server.counts.bodies, server.counts.bytes]).toEqual([1, 1, text.length]);
  });

  it('accounts - are asked for and checked', async () => {
    const server = await start({ user: 'u', password: 'p' });
    const client = await dial(server);
    client.say(
      `STAT <${id}>`,
      'AUTHINFO USER u',
      'AUTHINFO PASS x',
      'AUTHINFO USER u',
      'AUTHINFO PASS p',
      `STAT <${id}>`,
      'QUIT',
    );
    const text = await client.hear(/205/);
    expect(text.match(/^\d{3}(?= )/gm)).toEqual(['200', '480', '381', '481', '381', '281', '223', '205']);
    expect([server.counts.logins, server.counts.failedLogins]).toEqual([1, 1]);
  });

  it('connections beyond the limit - are refused and not counted as open', async () => {
    const server = await start({ maxConnections: 1 });
    await (await dial(server)).hear(/^200/);
    await (await dial(server)).hear(/^502/);
    expect(server.counts).toMatchObject({ connections: 2, highestOpen: 1, refused: 1 });
  });

  it('delay - is shared by commands under way together', async () => {
    const server = await start();
    const client = await dial(server);
    await client.hear(/^200/);
    server.set({ delayMs: 500 });
    const began = Date.now();
    client.say(...Array.from({ length: 10 }, () => 'DATE'));
    await client.hear(/(111[^\n]*\n){10}/);
    const tookMs = Date.now() - began;
    expect(tookMs).toBeGreaterThanOrEqual(495);
    expect(tookMs).toBeLessThan(5000); // one after the other, they would take at least that
  });

  it('limited speed - holds bytes back', async () => {
    const server = await start({ bytesPerSecond: 5000 });
    const began = Date.now();
    const client = await dial(server);
    client.say(`BODY <${id}>`, 'QUIT');
    await client.hear(/205/);
    expect(Date.now() - began).toBeGreaterThan(80);
  });

  it('faults of content - change what they say and nothing else', async () => {
    expect((await ask({ kind: 'missing' })).text).toMatch(/^430 /);
    expect((await ask({ kind: 'lyingSize' })).text).toBe(
      `222 0 <${id}>\r\n${body.replace('size=500', 'size=12845')}.\r\n`,
    );
    expect((await ask({ kind: 'wrongPart' })).text).toContain('=ypart begin=1001 end=1500');
    const corrupt = (await ask({ kind: 'corrupt' })).text;
    expect(corrupt).not.toContain(body);
    expect(corrupt).toHaveLength(body.length + id.length + 13);
  });

  it('faults of delivery - cut, split, trickle or refuse', async () => {
    expect((await ask({ kind: 'cut', afterBytes: 100 })).text).toBe(`222 0 <${id}>\r\n${body.slice(0, 100)}`);
    expect((await ask({ kind: 'limit' })).text).toMatch(/^502 /);
    const split = await ask({ kind: 'split', at: 3 });
    expect(split.text).toBe(`222 0 <${id}>\r\n${body}.\r\n`);
    expect(split.chunks).toBeGreaterThan(1);
    expect((await ask({ kind: 'trickle' })).text).toBe(split.text);
  });

  it('stalled and never answering - keep the connection open and silent', async () => {
    const server = await start({
      faults: ({ attempt }) => (attempt === 1 ? { kind: 'stall', afterBytes: 50 } : { kind: 'never' }),
    });
    const [first, second, third] = [await dial(server), await dial(server), await dial(server)];
    first.say(`BODY <${id}>`, 'DATE');
    await first.hear(new RegExp(`${id}>\r\n[^]{50}$`));
    second.say(`BODY <${id}>`, 'DATE');
    await until('the second asked', () => server.fetches(id) === 2);
    third.say('DATE');
    await third.hear(/111/);
    expect([first.isClosed(), second.isClosed(), second.chunks.join('').includes('111')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
