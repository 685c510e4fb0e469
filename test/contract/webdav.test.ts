// WebDAV as its clients meet it: who may, what is listed, what is served, what can be removed.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { fakeBytes } from '../support/fake-engine.js';
import { ask } from '../support/http.js';
import { ManualClock } from '../support/manual-clock.js';
import { API_KEY, basic, startWebdavApi, type WebdavApi, type WebdavApiOptions } from '../support/webdav-harness.js';

const SMALL = 300_000;
const PACK = ['S1/e1.mkv', 'S1/e2.mkv', 'S2/e1.mkv'].map((path): readonly [string, number] => [path, SMALL]);
const odd = `100% Öpen #1 & "Film" 'x' + 🎬?`;
const encoded = encodeURIComponent(odd);
let api: WebdavApi;

async function restart(options: WebdavApiOptions): Promise<void> {
  await api.close();
  api = await startWebdavApi(options);
}

beforeEach(async () => {
  api = await startWebdavApi();
});

afterEach(() => api.close());

function addOdd(): void {
  api.shelf.add('tv', odd, { files: [[`${odd}.MKV`, SMALL]] });
}

function hrefs(text: string): string[] {
  return [...text.matchAll(/<D:href>([^<]*)<\/D:href>/g)].map(([, href]) => (href ?? '').replaceAll('&amp;', '&'));
}

describe('who may', () => {
  const statusWith = async (headers: Readonly<Record<string, string>>, query = ''): Promise<number> =>
    (await ask(`${api.origin}/webdav/${query}`, { method: 'PROPFIND', headers: { depth: '0', ...headers } })).status;

  it('account, API key as any password, keys in the query and as header - pass', async () => {
    const hash = createHash('sha256').update(API_KEY).digest('hex');
    const { user, password } = api.account;
    for (const headers of [
      { authorization: basic(user, password) },
      { authorization: basic('anybody', API_KEY) },
      { authorization: basic('', API_KEY) },
      { 'x-api-key': API_KEY },
    ])
      expect(await statusWith(headers)).toBe(207);
    for (const query of [`?apikey=${API_KEY}`, `?download_key=${hash}`]) {
      expect(await statusWith({}, query)).toBe(207);
      expect(await statusWith({ authorization: basic('foreign', 'key') }, query)).toBe(207);
    }
  });

  it('anything else - is asked for Basic credentials, whatever stands there', async () => {
    for (const path of ['', '/', '/complete/', '/none/there']) {
      const answer = await ask(`${api.origin}/webdav${path}`);
      expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Basic realm="Headstart"']);
    }
    const { user, password } = api.account;
    for (const authorization of [basic(user, ''), basic('other', password), basic(user, `${password}x`), 'Basic ?'])
      expect(await statusWith({ authorization })).toBe(401);
    expect(await statusWith({}, '?apikey=wrong')).toBe(401);
  });

  it('guesses - are told to wait, by address; whoever has the password or a key is not, nor who repeats one wrong', async () => {
    const clock = new ManualClock();
    await restart({ clock });
    const from = (client: string, password: string): Promise<number> =>
      statusWith({ 'x-client': client, authorization: basic('headstart', password) });
    for (let count = 0; count < 30; count += 1) expect(await from('10.0.0.1', 'old password')).toBe(401);
    expect(await from('10.0.0.1', api.account.password)).toBe(207);
    for (let count = 0; count < 9; count += 1) expect(await from('10.0.0.1', `guess ${count}`)).toBe(401);
    expect(await from('10.0.0.1', 'another guess')).toBe(429);
    expect(await from('10.0.0.2', 'another guess')).toBe(401);
    for (const right of [api.account.password, API_KEY]) expect(await from('10.0.0.1', right)).toBe(207);
    expect(await from('10.0.0.1', 'another guess')).toBe(429);
    await clock.advance(300_000);
    expect(await from('10.0.0.1', 'another guess')).toBe(401);
  });

  it('renewed password - opens at once, the old one no more; one that is set is not renewed', async () => {
    const old = api.account.password;
    const renew = (headers: Readonly<Record<string, string>>): ReturnType<typeof ask> =>
      ask(`${api.origin}/api/webdav/password`, { method: 'POST', headers });
    expect((await renew({})).status).toBe(401);
    expect((await renew({ authorization: basic('headstart', old) })).status).toBe(401);
    const answer = await renew({ 'x-api-key': API_KEY });
    const { user, password } = JSON.parse(answer.body.toString()) as { user: string; password: string };
    expect([answer.status, user, answer.headers['cache-control']]).toEqual([200, 'headstart', 'no-store']);
    expect(await statusWith({ authorization: basic(user, old) })).toBe(401);
    expect(await statusWith({ authorization: basic(user, password) })).toBe(207);
    await restart({ webdavPassword: 'set by hand' });
    expect(await statusWith({ authorization: basic('headstart', 'set by hand') })).toBe(207);
    const refused = await renew({ 'x-api-key': API_KEY });
    expect([refused.status, refused.body.toString()]).toEqual([400, expect.stringContaining('WEBDAV_PASSWORD')]);
  });

  it('AUTH=none - asks nobody', async () => {
    await restart({ auth: 'none' });
    expect(await statusWith({})).toBe(207);
  });
});

describe('listing', () => {
  it('OPTIONS - says what is answered, without credentials', async () => {
    const { status, headers } = await ask(`${api.origin}/webdav/complete/`, { method: 'OPTIONS' });
    expect([status, headers.dav, headers.allow]).toEqual([204, '1', 'OPTIONS, GET, HEAD, PROPFIND, DELETE']);
  });

  it('PROPFIND - depth 0, 1, infinity and none, with and without a slash at the end', async () => {
    addOdd();
    const folder = `/webdav/complete/tv/${encoded}/`;
    const file = `${folder}${encoded}.mkv`;
    const everything = [
      ...['/webdav/', '/webdav/complete/', '/webdav/complete/tv/', folder, file],
      ...['/webdav/nzbs/', `/webdav/nzbs/${encoded}.nzb`, '/webdav/torrents/'],
    ];
    for (const slash of ['', '/']) {
      expect(hrefs((await api.propfind(`/complete${slash}`, '1')).text)).toEqual(everything.slice(1, 3));
      expect(hrefs((await api.propfind(`/complete/tv/${encoded}${slash}`, '0')).text)).toEqual([folder]);
      expect(hrefs((await api.propfind(`/complete/tv/${encoded}${slash}`, '1')).text)).toEqual([folder, file]);
      expect(hrefs((await api.propfind(`/complete/tv/${encoded}/${encoded}.mkv${slash}`, '1')).text)).toEqual([file]);
      for (const depth of ['infinity', null])
        expect(hrefs((await api.propfind(slash, depth)).text)).toEqual(everything);
    }
  });

  it('PROPFIND - says type, length and times, and lists as stably as it names', async () => {
    addOdd();
    const answer = await api.propfind('/', 'infinity');
    expect([answer.status, answer.headers['content-type']]).toEqual([207, 'application/xml; charset=utf-8']);
    const [, , , folder, file] = answer.text.split('<D:response>').slice(1);
    expect(folder).toMatch(/<D:resourcetype><D:collection\/><\/D:resourcetype>/);
    expect(file).toMatch(/<D:resourcetype\/>.*<D:getcontentlength>300000<.*<D:getcontenttype>video\/x-matroska</);
    expect(file).toContain(`<D:displayname>100% Öpen #1 &amp; &quot;Film&quot; 'x' + 🎬?.mkv</D:displayname>`);
    expect((await api.propfind('/', 'infinity')).text).toBe(answer.text);
  });

  it('PROPFIND - asked for some properties, answers those, and the unknown as not found', async () => {
    addOdd();
    const body =
      '<?xml version="1.0"?><a:propfind xmlns:a="DAV:"><a:prop><a:quota-used-bytes/><a:getcontentlength/></a:prop></a:propfind>';
    const { text } = await api.propfind(`/complete/tv/${encoded}/${encoded}.mkv`, '0', { body });
    expect(text).toContain(
      '<D:propstat><D:prop><D:getcontentlength>300000</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>' +
        '<D:propstat><D:prop><D:quota-used-bytes/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>',
    );
  });

  it('PROPFIND - what cannot be read is refused, and nothing opened for it', async () => {
    expect((await api.propfind('/', '2')).status).toBe(400);
    expect((await api.propfind('/', '1', { body: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' })).status).toBe(400);
    expect((await api.propfind('/', '1', { body: `<a>${'x'.repeat(70_000)}</a>` })).status).toBe(413);
    expect((await api.propfind('/complete/%ff', '1')).status).toBe(400);
    for (const path of [
      '/complete/%2e%2e/%2e%2e/etc',
      '/complete/tv%2f..',
      '/complete/a%00',
      '/none',
      '/complete/none/',
    ])
      expect([path, (await api.propfind(path, '1')).status]).toEqual([path, 404]);
  });

  it('addresses - begin with the path that the client called', async () => {
    const proxied = await api.propfind('/complete', '0', { headers: { 'x-forwarded-prefix': '/films/server/' } });
    expect(hrefs(proxied.text)).toEqual(['/films/server/webdav/complete/']);
    await restart({ baseUrl: 'https://films.example/a%20path' });
    const through = await api.propfind('', '0', { headers: { 'x-forwarded-host': 'films.example' } });
    expect(hrefs(through.text)).toEqual(['/a%20path/webdav/']);
    expect(hrefs((await api.propfind('', '0')).text)).toEqual(['/webdav/']);
  });

  it('/WebDAV - is not here: no listing would say so', async () => {
    const authorization = basic(api.account.user, api.account.password);
    const answer = await ask(`${api.origin}/WebDAV/`, { method: 'PROPFIND', headers: { authorization, depth: '0' } });
    expect(answer.status).toBe(404);
  });

  it('listing - opens nothing', async () => {
    addOdd();
    await api.propfind('/', 'infinity');
    await api.dav(`/complete/tv/${encoded}/${encoded}.mkv`, { method: 'HEAD' });
    expect(api.engine.opened).toEqual([]);
  });

  it('a client that goes away - ends the listing, and the next is answered', async () => {
    api.shelf.database.sql.transaction(() => {
      for (let count = 0; count < 2_000; count += 1) api.shelf.add('movies', `Film ${String(count)}`);
    })();
    const leaving = new AbortController();
    const cut = api.propfind('/', 'infinity', { signal: leaving.signal }).catch((error: Error) => error.name);
    leaving.abort();
    expect(await cut).toBe('AbortError');
    expect(hrefs((await api.propfind('/complete/movies', '1')).text)).toHaveLength(2_001);
    expect(api.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('bytes', () => {
  it('GET - whole, ranges and suffixes, with the validator of the listing', async () => {
    addOdd();
    const path = `/complete/tv/${encoded}/${encoded}.mkv`;
    const whole = await api.dav(path);
    const { release, file } = api.engine.opened[0]!;
    const bytes = Buffer.from(fakeBytes(release, file));
    expect([whole.status, whole.body.equals(bytes)]).toEqual([200, true]);
    const part = await api.dav(path, { headers: { range: 'bytes=1000-1999' } });
    expect([part.status, part.body.equals(bytes.subarray(1_000, 2_000))]).toEqual([206, true]);
    const suffix = await api.dav(path, { headers: { range: 'bytes=-500' } });
    expect([suffix.status, suffix.body.equals(bytes.subarray(-500))]).toEqual([206, true]);
    const { text } = await api.propfind(path, '0');
    const etag = String(whole.headers.etag);
    expect(text).toContain(`<D:getetag>${etag.replaceAll('"', '&quot;')}</D:getetag>`);
    expect(text).toContain(`<D:getlastmodified>${String(whole.headers['last-modified'])}</D:getlastmodified>`);
    expect((await api.dav(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const head = await api.dav(path, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.headers.etag]).toEqual([200, String(SMALL), etag]);
    expect(whole.headers['cache-control']).toBe('private, no-store');
  });

  it('documents - as they were submitted', async () => {
    addOdd();
    const answer = await api.dav(`/nzbs/${encoded}.nzb`);
    expect([answer.status, answer.body.toString()]).toEqual([200, `<nzb>${odd}</nzb>`]);
    const part = await api.dav(`/nzbs/${encoded}.nzb`, { headers: { range: 'bytes=0-4' } });
    expect([part.status, part.body.toString()]).toEqual([206, '<nzb>']);
    const [contentId] = api.shelf.nzbs.keys();
    api.shelf.nzbs.set(contentId ?? '', Buffer.from('<nzb>of another indexer</nzb>'));
    expect((await api.dav(`/nzbs/${encoded}.nzb`)).body.toString()).toBe('<nzb>of another indexer</nzb>');
    expect((await api.propfind(`/nzbs/${encoded}.nzb`, '0')).text).toContain('<D:getcontentlength>29<');
  });

  it('folders - say what they are; what is not there is 404, what was removed 410', async () => {
    addOdd();
    const folder = await api.dav('/complete/tv/');
    expect([folder.status, folder.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect((await api.dav('/complete/tv/none/')).status).toBe(404);
    expect((await api.dav('/complete/tv/', { method: 'HEAD' })).status).toBe(200);
    await api.dav(`/complete/tv/${encoded}`, { method: 'DELETE' });
    expect((await api.dav(`/complete/tv/${encoded}/${encoded}.mkv`)).status).toBe(410);
    expect((await api.propfind(`/complete/tv/${encoded}`, '0')).status).toBe(404);
  });
});

describe('changing', () => {
  const remove = async (path: string): Promise<number> => (await api.dav(path, { method: 'DELETE' })).status;

  it('DELETE - removes an item by its folder or its only file, and nothing larger', async () => {
    addOdd();
    api.shelf.add('tv', 'Single', { files: [['Single.mkv', SMALL]] });
    api.shelf.add('tv', 'Pack', { files: PACK });
    for (const path of ['/', '/complete', '/complete/tv', '/nzbs', '/nzbs/Pack.nzb'])
      expect([path, await remove(path)]).toEqual([path, 403]);
    expect(await remove('/complete/tv/Single/Single.mkv')).toBe(204);
    expect(await remove(`/complete/tv/${encoded}/`)).toBe(204);
    expect([await remove('/complete/tv/Single'), await remove('/complete/none/none')]).toEqual([404, 404]);
    expect(hrefs((await api.propfind('/complete/tv', '1')).text)).toEqual([
      '/webdav/complete/tv/',
      '/webdav/complete/tv/Pack/',
    ]);
    expect(hrefs((await api.propfind('/nzbs', '1')).text)).toEqual(['/webdav/nzbs/', '/webdav/nzbs/Pack.nzb']);
  });

  it('DELETE of one file of several - leaves it out of all listings, and the others where they are', async () => {
    api.shelf.add('tv', 'Pack', { files: PACK });
    expect(await remove('/complete/tv/Pack/S1/e1.mkv')).toBe(204);
    const left = ['/webdav/complete/tv/Pack/', '/webdav/complete/tv/Pack/S1/', '/webdav/complete/tv/Pack/S1/e2.mkv'];
    expect(hrefs((await api.propfind('/complete/tv/Pack', 'infinity')).text)).toEqual([
      ...left,
      '/webdav/complete/tv/Pack/S2/',
      '/webdav/complete/tv/Pack/S2/e1.mkv',
    ]);
    expect(await remove('/complete/tv/Pack/S2')).toBe(204);
    expect(hrefs((await api.propfind('/complete', 'infinity')).text).slice(2)).toEqual(left);
    expect((await api.dav('/complete/tv/Pack/S1/e1.mkv')).status).toBe(410);
    expect([await remove('/complete/tv/Pack/S1/e1.mkv'), await remove('/complete/tv/Pack/S2')]).toEqual([404, 404]);
  });

  it('DELETE of one file after the other - the item goes with the last one', async () => {
    api.shelf.add('tv', 'Pack', { files: PACK });
    for (const [path] of PACK) expect(await remove(`/complete/tv/Pack/${path}`)).toBe(204);
    expect(hrefs((await api.propfind('/complete', 'infinity')).text)).toEqual(['/webdav/complete/']);
    expect((await api.dav('/complete/tv/Pack/S1/e2.mkv')).status).toBe(410);
  });

  it.each([
    ['PUT', 403],
    ['MKCOL', 403],
    ['MOVE', 403],
    ['COPY', 403],
    ['PROPPATCH', 403],
    ['LOCK', 405],
    ['UNLOCK', 405],
    ['POST', 405],
    ['PATCH', 405],
  ])('%s - is %i', async (method, status) => {
    addOdd();
    const answer = await api.dav(`/complete/tv/${encoded}`, { method });
    expect(answer.status).toBe(status);
    if (status === 405) expect(answer.headers.allow).toContain('PROPFIND');
  });
});
