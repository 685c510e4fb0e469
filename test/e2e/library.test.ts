// The library as people use it: its page in Debian's Chromium, the folder for media servers beside it, and what becomes of
// both when time passes. The films are files on a server on loopback, in the library before the built server starts.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { pseudoRandomBytes } from '../../scripts/lab/index.js';
import type { Release } from '../../backend/content/index.js';
import { urlContentId } from '../../backend/engines/http/url-content-id.js';
import { Sealer, systemClock } from '../../backend/platform/index.js';
import { Library, openDatabase } from '../../backend/storage/index.js';
import { openBrowser } from '../support/browser.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask, askJson } from '../support/http.js';
import { RangeServer } from '../support/range-server.js';
import { until } from '../support/until.js';

const TIMEOUT_MS = 180_000;
const SECRET_KEY = 'a-secret-key-of-this-test-0123456789';
const MAX_TABS = 60;
const FILM = 'The.Paper.Lantern.2019.1080p.mkv';
const HOSTILE = '<img src=x onerror=alert(1)>.mkv';
const EPISODES = Array.from({ length: 60 }, (_, at) => `Harbour.Lights.E${at + 1}.mkv`);
const bytes = pseudoRandomBytes('library', 100_000);

let browser: Browser;
let films: RangeServer;
let filmsOrigin = '';

beforeAll(async () => {
  films = new RangeServer({ bytes });
  filmsOrigin = await films.start();
  browser = await openBrowser();
}, TIMEOUT_MS);

afterAll(async () => {
  await browser.close();
  await films.close();
});

/** A file on the films' server, as it was kept when it was played. */
function filmAt(name: string): Release {
  const url = `${filmsOrigin}/${encodeURIComponent(name)}`;
  const file = { index: 0, path: name, name, sizeBytes: bytes.length, isPadding: false };
  return { contentId: urlContentId(url), name, source: { kind: 'http', url }, files: [file] };
}

/** A data folder as an earlier version left it: contents, and no item of any. */
async function makeFolder(names: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headstart-library-'));
  const database = openDatabase(join(folder, 'headstart.sqlite'), { sealer: new Sealer(SECRET_KEY) });
  // One after another: no two came in the same millisecond.
  let now = systemClock.now() - names.length;
  const library = new Library(database, { ...systemClock, now: () => now });
  for (const name of names) {
    library.remember(filmAt(name));
    now += 1;
  }
  database.close();
  return folder;
}

function run(folder: string, env: Readonly<Record<string, string>> = {}): Promise<HeadstartProcess> {
  const own = { SECRET_KEY, ALLOW_PRIVATE_FETCH: 'true', EXPORT_DIR: join(folder, 'export') };
  return startHeadstart({ dataDir: folder, env: { ...own, ...env } });
}

describe('the page of the library', () => {
  let folder = '';
  let server: HeadstartProcess;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    folder = await makeFolder([...EPISODES, HOSTILE, FILM]);
    server = await run(folder);
  }, TIMEOUT_MS);
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 375, height: 800 } });
    page = await context.newPage();
    await page.goto(server.origin);
    await page.getByLabel('API key').fill(server.apiKey);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Open the library' }).click();
    await rowOf(FILM).waitFor();
  }, TIMEOUT_MS);
  afterEach(() => context.close());

  const rowOf = (name: string): Locator =>
    page.getByRole('list', { name: 'Items' }).locator('> li').filter({ hasText: name });
  const widthOfPage = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
  const focusOn = async (locator: Locator): Promise<boolean> =>
    (await locator.and(page.locator(':focus')).count()) === 1;

  /** As somebody without a mouse gets there. */
  async function tabTo(locator: Locator): Promise<void> {
    for (let presses = 0; presses < MAX_TABS; presses += 1) {
      if (await focusOn(locator)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${String(locator)} cannot be reached with Tab`);
  }

  it(
    'list - newest first, fifty at a time, names shown and not run, nothing wider than a phone',
    async () => {
      const names = page.getByRole('list', { name: 'Items' }).locator('[data-part="name"]');
      expect(await names.count()).toBe(50);
      expect((await names.allTextContents())[0]).toBe(FILM);
      await page.getByText(/^1–50 of 6[12]$/).waitFor();
      await page.getByRole('button', { name: 'Older' }).click();
      await page.getByText(/^51–6[12] of 6[12]$/).waitFor();
      expect([(await names.count()) < 50, await widthOfPage()]).toEqual([true, 375]);
      await page.goBack();
      await rowOf(FILM).waitFor();
    },
    TIMEOUT_MS,
  );

  it(
    'an item - tells its size and when it was played; Play and the playlists play',
    async () => {
      await rowOf(FILM).getByText('100 KB, played from where it is').waitFor();
      const play = rowOf(FILM)
        .getByRole('link', { name: `Play ${FILM} in the browser`, exact: true })
        .first();
      const url = (await play.getAttribute('href')) ?? '';
      expect((await ask(url)).body.equals(Buffer.from(bytes))).toBe(true);
      await page.reload();
      await rowOf(FILM).getByText('Played just now').waitFor();
      const playlist =
        (await rowOf(FILM)
          .getByRole('link', { name: /^Playlist/ })
          .getAttribute('href')) ?? '';
      const { status, body } = await ask(server.url(playlist), { headers: { 'x-api-key': server.apiKey } });
      expect([status, body.toString().includes(url)]).toEqual([200, true]);
      await rowOf(FILM).getByText('1 file', { exact: true }).click();
      expect(await rowOf(FILM).getByRole('listitem').textContent()).toContain('100 KB');
      expect(await widthOfPage()).toBe(375);
    },
    TIMEOUT_MS,
  );

  it(
    'search - by words, kind and favourites, kept in the address; nothing found says so',
    async () => {
      await page.getByLabel('Search').fill('LANTERN 2019');
      await page.getByText('1–1 of 1').waitFor();
      expect(new URL(page.url()).search).toBe('?query=LANTERN+2019');
      expect(await page.getByRole('link', { name: 'Playlist (M3U8)' }).getAttribute('href')).toMatch(/query=LANTERN/);
      await page.reload();
      await page.getByText('1–1 of 1').waitFor();
      await page.getByLabel('Kind').selectOption('torrent');
      await page.getByText('Nothing like that is in the library.').waitFor();
      await page.getByLabel('Kind').selectOption('http');
      await rowOf(FILM).waitFor();
      await page.getByLabel('Search').fill('');
      await page.getByText(/^1–50 of 6[12]$/).waitFor();
    },
    TIMEOUT_MS,
  );

  it(
    'keyboard alone - an item becomes a favourite; another is removed after a question, and its addresses are gone',
    async () => {
      await page.getByRole('heading', { name: 'Library' }).focus();
      await tabTo(rowOf(FILM).getByRole('button', { name: /^Favourite/ }));
      await page.keyboard.press('Enter');
      await page.getByText(`${FILM} is a favourite and stays`).waitFor();
      await rowOf(FILM)
        .getByRole('button', { name: /^Favourite/, pressed: true })
        .waitFor();
      await page.getByLabel('Favourites only').check();
      await page.getByText('1–1 of 1').waitFor();
      await page.getByLabel('Favourites only').uncheck();

      const doomed = rowOf(HOSTILE);
      const url =
        (await doomed
          .getByRole('link', { name: /^Play / })
          .first()
          .getAttribute('href')) ?? '';
      expect((await ask(url)).status).toBe(200);
      await tabTo(doomed.getByRole('button', { name: /^Remove/ }));
      await page.keyboard.press('Enter');
      expect(await focusOn(doomed.getByRole('button', { name: 'Keep it' }))).toBe(true);
      await page.keyboard.press('Enter');
      expect(await focusOn(doomed.getByRole('button', { name: /^Remove/ }))).toBe(true);
      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      await page.getByText(`${HOSTILE} was removed`).waitFor();
      expect([await doomed.count(), await focusOn(page.getByRole('heading', { name: 'Library' }))]).toEqual([0, true]);
      expect((await ask(url)).status).toBe(410);
    },
    TIMEOUT_MS,
  );

  it(
    'a visitor - is led to the sign-in, and from there to the library, after a wrong key too',
    async () => {
      await context.clearCookies();
      await page.goto(server.url('/library'));
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      for (const key of ['not this one', server.apiKey]) {
        await page.getByLabel('API key').fill(key);
        await page.keyboard.press('Enter');
        if (key !== server.apiKey) await page.getByText('That is not the API key.').waitFor();
      }
      await rowOf(FILM).waitFor();
      expect(new URL(page.url()).pathname).toBe('/library');
    },
    TIMEOUT_MS,
  );
});

describe('the folder for media servers', () => {
  let folder = '';
  let server: HeadstartProcess;
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  /** Folders may go while they are looked into. */
  const exported = (): Promise<string[]> =>
    readdir(join(folder, 'export'), { recursive: true }).then(
      (names) => names.filter((name) => name.endsWith('.strm')),
      () => [],
    );
  const listed = async (): Promise<unknown> => (await server.get('/api/library?limit=1')).json['total'];
  const catalog = async (): Promise<unknown> => {
    const { body } = await ask(server.manifestUrl.replace('manifest.json', 'catalog/other/headstart-ready.json'));
    return (JSON.parse(body.toString()) as { metas: { name: string }[] }).metas.length;
  };

  it(
    'export - holds an address that plays, renewed after a restart; what nobody uses goes everywhere, favourites stay',
    async () => {
      folder = await makeFolder([...EPISODES.slice(0, 5), FILM]);
      server = await run(folder);
      await until('all is written', async () => (await exported()).length === 6);
      const path = join(folder, 'export', 'http', FILM, FILM.replace('.mkv', '.strm'));
      expect((await ask((await readFile(path, 'utf8')).trim())).body.equals(Buffer.from(bytes))).toBe(true);
      expect([await listed(), await catalog()]).toEqual([6, 6]);
      const { items } = (await server.get('/api/library')).json as {
        items: { id: number; files: { url: string }[] }[];
      };
      const { pathname, search } = new URL(items[1]?.files[0]?.url ?? '');
      await askJson(server.url(`/api/library/${items[0]?.id}`), {
        method: 'PUT',
        headers: { 'x-api-key': server.apiKey, 'content-type': 'application/json' },
        body: JSON.stringify({ isFavourite: true }),
      });
      expect(await server.stop()).toBe(0);

      server = await run(folder, { LIBRARY_TTL: '1s' });
      await until('the rest is gone', async () => (await listed()) === 1);
      expect((await ask(server.url(pathname + search))).status).toBe(410);
      expect(await catalog()).toBe(1);
      await until('the folder follows', async () => (await exported()).length === 1);
      const address = (await readFile(path, 'utf8')).trim();
      expect(address.startsWith(server.origin)).toBe(true);
      expect((await ask(address, { headers: { range: 'bytes=-10' } })).status).toBe(206);
    },
    TIMEOUT_MS,
  );
});
