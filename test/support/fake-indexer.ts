// An indexer on loopback that answers as the real ones do, or misbehaves as it is told, and counts what it is asked.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureOf, feedOf } from './indexer-captures.js';
import type { IndexerDialect } from './indexer-captures.js';

/** What it does with a search; caps are answered all the same, but by those that answer nothing at all. */
export type IndexerMood =
  | 'healthy'
  | 'empty'
  | 'silent'
  | 'failing'
  | 'limiting'
  | 'over-limit'
  | 'wrong-key'
  | 'lying'
  | 'web-page'
  | 'truncated'
  | 'entity-bomb'
  | 'nested'
  | 'huge'
  | 'redirecting'
  | 'nonsense'
  | 'cut-off';

export interface FakeIndexer {
  readonly origin: string;
  /** Where its API lies, without the key. */
  readonly url: string;
  /** Every request, in order, as it came. */
  readonly asked: readonly URL[];
  /** Of the last request, in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** From now on this is what any search finds (items of a feed), instead of the captures. */
  offer(items: string): void;
  /** Answers `path` outside its API, whatever query follows it, with bytes or a redirect; returns its address. */
  serve(path: string, reply: Uint8Array | { readonly redirectsTo: string }): string;
  /** Changes its mood from the next request on; `target` is what `redirecting` redirects to. */
  become(mood: IndexerMood, target?: string): void;
  /** Lets what `silent` holds back be answered. */
  release(): void;
  close(): Promise<void>;
}

export const FAKE_KEY = 'k3y-0f-the-fake-1ndexer';
const XML = { 'content-type': 'application/rss+xml' };
const HUGE_BYTES = 100 * 1024 * 1024;

/** Listens on a port of the system's choice; speaks one of the five languages. */
export async function startFakeIndexer(dialect: IndexerDialect, mood: IndexerMood = 'healthy'): Promise<FakeIndexer> {
  const asked: URL[] = [];
  const held: (() => void)[] = [];
  const capture = captureOf(dialect);
  const state = {
    mood,
    target: 'http://10.0.0.1/',
    headers: {} as FakeIndexer['headers'],
    items: null as string | null,
  };
  const files = new Map<string, Parameters<FakeIndexer['serve']>[1]>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://indexer');
    asked.push(url);
    const file = files.get(url.pathname);
    if (file !== undefined) return handOut(response, file);
    state.headers = request.headers;
    const key = url.searchParams.get('apikey') ?? request.headers['x-api-key'];
    const isCaps = capture.isCaps(url);
    const answer = (): void => {
      if (!isCaps && key !== FAKE_KEY) capture.sendWrongKey(response);
      else if (isCaps && state.mood !== 'web-page') capture.sendCaps(response);
      else
        misbehave(response, state, () => {
          if (state.items !== null) return void response.writeHead(200, XML).end(feedOf(state.items));
          capture.sendResults(response, { origin: `http://${request.headers.host}`, url });
        });
    };
    if (state.mood === 'silent') held.push(answer);
    else answer();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: origin + capture.path,
    asked,
    get headers() {
      return state.headers;
    },
    offer: (items) => void Object.assign(state, { items }),
    serve: (path, reply) => {
      files.set(path, reply);
      return origin + path;
    },
    become: (next, target) => Object.assign(state, { mood: next }, target === undefined ? {} : { target }),
    release: () => held.splice(0).forEach((answer) => answer()),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function misbehave(response: ServerResponse, { mood: now, target }: typeof state, behave: () => void): void {
    const xml = (text: string): unknown => response.writeHead(200, XML).end(text);
    switch (now) {
      case 'healthy':
      case 'silent':
        return behave();
      case 'lying':
        return capture.sendLies(response);
      case 'empty':
        return capture.sendNothing(response);
      case 'failing':
        return void response.writeHead(502).end('<html><h1>Bad gateway</h1></html>');
      case 'limiting':
        return void response.writeHead(429, { 'retry-after': '120' }).end();
      case 'over-limit':
        return void xml('<?xml version="1.0"?><error code="500" description="Request limit reached"/>');
      case 'wrong-key':
        return void xml(`<error code="100" description="Incorrect user credentials (${FAKE_KEY})"/>`);
      case 'web-page':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><html>Sign in</html>');
      case 'truncated':
        return void xml('<?xml version="1.0"?><rss version="2.0"><channel><item><title>The Paper Lant');
      case 'entity-bomb':
        return void xml(entityBomb());
      case 'nested':
        return void xml('<a>'.repeat(500_000));
      case 'nonsense':
        return void xml('\u0000\u0001 all of this is nonsense {');
      case 'huge':
        return pour(response);
      case 'redirecting':
        return void response.writeHead(302, { location: target }).end();
      case 'cut-off':
        return void response.writeHead(200, { 'content-length': '5000' }).write('<rss>', () => response.destroy());
    }
  }
}

function handOut(response: ServerResponse, file: Uint8Array | { readonly redirectsTo: string }): void {
  if ('redirectsTo' in file) response.writeHead(302, { location: file.redirectsTo }).end();
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file);
}

function entityBomb(): string {
  const levels = Array.from({ length: 9 }, (_level, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`);
  return `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "laugh">${levels.join('')}]><rss><channel><item><title>&l9;</title></item></channel></rss>`;
}

/** 100 MB, unless who reads has enough before. */
function pour(response: ServerResponse): void {
  const chunk = Buffer.alloc(256 * 1024, ' ');
  let left = HUGE_BYTES;
  response.writeHead(200, XML);
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) return;
    }
    if (left <= 0) response.end();
  };
  response.on('drain', more);
  more();
}
