// The real news server of the tests, itself tested: what is posted comes back byte for byte, plain, over TLS, behind a login.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

import { postFiles, pseudoRandomSource, type Post } from '../../scripts/lab/index.js';

import { startInn, type InnServer } from '../support/inn.js';
import { until } from '../support/until.js';

describe('INN', () => {
  let inn: InnServer;
  let post: Post;

  beforeAll(async () => {
    inn = await startInn({ account: { user: 'reader', password: 'open sesame' }, hasTls: true });
    const files = [{ name: 'a.bin', content: pseudoRandomSource('inn', 1_800_000) }];
    post = await postFiles(inn, files, { seed: 'inn' });
  });

  afterAll(() => inn.close());

  async function talk(socket: Socket, lines: readonly string[]): Promise<string> {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.write([...lines, 'QUIT', ''].join('\r\n'));
    await until('INN said good-bye', () => /\r\n205 .*\r\n$/.test(text), { everyMs: 5 });
    socket.destroy();
    return text;
  }

  const login = ['AUTHINFO USER reader', 'AUTHINFO PASS open sesame'];
  const bodies = (): string[] => post.articles.map((article) => Buffer.concat(article.body()).toString('latin1'));
  const asks = (): string[] => post.articles.map((article) => `BODY <${article.messageId}>`);

  it('articles - come back as they were posted, after a login', async () => {
    const text = await talk(connect(inn.port, '127.0.0.1'), [...login, ...asks()]);
    expect(text).toContain('\r\n281 ');
    for (const body of bodies()) expect(text.includes(`${body}.\r\n`)).toBe(true);
  });

  it('articles - come over TLS with a certificate that its authority vouches for', async () => {
    const ca = await readFile(inn.caFile ?? '');
    const text = await talk(connectTls({ port: inn.tlsPort, host: '127.0.0.1', ca }), [...login, ...asks()]);
    for (const body of bodies()) expect(text.includes(`${body}.\r\n`)).toBe(true);
  });

  it('without a login, with a wrong one, for what is not there - the answer is 480, 481, 430', async () => {
    const text = await talk(connect(inn.port, '127.0.0.1'), [
      asks()[0] ?? '',
      'AUTHINFO USER reader',
      'AUTHINFO PASS wrong',
      ...login,
      'BODY <no@lab.example>',
    ]);
    expect(text.match(/^\d{3}(?= )/gm)?.slice(1)).toEqual(['480', '381', '481', '381', '281', '430', '205']);
  });

  it('a cancelled article - is gone', async () => {
    const { articles } = await postFiles(inn, [{ name: 'b.bin', content: pseudoRandomSource('b', 100) }], {
      seed: 'b',
    });
    const id = articles[0]?.messageId ?? '';
    await inn.cancel(id);
    const text = await talk(connect(inn.port, '127.0.0.1'), [...login, `STAT <${id}>`]);
    expect(text).toContain('\r\n430 ');
  });
});
