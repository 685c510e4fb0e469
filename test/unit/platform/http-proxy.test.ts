// The guarded way out through a SOCKS5 proxy: everything goes through it, nothing is asked of DNS here.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { HttpClient } from '../../../backend/platform/index.js';
import { HttpLab, never } from '../../support/http-lab.js';
import type { ClientOptions } from '../../support/http-lab.js';
import { Resources } from '../../support/resources.js';
import { startSocksProxy } from '../../support/socks-proxy.js';
import type { SocksOptions, SocksProxy } from '../../support/socks-proxy.js';

let lab: HttpLab;
let resources: Resources;
let asked: string[];

beforeEach(() => {
  resources = new Resources();
  lab = resources.use(new HttpLab());
  asked = [];
});

afterEach(() => resources.close());

async function proxied(
  proxyOptions: SocksOptions = {},
  clientOptions: ClientOptions = {},
): Promise<{ proxy: SocksProxy; client: HttpClient; get: (url: string) => Promise<string> }> {
  const proxy = resources.use(await startSocksProxy(proxyOptions));
  const client = lab.client({ allow: [], asked, proxyUrl: proxy.url, ...clientOptions });
  const get = async (url: string): Promise<string> => {
    const { body } = await client.get(url, { signal: never(), maxBytes: 1024, timeoutMs: 5000 });
    return Buffer.from(body).toString();
  };
  return { proxy, client, get };
}

describe('http client with a proxy', () => {
  it('name - is looked up by the proxy alone, redirects included', async () => {
    const { port } = await lab.serve((request, response) => {
      if (request.url === '/from') response.writeHead(302, { location: 'http://two.example/to' }).end();
      else response.end(`${request.headers.host ?? ''}${request.url ?? ''}`);
    });
    const { proxy, get } = await proxied({ routes: { 'one.example:8080': port, 'two.example:80': port } });
    expect(await get('http://one.example:8080/from')).toBe('two.example/to');
    expect(proxy.targets).toEqual(['one.example:8080', 'two.example:80']);
    expect(asked).toEqual([]);
  });

  it('public address - goes through the proxy as it is', async () => {
    const { port } = await lab.serve((_request, response) => void response.end('hello'));
    const { proxy, get } = await proxied({ routes: { '192.0.1.7:80': port, '[2001:470:0:0:0:0:0:1]:81': port } });
    expect(await get('http://192.0.1.7/')).toBe('hello');
    expect(await get('http://[2001:470::1]:81/')).toBe('hello');
    expect(proxy.targets).toEqual(['192.0.1.7:80', '[2001:470:0:0:0:0:0:1]:81']);
  });

  it('stream - goes through the proxy too', async () => {
    const { port } = await lab.serve((_request, response) => void response.end('streamed'));
    const { client } = await proxied({ routes: { 'one.example:80': port } });
    const { body } = await client.stream('http://one.example/', { signal: never() });
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('streamed');
  });

  it('https - speaks TLS with the far end, by its name', async () => {
    const hellos: Buffer[] = [];
    const server = createServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk) => {
        hellos.push(chunk);
        socket.destroy();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    resources.use(server);
    const { proxy, get } = await proxied({ routes: { 'secure.example:443': (server.address() as AddressInfo).port } });
    await expect(get('https://secure.example/')).rejects.toMatchObject({ code: 'UPSTREAM' });
    expect(proxy.targets).toEqual(['secure.example:443']);
    expect(hellos[0]?.[0]).toBe(22); // a TLS handshake record
    expect(hellos[0]?.includes('secure.example')).toBe(true);
  });

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost/',
    'http://router/',
    'http://printer.local/',
    'http://db.internal/',
    'http://nas.home.arpa/',
  ])('%s - is refused before the proxy hears of it', async (url) => {
    const { proxy, get } = await proxied();
    await expect(get(url)).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    expect(proxy.targets).toEqual([]);
  });

  it('private addresses allowed - names of the inside may be asked for, metadata of the cloud never', async () => {
    const { port } = await lab.serve((_request, response) => void response.end('inside'));
    const { get } = await proxied({ routes: { 'tracker:80': port } }, { allow: ['0.0.0.0/0'] });
    expect(await get('http://tracker/')).toBe('inside');
    for (const url of ['http://169.254.169.254/', 'http://metadata.google.internal/', 'http://metadata/']) {
      await expect(get(url)).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    }
  });

  it('redirect to the inside - is refused like a first request', async () => {
    const { port } = await lab.serve((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1/' }).end();
    });
    const { proxy, get } = await proxied({ routes: { 'one.example:80': port } });
    await expect(get('http://one.example/')).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    expect(proxy.targets).toEqual(['one.example:80']);
  });

  it('user and password - are sent; wrong ones fail without being told to anybody', async () => {
    const { port } = await lab.serve((_request, response) => void response.end('hello'));
    const options = { credentials: 'me:my p@ss', routes: { 'one.example:80': port } };
    const proxy = resources.use(await startSocksProxy(options));
    const get = (user: string) => {
      const proxyUrl = proxy.url.replace('//', `//${user}@`);
      return lab.client({ allow: [], proxyUrl }).get('http://one.example/', { signal: never(), maxBytes: 99 });
    };
    expect(Buffer.from((await get('me:my%20p%40ss')).body).toString()).toBe('hello');
    const failure = await get('me:wrong-word').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UPSTREAM' });
    const { message, cause } = failure as Error;
    expect(`${message} ${String(cause)} ${JSON.stringify(failure)} ${lab.lines.join()}`).not.toContain('wrong-word');
  });

  it('proxy that refuses, is gone or says nothing - is no way around it', async () => {
    const { proxy, client } = await proxied();
    const unreachable = client.get('http://one.example/', { signal: never(), maxBytes: 1 });
    await expect(unreachable).rejects.toMatchObject({ code: 'UPSTREAM' });
    await proxy.close();
    const gone = client.get('http://one.example/', { signal: never(), maxBytes: 1 });
    await expect(gone).rejects.toMatchObject({ code: 'UPSTREAM' });
    const mute = await proxied({ isMute: true });
    const silent = mute.client.get('http://one.example/', { signal: never(), maxBytes: 1, timeoutMs: 50 });
    await expect(silent).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});
