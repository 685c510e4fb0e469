// The relay of the Usenet tests, itself tested: what is withheld waits, in order, until it is released.

import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';

import { makePost, sourceOfBytes, startNntpServer } from '../../scripts/lab/index.js';

import { startNntpRelay } from '../support/nntp-relay.js';
import { Resources } from '../support/resources.js';
import { until } from '../support/until.js';

describe('relay that withholds bodies', () => {
  const resources = new Resources();
  afterEach(() => resources.close());

  it('a withheld body - holds what is behind it on its connection, and comes once it is released', async () => {
    const server = resources.use(await startNntpServer());
    const post = makePost([{ name: 'a', content: sourceOfBytes(Buffer.alloc(20)) }], { seed: 'r', partBytes: 10 });
    for (const article of post.articles) server.post(article);
    const [first = '', second = ''] = post.articles.map((article) => article.messageId);
    const relay = resources.use(await startNntpRelay(server.port));
    relay.withhold([second]);
    const client = connect(relay.port, '127.0.0.1');
    resources.defer(() => client.destroy());
    let text = '';
    client.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    await once(client, 'connect');
    client.write(`STAT <${second}>\r\nBODY <${first}>\r\nBODY <${second}>\r\nBODY <${first}>\r\nDATE\r\n`);
    await until('the first body is here', () => text.includes('part=1 total=2') && text.endsWith('\r\n.\r\n'));
    expect(relay.asked).toEqual([first, second, first]);
    expect(server.fetches(second)).toBe(0);
    relay.release();
    await until('the rest is here', () => /\r\n111 /.test(text));
    expect(text.match(/^\d{3}(?= )/gm)).toEqual(['200', '223', '222', '222', '222', '111']);
  });
});
