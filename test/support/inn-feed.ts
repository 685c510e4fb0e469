// Posts articles to innd the way another news server feeds it (RFC 4644), so that message ids stay what they are.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { articleHeaders, type LabArticle } from '../../scripts/lab/index.js';

/** One feeding connection; articles may be posted at once, INN answers in order. */
export class InnFeed {
  readonly #waiting: ((line: string) => void)[] = [];
  #hasEnded = false;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#hasEnded = true;
      for (const resolve of this.#waiting.splice(0)) resolve('the connection ended');
    });
    createInterface({ input: socket }).on('line', (line) => this.#waiting.shift()?.(line));
  }

  /** Dials innd and asks for streaming. */
  static async open(port: number): Promise<InnFeed> {
    const socket = connect(port, '127.0.0.1');
    const feed = new InnFeed(socket);
    const greeting = feed.#answer();
    await once(socket, 'connect');
    expectCode(await greeting, '200');
    expectCode(await feed.#ask([Buffer.from('MODE STREAM\r\n')]), '203');
    return feed;
  }

  /** Resolves when the article is stored. */
  async post(article: LabArticle): Promise<void> {
    const lines = [Buffer.from(`TAKETHIS <${article.messageId}>\r\n`), articleHeaders(article), Buffer.from('\r\n')];
    expectCode(await this.#ask([...lines, ...article.body(), Buffer.from('.\r\n')]), '239');
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return;
    const closed = once(this.socket, 'close');
    this.socket.destroy();
    await closed;
  }

  #ask(buffers: readonly Buffer[]): Promise<string> {
    const answer = this.#answer();
    for (const buffer of buffers) this.socket.write(buffer);
    return answer;
  }

  #answer(): Promise<string> {
    if (this.#hasEnded) return Promise.resolve('the connection ended');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function expectCode(line: string, code: string): void {
  if (!line.startsWith(code)) throw new Error(`INN answered: ${line}`);
}
