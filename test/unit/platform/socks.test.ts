// One connection through a SOCKS5 proxy, and everything that can end it early.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { connectThroughProxy } from '../../../backend/platform/index.js';
import { Resources } from '../../support/resources.js';
import { startSocksProxy } from '../../support/socks-proxy.js';

let resources: Resources;

beforeEach(() => {
  resources = new Resources();
});

afterEach(() => resources.close());

/** A server that sends its greeting first and then everything back. */
async function startEcho(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).write('welcome ');
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.use(server);
  return (server.address() as AddressInfo).port;
}

describe('connection through a proxy', () => {
  it('bytes - flow both ways, none lost at the start', async () => {
    const proxy = resources.use(await startSocksProxy({ routes: { 'far.example:7': await startEcho() } }));
    const socket = await connectThroughProxy(proxy.url, { host: 'far.example', port: 7 });
    socket.end('and bye');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toBe('welcome and bye');
  });

  it('proxy with an IPv6 address - is connected to, not looked up', async () => {
    const attempt = connectThroughProxy('socks5://[::1]:9', { host: 'far.example', port: 7 });
    const failure = await attempt.catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'PROXY' });
    expect(String((failure as Error).cause)).toContain('::1:9');
  });

  it('abort - ends the attempt with the signal’s reason, and leaves no listener', async () => {
    const proxy = resources.use(await startSocksProxy({ isMute: true }));
    const controller = new AbortController();
    const { signal } = controller;
    const attempt = connectThroughProxy(proxy.url, { host: 'far.example', port: 7 }, { signal });
    const reason = new Error('no longer wanted');
    setImmediate(() => controller.abort(reason));
    await expect(attempt).rejects.toBe(reason);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    await expect(connectThroughProxy(proxy.url, { host: 'far.example', port: 7 }, { signal })).rejects.toBe(reason);
  });

  it('proxy that says nothing - ends with a timeout', async () => {
    const proxy = resources.use(await startSocksProxy({ isMute: true }));
    const attempt = connectThroughProxy(proxy.url, { host: 'far.example', port: 7 }, { timeoutMs: 30 });
    await expect(attempt).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it.each([
    ['too long a name', 'socks5://127.0.0.1:9', 'a'.repeat(254)],
    ['too long a password', `socks5://me:${'p'.repeat(256)}@127.0.0.1:9`, 'far.example'],
    ['a broken password', 'socks5://me:%E0%A4%A@127.0.0.1:9', 'far.example'],
  ])('%s - is an error, not a crash', async (_what, proxyUrl, host) => {
    const proxy = resources.use(await startSocksProxy());
    const attempt = connectThroughProxy(proxyUrl.replace(/:9$/, `:${proxy.port}`), { host, port: 7 });
    await expect(attempt).rejects.toThrow();
    expect(proxy.targets).toEqual([]);
  });
});
