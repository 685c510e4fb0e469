// What the guarded client refuses to reach, from the first request to the last redirect.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestListener } from 'node:http';
import { HttpLab, never } from '../../support/http-lab.js';

let lab = new HttpLab();

beforeEach(() => {
  lab = new HttpLab();
});

afterEach(async () => {
  await lab.close();
});

const KIB = 1024;

function redirectTo(location: string): RequestListener {
  return (_request, response) => void response.writeHead(302, { location }).end();
}

describe('the guard', () => {
  it.each([
    'http://127.0.0.1:80/',
    'http://127.1/',
    'http://0x7f.0.0.1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest',
    'http://0.0.0.0/',
  ])('%s - is refused', async (url) => {
    const client = lab.client({ allow: [] });
    await expect(client.get(url, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    await expect(client.stream(url, { signal: never() })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/', 'data:text/plain,hello', 'gopher://127.0.0.1/', 'no address', ''])(
    '%j - is no address to fetch',
    async (url) => {
      await expect(lab.client().get(url, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({
        code: 'FETCH_REFUSED',
      });
    },
  );

  it('metadata of the cloud - is refused even where everything is allowed', async () => {
    const client = lab.client({ allow: ['0.0.0.0/0', '::/0'], names: { 'metadata.example.org': ['169.254.169.254'] } });
    for (const url of ['http://169.254.169.254/', 'http://[fd00:ec2::254]/', 'http://metadata.example.org/']) {
      await expect(client.get(url, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    }
  });

  it('a name with a private address - is refused; the log says which host, not which address', async () => {
    const client = lab.client({ allow: [], names: { 'inside.example.org': ['10.0.0.5'] } });
    const url = 'http://inside.example.org/secret?apikey=secret';
    await expect(client.get(url, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    expect(lab.lines.join('')).toContain('inside.example.org');
    expect(lab.lines.join('')).not.toContain('secret');
  });

  it('a name with good and bad addresses - is reached at the good one only', async () => {
    const { port } = await lab.serve((request, response) => void response.end(request.socket.localAddress));
    const client = lab.client({ names: { 'mixed.example.org': ['10.0.0.5', '127.0.0.2', '127.0.0.1'] } });
    const { body } = await client.get(`http://mixed.example.org:${port}/`, { signal: never(), maxBytes: KIB });
    expect(Buffer.from(body).toString()).toBe('127.0.0.1');
  });

  it('dns - is asked once a hop and its answer pinned, the name kept in the Host header', async () => {
    const { port } = await lab.serve((request, response) => void response.end(request.headers.host));
    const asked: string[] = [];
    const client = lab.client({ names: { 'film.example.org': ['127.0.0.1'] }, asked });
    const { body } = await client.get(`http://film.example.org:${port}/`, { signal: never(), maxBytes: KIB });
    expect(Buffer.from(body).toString()).toBe(`film.example.org:${port}`);
    expect(asked).toEqual(['film.example.org']);
  });
});

describe('redirects', () => {
  it('redirect - is followed, relative ones too', async () => {
    const { origin } = await lab.serve((request, response) => {
      if (request.url === '/start') redirectTo('next?x=1')(request, response);
      else response.end(request.url);
    });
    const answer = await lab.client().get(`${origin}/start`, { signal: never(), maxBytes: KIB });
    expect(answer.url).toBe(`${origin}/next?x=1`);
    expect(Buffer.from(answer.body).toString()).toBe('/next?x=1');
  });

  it.each([
    'http://127.0.0.2:80/',
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'http://inside.example.org/',
    'file:///etc/passwd',
    'http://[::1]/',
  ])('redirect to %s - is refused like a first request', async (location) => {
    const { origin } = await lab.serve(redirectTo(location));
    const client = lab.client({ names: { 'inside.example.org': ['10.0.0.5'] } });
    await expect(client.get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    });
    await expect(client.stream(origin, { signal: never() })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
  });

  it('redirect in a circle - ends', async () => {
    const { origin } = await lab.serve(redirectTo('/'));
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'UPSTREAM',
    });
  });

  it('credentials - stay with their origin', async () => {
    const headers = { authorization: 'Bearer a', cookie: 'b=c', 'x-api-key': 'd', 'x-other': 'e' };
    const echo: RequestListener = (request, response) => void response.end(JSON.stringify(request.headers));
    const other = await lab.serve(echo);
    const { origin } = await lab.serve((request, response) => {
      if (request.url === '/same') redirectTo('/echo')(request, response);
      else if (request.url === '/other') redirectTo(`${other.origin}/`)(request, response);
      else echo(request, response);
    });
    const receive = async (path: string): Promise<unknown> => {
      const { body } = await lab.client().get(`${origin}${path}`, { signal: never(), maxBytes: 4 * KIB, headers });
      return JSON.parse(Buffer.from(body).toString());
    };
    expect(await receive('/same')).toMatchObject(headers);
    const seen = await receive('/other');
    expect(seen).toMatchObject({ 'x-other': 'e' });
    for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen).not.toHaveProperty(name);
  });

  it('proxies named by the environment - are ignored', async () => {
    const { origin } = await lab.serve((_request, response) => void response.end('direct'));
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = 'http://127.0.0.1:9/';
    try {
      const { body } = await lab.client().get(origin, { signal: never(), maxBytes: KIB });
      expect(Buffer.from(body).toString()).toBe('direct');
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });
});

describe('origins that were configured', () => {
  it('a configured origin - is reached at a private address; its neighbours are not', async () => {
    const { origin, port } = await lab.serve((_request, response) => void response.end('here'));
    const other = await lab.serve((_request, response) => void response.end('there'));
    const client = lab.client({ allow: [], allowedOrigins: () => new Set([origin]) });
    expect(Buffer.from((await client.get(`${origin}/api`, { signal: never(), maxBytes: KIB })).body).toString()).toBe(
      'here',
    );
    for (const url of [other.origin, `https://127.0.0.1:${port}/`, `http://localhost:${port}/`]) {
      await expect(client.get(url, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
        code: expect.stringMatching(/FETCH_REFUSED|UPSTREAM/),
      });
    }
  });

  it('a configured origin - that redirects to another private address is refused, to itself followed', async () => {
    const hidden = await lab.serve((_request, response) => void response.end('secret'));
    const { origin } = await lab.serve((request, response) =>
      request.url === '/out'
        ? redirectTo(hidden.origin)(request, response)
        : request.url === '/in'
          ? redirectTo('/end')(request, response)
          : void response.end('end'),
    );
    const client = lab.client({ allow: [], allowedOrigins: () => new Set([origin]) });
    await expect(client.get(`${origin}/out`, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    });
    expect((await client.get(`${origin}/in`, { signal: never(), maxBytes: KIB })).url).toBe(`${origin}/end`);
  });

  it('a configured origin - is asked for at each fetch, and never reaches the metadata of the cloud', async () => {
    const origins = new Set(['http://169.254.169.254', 'http://metadata.example.org']);
    const names = { 'metadata.example.org': ['169.254.169.254'] };
    const client = lab.client({ allow: [], names, allowedOrigins: () => origins });
    for (const url of origins) {
      await expect(client.get(url, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    }
    const { origin } = await lab.serve((_request, response) => void response.end());
    await expect(client.get(origin, { signal: never(), maxBytes: 1 })).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
    origins.add(origin);
    expect((await client.get(origin, { signal: never(), maxBytes: 1 })).status).toBe(200);
  });
});

describe('a redirect to a magnet link', () => {
  const magnet = `magnet:?xt=urn:btih:${'a'.repeat(40)}`;

  it('a redirect to a magnet link - is the answer for who takes it, after redirects that are followed', async () => {
    const { origin } = await lab.serve((request, response) =>
      redirectTo(request.url === '/' ? '/magnet' : magnet)(request, response),
    );
    const answer = await lab.client().get(origin, { signal: never(), maxBytes: KIB, takesForeignRedirect: true });
    expect(answer).toMatchObject({ status: 302, headers: { location: magnet } });
  });

  it('a redirect to a magnet link - is refused for everybody else', async () => {
    const { origin } = await lab.serve(redirectTo(magnet));
    await expect(lab.client().get(origin, { signal: never(), maxBytes: KIB })).rejects.toMatchObject({
      code: 'FETCH_REFUSED',
    });
  });
});
