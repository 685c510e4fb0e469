// The library of the built server, mounted: by rclone, by the `webdav` client, by curl; over news articles, across
// restarts; and with ten thousand items in it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient, type FileStat, type WebDAVClient } from 'webdav';

import { Sealer } from '../../backend/platform/index.js';
import { openDatabase } from '../../backend/storage/index.js';
import { pseudoRandomSource } from '../../scripts/lab/index.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask, sha256 } from '../support/http.js';
import { nzbAnswer, submitNzb, untilCompleted } from '../support/nzb-client.js';
import { run } from '../support/players.js';
import { mountRemote } from '../support/rclone-mount.js';
import { Rclone } from '../support/rclone.js';
import { Resources } from '../support/resources.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';
import { WebdavShelf } from '../support/webdav-shelf.js';

const SECRET_KEY = 'a-secret-key-of-this-test-0123456789abcdef';
const film = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const odd = `100% Öpen #1 & "Film" 'x' + 🎬?`;
const oddFile = 'Öpen & Film #1 + 🎬.MKV';
const oddShown = 'Öpen & Film #1 + 🎬.mkv';

let lab: UsenetLab;
let password = '';
let original: Buffer;
let oddOriginal: Buffer;

beforeAll(async () => {
  lab = await openUsenetLab({ server: 'scripted', sets: ['rar5-volumes'], headstart: { env: { SECRET_KEY } } });
  const { headstart } = lab;
  password = (await readFile(join(headstart.dataDir, 'webdav-password'), 'utf8')).trim();
  const content = pseudoRandomSource(odd, 400_000);
  const posted = await lab.post('odd', [{ name: oddFile, content }], { partBytes: 50_000, meta: { name: odd } });
  const [packed, plain] = [
    nzbAnswer(await submitNzb(headstart, { nzb_url: lab.set('rar5-volumes').nzbUrl, category: 'movies' })),
    nzbAnswer(await submitNzb(headstart, { nzb_url: posted.nzbUrl, category: 'tv' })),
  ];
  original = (await ask(packed.streams[0]!.url)).body;
  oddOriginal = (await ask(plain.streams[0]!.url)).body;
  await Promise.all([packed, plain].map((answer) => untilCompleted(headstart, answer._queue_item_id)));
});

afterAll(() => lab.close());

const root = (): string => `${lab.headstart.origin}/webdav/`;
const client = (): WebDAVClient => createClient(root(), { username: 'headstart', password });
const rclone = (): Promise<Rclone> => Rclone.open({ url: root(), user: 'headstart', password });
const restart = async (): Promise<void> => {
  await lab.headstart.stop();
  await lab.headstart.start();
};
const paths = async (folder = '/'): Promise<string[]> =>
  (await client().getDirectoryContents(folder, { deep: true })).map(({ filename }) => filename).sort();

async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the mounted library', () => {
  it('password - is shown once, at the first start', async () => {
    expect(lab.headstart.logs.split(password)).toHaveLength(2);
    await restart();
    expect(lab.headstart.logs.split(password)).toHaveLength(2);
    expect(lab.headstart.logs).toContain('/webdav/');
  });

  it('webdav client - lists everything, knows sizes, reads bytes, restart or not', async () => {
    const everything = [
      ...['/complete', '/complete/movies', '/complete/movies/rar5-volumes', `/complete/movies/rar5-volumes/${film}`],
      ...['/complete/tv', `/complete/tv/${odd}`, `/complete/tv/${odd}/${oddShown}`],
      ...['/nzbs', `/nzbs/${odd}.nzb`, '/nzbs/rar5-volumes.nzb', '/torrents'],
    ].sort();
    expect(await paths()).toEqual(everything);
    await restart();
    expect(await paths()).toEqual(everything);
    const path = `/complete/tv/${odd}/${oddShown}`;
    const stat = (await client().stat(path)) as FileStat;
    expect([stat.type, stat.size, stat.basename]).toEqual(['file', oddOriginal.length, oddShown]);
    expect(sha256((await client().getFileContents(path)) as Buffer)).toBe(sha256(oddOriginal));
    expect(await client().exists('/complete/none')).toBe(false);
    await restart();
    expect(sha256((await client().getFileContents(`/complete/movies/rar5-volumes/${film}`)) as Buffer)).toBe(
      sha256(original),
    );
  });

  it('webdav client - a wrong password opens nothing', async () => {
    await expect(createClient(root(), { username: 'headstart', password: 'wrong' }).stat('/')).rejects.toMatchObject({
      status: 401,
    });
    const withKey = createClient(root(), { username: 'anybody', password: lab.headstart.apiKey });
    expect(await withKey.exists('/complete')).toBe(true);
  });

  it('rclone - lists everything below, names as they are', async () => {
    const listed = await (await rclone()).list('');
    expect(listed.map(({ Path }) => Path).sort()).toEqual((await paths()).map((path) => path.slice(1)));
    const entry = listed.find(({ Path }) => Path.endsWith(oddShown));
    expect(entry).toMatchObject({ IsDir: false, Size: oddOriginal.length });
    expect(new Date(entry?.ModTime ?? 0).getTime()).toBeGreaterThan(Date.UTC(2020, 0));
  });

  it('rclone - reads from the middle, and copies what has the same sum', async () => {
    const remote = await rclone();
    await restart();
    const again = await rclone();
    const path = `headstart:complete/movies/rar5-volumes/${film}`;
    const part = await again.run('cat', '--offset', '123456', '--count', '7000', path);
    expect(part.equals(original.subarray(123_456, 130_456))).toBe(true);
    const folder = await lab.resources.folder();
    for (const category of ['movies', 'tv']) {
      await again.run('copy', `headstart:complete/${category}`, join(folder, category));
    }
    expect(sha256(await readFile(join(folder, 'movies', 'rar5-volumes', film)))).toBe(sha256(original));
    expect(sha256(await readFile(join(folder, 'tv', odd, oddShown)))).toBe(sha256(oddOriginal));
    await expect(remote.run('lsjson', 'headstart:')).rejects.toThrow(); // its server is at another port by now
  });

  it('rclone - a mounted folder reads like any other, from the middle too', async () => {
    const mounted = await mountRemote((await rclone()).env);
    try {
      const path = `complete/movies/rar5-volumes/${film}`;
      expect((await bytesOf(await mounted.read(path))).equals(original)).toBe(true);
      expect((await bytesOf(await mounted.read(path, 123_456))).equals(original.subarray(123_456))).toBe(true);
      expect((await bytesOf(await mounted.read(`complete/tv/${odd}/${oddShown}`))).equals(oddOriginal)).toBe(true);
    } finally {
      await mounted.close();
    }
  });

  it('rclone - documents are what was submitted', async () => {
    const nzb = (await (await rclone()).run('cat', `headstart:nzbs/${odd}.nzb`)).toString('utf8');
    expect(nzb).toContain('<nzb');
    expect(nzb).toMatch(/subject="[^"]*Öpen &#38; Film #1 \+ 🎬\.MKV/);
  });

  it('curl - PROPFIND as davfs sends it, with and without a slash at the end', async () => {
    const body =
      '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><getetag/><getcontentlength/><creationdate/>' +
      '<getlastmodified/><resourcetype/><executable xmlns="http://apache.org/dav/props/"/></prop></propfind>';
    for (const slash of ['', '/']) {
      const url = `${root()}complete/tv/${encodeURIComponent(odd)}${slash}`;
      const args = [
        '-s',
        '-u',
        `headstart:${password}`,
        '-X',
        'PROPFIND',
        '-H',
        'Depth: 1',
        '--data-binary',
        body,
        url,
      ];
      const { code, output } = await run('curl', args);
      expect([code, output.split('<D:response>').length]).toEqual([0, 3]);
      expect(output).toContain(`<D:getcontentlength>${String(oddOriginal.length)}</D:getcontentlength>`);
      expect(output).toContain('<executable xmlns="http://apache.org/dav/props/"/></D:prop><D:status>HTTP/1.1 404');
    }
  });

  it('curl - resumes a copy where it was cut', async () => {
    const target = join(await lab.resources.folder(), 'film.mkv');
    const from = ['-s', '-u', `headstart:${password}`, '-o', target, `${root()}complete/movies/rar5-volumes/${film}`];
    await run('curl', ['-r', '0-99999', ...from]);
    await run('curl', ['-C', '-', ...from]);
    expect(sha256(await readFile(target))).toBe(sha256(original));
  });

  it('rclone - a purged folder is a removed item', async () => {
    const name = 'Purged.Film.2020.1080p';
    const content = pseudoRandomSource(name, 60_000);
    const { nzbUrl } = await lab.post(name, [{ name: `${name}.mkv`, content }], { partBytes: 20_000 });
    const { _queue_item_id: id } = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl, category: 'tv' }));
    await untilCompleted(lab.headstart, id);
    const folder = (await paths('/complete/tv')).find((path) => path.endsWith(name)) ?? '';
    await (await rclone()).run('purge', `headstart:${folder.slice(1)}`);
    for (const isAgain of [false, true]) {
      if (isAgain) await restart();
      const gone = await ask(`${root()}${folder.slice(1)}/${name}.mkv`, {
        headers: { 'x-api-key': lab.headstart.apiKey },
      });
      expect(gone.status).toBe(410);
      expect([await client().exists(folder), await client().exists(`/nzbs/${name}.nzb`)]).toEqual([false, false]);
    }
  });

  it('rclone - a pack is moved away file by file; what is left stays over a restart, and with the last one it is removed', async () => {
    const name = 'Harbour.Lights.S01.1080p';
    const files = ['Harbour.Lights.S01E01.mkv', 'Harbour.Lights.S01E02.mkv'].map((file) => ({
      name: file,
      content: pseudoRandomSource(file, 60_000),
    }));
    const { nzbUrl } = await lab.post(name, files, { partBytes: 20_000, meta: { name } });
    const submitted = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl, category: 'sonarr' }));
    await untilCompleted(lab.headstart, submitted._queue_item_id);
    const [folder, target] = [`complete/sonarr/${name}`, await lab.resources.folder()];
    for (const [place, { name: file, content }] of files.entries()) {
      await (await rclone()).run('moveto', `headstart:${folder}/${file}`, join(target, file));
      expect(sha256(await readFile(join(target, file)))).toBe(sha256(content.read(0, content.sizeBytes)));
      await restart();
      const left = await (await rclone()).list('complete');
      expect(left.flatMap(({ Path }) => (Path.endsWith('.mkv') && Path.startsWith('sonarr/') ? [Path] : []))).toEqual(
        files.slice(place + 1).map((other) => `sonarr/${name}/${other.name}`),
      );
    }
    expect(await client().exists(`/${folder}`)).toBe(false);
  });
});

describe('ten thousand items', () => {
  const names = Array.from({ length: 10_000 }, (_, number) => `Film ${String(number).padStart(5, '0')}`);
  const resources = new Resources();
  let server: HeadstartProcess;
  beforeAll(async () => {
    const dataDir = await resources.folder();
    insert(dataDir, names);
    server = resources.use(await startHeadstart({ dataDir, env: { SECRET_KEY, WEBDAV_PASSWORD: password } }));
  });
  afterAll(() => resources.close());

  it('listings - have all of them, in order, whole or by folder', async () => {
    const hrefs = async (path: string, depth: string): Promise<string[]> => {
      const headers = { 'x-api-key': server.apiKey, depth };
      const { body } = await ask(server.url(`/webdav/${path}`), { method: 'PROPFIND', headers });
      return [...body.toString('utf8').matchAll(/<D:href>([^<]*)</g)].map(([, href]) => decodeURIComponent(href ?? ''));
    };
    const many = '/webdav/complete/many/';
    const deep = [many, ...names.flatMap((name) => [`${many}${name}/`, `${many}${name}/${name}.mkv`])];
    expect(await hrefs('complete/many/', '1')).toEqual([many, ...names.map((name) => `${many}${name}/`)]);
    expect(await hrefs('complete/many', 'infinity')).toEqual(deep);
    const documents = names.map((name) => `/webdav/nzbs/${name}.nzb`);
    expect(await hrefs('', 'infinity')).toEqual([
      ...['/webdav/', '/webdav/complete/', ...deep, '/webdav/nzbs/', ...documents, '/webdav/torrents/'],
    ]);
  });

  it('rclone - lists every folder', async () => {
    const remote = await Rclone.open({ url: server.url('/webdav/'), user: 'headstart', password });
    const listed = (await remote.run('lsf', 'headstart:complete/many')).toString('utf8').trim().split('\n');
    expect(listed.sort()).toEqual(names.map((name) => `${name}/`));
  });
});

/** Into the database of a server that does not run. */
function insert(dataDir: string, names: readonly string[]): void {
  const database = openDatabase(join(dataDir, 'headstart.sqlite'), { sealer: new Sealer(SECRET_KEY) });
  try {
    const shelf = new WebdavShelf({ database });
    database.sql.transaction(() => {
      for (const name of names) shelf.store.setDocumentBytes(shelf.add('many', name).id, 1_234);
    })();
  } finally {
    database.close();
  }
}
