import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NntpConnection } from '../../../../../backend/engines/usenet/nntp/connection.js';
import type { Outcome, SentCommand } from '../../../../../backend/engines/usenet/nntp/command.js';
import { openWire } from '../../../../../backend/engines/usenet/nntp/wire.js';
import { ArticleDecoder } from '../../../../../backend/engines/usenet/yenc/article-decoder.js';
import { portableKernel } from '../../../../../backend/engines/usenet/yenc/portable-kernel.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { CountedSlots } from '../../../../support/pool-lab.js';
import { SmallNewsServer, bodyOf, postedArticle } from '../../../../support/small-news-server.js';
import type { NewsScript } from '../../../../support/small-news-server.js';
import { until } from '../../../../support/until.js';

const one = postedArticle(4000, 1);
const two = postedArticle(3000, 2);
const broken = Buffer.from(one.body.map((byte, index) => (index === 300 ? byte ^ 1 : byte)));
const articles = { one: one.body, two: two.body, broken };

describe('nntp connection', () => {
  let server: SmallNewsServer;
  let connection: NntpConnection;
  const clock = new ManualClock();
  let slots = new CountedSlots();
  let changes = 0;

  async function connect(script: NewsScript): Promise<void> {
    server = await SmallNewsServer.start(script);
    connection = new NntpConnection({
      host: '127.0.0.1',
      clock,
      timeouts: { firstByteMs: 5000, stallMs: 3000, totalMs: 20_000 },
      onChange: () => (changes += 1),
      giveSlot: (slot) => slots.give(slot),
    });
    const greeting = connection.greeting();
    const { signal } = new AbortController();
    const wire = { receive: connection.receive, signal, clock, timeoutMs: 5000 };
    connection.attach(await openWire(server.provider(), wire));
    await greeting.outcome;
  }

  function body(messageId: string): SentCommand {
    const options = { kernel: portableKernel, allocate: (size: number) => slots.take(size), sizeHint: 0 };
    return connection.body(messageId, { createDecoder: () => new ArticleDecoder(options), sizeHint: 5000 });
  }

  function taken(outcome: Outcome): Buffer | string {
    if (outcome.kind !== 'article') return outcome.kind === 'reply' ? String(outcome.reply.code) : outcome.error.code;
    const copy = Buffer.from(outcome.article.bytes);
    slots.give(outcome.article.slot);
    return copy;
  }

  beforeEach(() => {
    changes = 0;
    slots = new CountedSlots();
  });
  afterEach(async () => {
    connection.close();
    await connection.gone;
    await server.close();
    expect(slots.out).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([1, 7, 100_000])('pipelined commands - are answered in order, in pieces of %d bytes', async (pieceBytes) => {
    await connect({ articles, pieceBytes });
    const sent = [
      body('one'),
      body('gone'),
      connection.stat('two'),
      body('broken'),
      body('two'),
      connection.ask('DATE\r\n'),
    ];
    expect(connection.pending).toBe(6);
    const outcomes = await Promise.all(sent.map(({ outcome }) => outcome));
    expect(outcomes.map(taken)).toEqual([one.data, '430', '223', expect.stringMatching(/^ARTICLE_/), two.data, '111']);
    expect([connection.live, connection.pending, connection.lost]).toEqual([0, 0, null]);
    expect(changes).toBeGreaterThanOrEqual(6);
    expect(server.commands.slice(0, 2)).toEqual(['BODY <one>', 'BODY <gone>']);
  });

  it('a cancelled article - is passed over, and the next one comes whole', async () => {
    await connect({ articles });
    const [unwanted, wanted] = [body('one'), body('two')];
    unwanted.cancel();
    expect([connection.live, connection.pending, connection.unwantedBytes]).toEqual([1, 2, 5000]);
    expect(taken(await wanted.outcome)).toEqual(two.data);
    expect(slots.mostOut).toBe(1);
  });

  it('an article cancelled while it arrives - gives its buffer back', async () => {
    let finish: () => void = () => undefined;
    await connect({
      articles,
      answer: async (line, { socket }) => {
        if (line !== 'BODY <one>') return undefined;
        const whole = bodyOf(one.body);
        socket.write(whole.subarray(0, 1000));
        await new Promise<void>((resolve) => (finish = resolve));
        return whole.subarray(1000);
      },
    });
    const unwanted = body('one');
    await until('it arrives', () => slots.out === 1);
    unwanted.cancel();
    const wanted = body('two');
    finish();
    expect(taken(await wanted.outcome)).toEqual(two.data);
  });

  it('a server that falls silent - loses all commands at its deadline, only the first one to blame', async () => {
    await connect({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const [first, second] = [body('one'), body('two')];
    await until('they were asked for', () => server.count('BODY') === 2);
    await clock.advance(4999);
    expect(connection.lost).toBeNull();
    await clock.advance(5000);
    expect(await first.outcome).toMatchObject({ kind: 'lost', isCulprit: true, error: { code: 'TIMEOUT' } });
    expect(await second.outcome).toMatchObject({ kind: 'lost', isCulprit: false });
    expect(connection.isCut).toBe(true);
  });

  it('an article that stalls in the middle - is lost at its deadline, its buffer is not', async () => {
    await connect({ answer: (line) => (line.startsWith('BODY') ? bodyOf(one.body).subarray(0, 1000) : undefined) });
    const stalled = body('one');
    await until('it arrives', () => slots.out === 1);
    await clock.advance(10_000);
    expect(await stalled.outcome).toMatchObject({ kind: 'lost', error: { code: 'TIMEOUT' } });
  });

  it('a command nobody wants - holds up the others for a short time only', async () => {
    await connect({ answer: (line) => (line.startsWith('BODY') ? null : undefined) });
    const [first, second] = [body('one'), body('two')];
    await until('they were asked for', () => server.count('BODY') === 2);
    first.cancel();
    await clock.advance(2001);
    expect(await second.outcome).toMatchObject({ kind: 'lost', isCulprit: false });
  });

  it('a server that says goodbye - is quoted', async () => {
    await connect({});
    server.sessions[0]?.socket.end('400 idle for too long\r\n');
    await connection.gone;
    expect(connection.lost).toMatchObject({ code: 'PROVIDER_UNREACHABLE', message: expect.stringContaining('400') });
    expect(await body('one').outcome).toMatchObject({ kind: 'lost', isCulprit: false });
  });

  it.each([
    ['wanted', false],
    ['not wanted', true],
  ])('an article without end that is %s - is bad, and the connection of no use', async (_, isUnwanted) => {
    await connect({
      answer: (line, { socket }) => {
        if (line !== 'BODY <one>') return line === 'BODY <two>' ? null : undefined;
        const flow = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'a\r\n')));
        };
        socket.on('drain', flow);
        socket.write(Buffer.concat([Buffer.from('222 0 <one>\r\n'), one.body.subarray(0, 1000)]));
        flow();
        return null;
      },
    });
    const [first, second] = [body('one'), body('two')];
    if (isUnwanted) first.cancel();
    expect(await second.outcome).toMatchObject({ kind: 'lost', isCulprit: false, error: { code: 'PROTOCOL' } });
    if (!isUnwanted) expect(await first.outcome).toMatchObject({ kind: 'bad', error: { code: 'ARTICLE_SIZE' } });
    expect(connection.lost).toMatchObject({ code: 'PROTOCOL' });
    expect(connection.bytesReceived).toBeLessThan(26 * 1024 * 1024);
  });

  it('what is not NNTP - ends the connection', async () => {
    await connect({ answer: () => 'HTTP/1.1 400 Bad Request' });
    expect(await body('one').outcome).toMatchObject({ kind: 'lost', error: { code: 'PROTOCOL' } });
  });

  it('closing while idle - says goodbye', async () => {
    await connect({});
    connection.close();
    await connection.gone;
    expect(server.commands).toEqual(['QUIT']);
    expect(connection.isCut).toBe(false);
  });
});
