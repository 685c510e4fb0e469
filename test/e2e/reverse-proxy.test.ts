// The built server behind a real Caddy, on its own host and under a path, configured as the README says: every address that is
// handed out leads back through the proxy, and bytes come as they are read.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'webdav';

import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { startCaddy, type Caddy } from '../support/caddy.js';
import { ask, askJson, open } from '../support/http.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const name = 'Proxied.Film.2020.1080p.WEB-DEMO';
const sizeBytes = 6_000_000;
const content = pseudoRandomSource(name, sizeBytes);
const webdavPassword = 'a-webdav-password';

describe.each([
  { where: 'on a host of its own', prefix: '' },
  { where: 'under a path', prefix: '/headstart' },
])('behind Caddy, $where', ({ prefix }) => {
  let lab: UsenetLab;
  let caddy: Caddy;
  let posted: PostedNzb;
  let origin: string;
  beforeAll(async () => {
    const env = { TRUSTED_PROXIES: '127.0.0.1', WEBDAV_PASSWORD: webdavPassword };
    lab = await openUsenetLab({ server: 'scripted', headstart: { env } });
    posted = await lab.post(name, [{ name: `${name}.mkv`, content }], { partBytes: 100_000, meta: { name } });
    caddy = lab.resources.use(await startCaddy(siteFor(lab.headstart.origin, prefix)));
    origin = caddy.origin + prefix;
  });
  afterAll(() => lab.close());

  const submit = (nzbUrl = posted.nzbUrl) =>
    askJson(`${origin}/api/nzb/streams`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-api-key': lab.headstart.apiKey },
      body: new URLSearchParams({ nzb_url: nzbUrl, category: 'Movies' }).toString(),
    });

  it('addresses - begin with the proxy, and play through it, ranges and all', async () => {
    const { status, json } = await submit();
    expect(status).toBe(200);
    const [{ url }] = json['streams'] as [{ url: string }];
    expect(url.startsWith(`${origin}/api/files/stream?`)).toBe(true);
    const range = await ask(url, { headers: { range: 'bytes=-1000' } });
    expect([range.status, range.body.equals(content.read(sizeBytes - 1000, 1000))]).toEqual([206, true]);
    expect((await ask(url)).body.equals(content.read(0, sizeBytes))).toBe(true);
  });

  it('bytes - come as they are read: nothing is held back until the last is there', async () => {
    const late = 'Late.Film.2020.1080p.WEB-DEMO';
    const film = pseudoRandomSource(late, sizeBytes);
    const { nzbUrl, messageIds } = await lab.post(late, [{ name: `${late}.mkv`, content: film }], {
      partBytes: 100_000,
    });
    const [{ url }] = (await submit(nzbUrl)).json['streams'] as [{ url: string }];
    const silent = new Set(messageIds[`${late}.mkv`]?.slice(20, 40));
    lab.scripted.set({ faults: ({ messageId }) => (silent.has(messageId) ? { kind: 'never' } : null) });
    for await (const chunk of (await open(url)) as AsyncIterable<Buffer>) {
      expect(chunk.equals(film.read(0, chunk.length))).toBe(true);
      break;
    }
    lab.scripted.set({ faults: () => null });
    lab.scripted.cutSilent();
  });

  it('the manifest and the pages - carry the address that was called', async () => {
    const { json } = await askJson(`${origin}/api/status`, { headers: { 'x-api-key': lab.headstart.apiKey } });
    const manifestUrl = String(json['manifestUrl']);
    expect(manifestUrl.startsWith(`${origin}/stremio/`)).toBe(true);
    expect((await askJson(manifestUrl)).json['name']).toBe('Headstart');
    const page = await ask(`${origin}/configure`);
    expect(page.headers.location ?? '').toContain(`${prefix}/sign-in`);
  });

  it('WebDAV - lists and reads through the proxy', async () => {
    await submit();
    const client = createClient(`${origin}/webdav`, { username: 'headstart', password: webdavPassword });
    const files = await client.getDirectoryContents('/complete', { deep: true });
    const file = files.find(({ basename }) => basename === `${name}.mkv`);
    expect(file).toMatchObject({ type: 'file', size: sizeBytes });
    const bytes = (await client.getFileContents(file?.filename ?? '')) as Buffer;
    expect(Buffer.from(bytes).equals(content.read(0, sizeBytes))).toBe(true);
  });

  it('SABnzbd - answers below the path too', async () => {
    const key = lab.headstart.apiKey;
    const { json } = await askJson(`${origin}/sabnzbd/api?mode=version&output=json&apikey=${key}`);
    expect(json['version']).toMatch(/^\d+\.\d+/);
  });
});

/** As the README has it. */
function siteFor(upstream: string, prefix: string): string {
  const target = upstream.replace('http://', '');
  if (prefix === '') return `reverse_proxy ${target}`;
  return `handle_path ${prefix}/* {\n  reverse_proxy ${target} {\n    header_up X-Forwarded-Prefix ${prefix}\n  }\n}`;
}
