// The small parts that speak HTTP themselves, behind one plain node server.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { AccessError, BusyError } from '../../../backend/content/index.js';
import { byteCors, loopbackGuard, sendError, sendPlaylist, setMediaHeaders } from '../../../backend/delivery/index.js';
import { ask, type Answer, type Ask } from '../../support/http.js';

async function answerOf(listener: RequestListener, options: Ask = {}, path = '/'): Promise<Answer> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await ask(`http://127.0.0.1:${port}${path}`, options);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('media headers', () => {
  it('media headers - HEAD before the content is known says the type and no length', async () => {
    const answer = await answerOf((_req, res) => (setMediaHeaders(res, { name: 'Film.mkv' }), res.end()), {
      method: 'HEAD',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'content-type': 'video/x-matroska', 'accept-ranges': 'bytes' });
    for (const name of ['content-length', 'etag', 'last-modified', 'transfer-encoding']) {
      expect(answer.headers).not.toHaveProperty(name);
    }
  });

  it('media headers - a date that is none is left out', async () => {
    const facts = { name: 'a', modifiedAt: new Date(NaN) };
    const answer = await answerOf((_req, res) => (setMediaHeaders(res, facts), res.end()), { method: 'HEAD' });
    expect(answer.headers).not.toHaveProperty('last-modified');
  });

  it('media headers - only the word true asks for a download', async () => {
    const listener: RequestListener = (_req, res) => (setMediaHeaders(res, { name: 'a' }), res.end());
    const dispositionAt = async (path: string): Promise<string | undefined> =>
      (await answerOf(listener, {}, path)).headers['content-disposition']?.split(';')[0];
    expect(await dispositionAt('/a?x=1&download=true')).toBe('attachment');
    expect(await dispositionAt('/a?download=false')).toBe('inline');
    expect(await dispositionAt('/a')).toBe('inline');
  });
});

describe('byte cors', () => {
  it('byte cors - lets requests pass, and never lets credentials in', async () => {
    const answer = await answerOf((req, res) => {
      res.setHeader('Access-Control-Allow-Credentials', 'true');
      byteCors()(req, res, () => res.end('passed'));
    });
    expect([answer.body.toString(), answer.headers['access-control-allow-origin']]).toEqual(['passed', '*']);
    expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
  });

  it('byte cors - answers OPTIONS with the methods of its route', async () => {
    const listener: RequestListener = (req, res) =>
      byteCors({ methods: ['GET', 'POST', 'OPTIONS'] })(req, res, () => res.end());
    const answer = await answerOf(listener, { method: 'OPTIONS' });
    expect([answer.status, answer.headers['access-control-allow-methods']]).toEqual([204, 'GET, POST, OPTIONS']);
  });
});

describe('send error', () => {
  it('send error - status, words, and what goes with them', async () => {
    const busy = await answerOf((_req, res) => sendError(res, new BusyError('Wait.', 3)));
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '3']);
    const closed = await answerOf((_req, res) => sendError(res, new AccessError('Sign in.', 'UNAUTHORIZED')));
    expect([closed.status, closed.headers['www-authenticate']]).toEqual([401, 'Bearer realm="Headstart"']);
    expect(JSON.parse(closed.body.toString())).toEqual({ error: 'Sign in.', code: 'UNAUTHORIZED' });
  });

  it('send error - a dialect keeps its own challenge and its own body', async () => {
    const answer = await answerOf((_req, res) => {
      res.setHeader('WWW-Authenticate', 'Basic realm="dav"');
      sendError(res, new AccessError('Sign in.', 'UNAUTHORIZED'), {
        body: ({ status }) => ({ success: false, status }),
      });
    });
    expect(answer.headers['www-authenticate']).toBe('Basic realm="dav"');
    expect(JSON.parse(answer.body.toString())).toEqual({ success: false, status: 401 });
  });

  it('send error - half an answer is cut', async () => {
    const cut = answerOf((_req, res) => {
      res.writeHead(200, { 'Content-Length': 100 });
      res.write('half', () => sendError(res, new Error('x')));
    });
    await expect(cut).rejects.toThrow();
  });
});

describe('send playlist', () => {
  it('send playlist - is saved under its name', async () => {
    const answer = await answerOf((_req, res) => sendPlaylist(res, { name: 'My "film"', entries: [] }));
    expect(answer.headers).toMatchObject({
      'content-type': 'application/mpegurl; charset=utf-8',
      'content-disposition': 'attachment; filename="My \\"film\\"-playlist.m3u8"',
      'content-length': '8',
    });
  });
});

describe('loopback guard', () => {
  const guarded: RequestListener = (req, res) =>
    loopbackGuard({ allowedOrigins: ['https://web.example'] })(req, res, () => res.end());
  const statusFor = async (headers: Record<string, string>): Promise<number> =>
    (await answerOf(guarded, { headers })).status;

  it('loopback guard - programs and pages of this machine pass', async () => {
    expect(await statusFor({})).toBe(200);
    expect(await statusFor({ host: 'localhost:7000', origin: 'http://127.0.0.1:7000' })).toBe(200);
    expect(await statusFor({ origin: 'https://web.example' })).toBe(200);
  });

  it('loopback guard - rebound names and foreign pages do not', async () => {
    expect(await statusFor({ host: 'evil.test' })).toBe(403);
    expect(await statusFor({ origin: 'https://evil.test' })).toBe(403);
    expect(await statusFor({ origin: 'null' })).toBe(403);
    expect(await statusFor({ origin: 'http://localhost.evil.test' })).toBe(403);
  });
});
