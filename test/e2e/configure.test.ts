// A person sets Headstart up on its page, in Debian's Chromium, against the built server and an indexer on loopback.

import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.js';
import { FAKE_KEY, startFakeIndexer, type FakeIndexer } from '../support/fake-indexer.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask } from '../support/http.js';

const TIMEOUT_MS = 120_000;
/** More than there are controls on the page. */
const MAX_TABS = 150;

describe('setting it up on the page', () => {
  let folder = '';
  let browser: Browser;
  let indexer: FakeIndexer;
  let other: FakeIndexer;
  let server: HeadstartProcess;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'headstart-configure-'));
    indexer = await startFakeIndexer('torznab');
    other = await startFakeIndexer('torznab');
    server = await startHeadstart({
      dataDir: folder,
      env: {
        INDEXERS: `torznab+${other.url}?apikey=${FAKE_KEY}#name=Lighthouse`,
        NNTP_PROVIDERS: 'nntp://user:password@127.0.0.1:1/?connections=2',
      },
    });
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await server.close();
    await Promise.all([indexer.close(), other.close()]);
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 375, height: 800 } });
    page = await context.newPage();
    await page.goto(server.origin);
    await page.getByLabel('API key').fill(server.apiKey);
    await page.keyboard.press('Enter');
    await rowOf('Lighthouse').waitFor();
  }, TIMEOUT_MS);
  afterEach(() => context.close());

  const indexers = (): Locator => page.getByRole('region', { name: 'Indexers' });
  const rowOf = (name: string): Locator => indexers().getByRole('listitem').filter({ hasText: name });
  const widthOfPage = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
  const focusOn = async (locator: Locator): Promise<boolean> =>
    (await locator.and(page.locator(':focus')).count()) === 1;
  /** As somebody without a mouse gets there. */
  const tabTo = async (locator: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
    for (let presses = 0; presses < MAX_TABS; presses += 1) {
      if (await focusOn(locator)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`${String(locator)} cannot be reached with ${key}`);
  };
  const typeInto = async (locator: Locator, text: string, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
    await tabTo(locator, key);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  };
  const press = async (name: string): Promise<void> => {
    await tabTo(indexers().getByRole('button', { name, exact: true }));
    await page.keyboard.press('Enter');
  };

  it(
    'keyboard alone - an indexer is added, told wrong, put right, tested and saved; lists and Install follow',
    async () => {
      await press('Add an indexer');
      await page.keyboard.type('Torz');
      await typeInto(indexers().getByLabel('Address'), indexer.url);
      await typeInto(indexers().getByLabel('API key'), 'not-the-key');
      await typeInto(indexers().getByLabel('Name'), 'Pier');
      await press('Test');
      const said = indexers().getByRole('status').filter({ hasText: 'It refuses the key' });
      await said.getByText('Check the API key.').waitFor();
      expect(await widthOfPage()).toBe(375);

      await typeInto(indexers().getByLabel('API key'), FAKE_KEY, 'Shift+Tab');
      await press('Test');
      await indexers().getByText('It answers (Lighthouse 1.3)').waitFor();
      await tabTo(indexers().getByRole('button', { name: 'Save' }), 'Shift+Tab');
      await page.keyboard.press('Enter');
      await rowOf('Pier').waitFor();
      expect(await rowOf('Pier').textContent()).toContain('Not searched since');
      expect(await page.content()).not.toContain(FAKE_KEY);
      expect(await page.evaluate('document.activeElement.id')).toBe('indexer-add');

      await page.getByText('11 of 12 releases are listed.').waitFor();
      await tabTo(page.getByLabel('Known not to play'));
      await page.keyboard.press('ArrowDown');
      await page.getByText('10 of 12 releases are listed.').waitFor();
      await page.getByText('does not play').waitFor();
      const install = page.getByRole('link', { name: 'Install', exact: true });
      await tabTo(install, 'Shift+Tab');
      expect(await install.getAttribute('href')).toMatch(
        /^stremio:\/\/127\.0\.0\.1:\d+\/stremio\/[\w-]+\/manifest\.json$/,
      );
      expect(await widthOfPage()).toBe(375);
    },
    TIMEOUT_MS,
  );

  it(
    'rows - those of the environment are only tested; others are turned off, changed and removed after a question',
    async () => {
      const { status } = await server.post('/api/indexers', { kind: 'torznab', url: indexer.url, name: 'Mole' });
      expect(status).toBe(201);
      await page.reload();
      await rowOf('Lighthouse').getByRole('button', { name: 'Test' }).click();
      await rowOf('Lighthouse').getByText('It answers').waitFor();
      expect(await rowOf('Lighthouse').getByRole('button').count()).toBe(1);
      expect(await rowOf('Lighthouse').textContent()).toContain('Set by INDEXERS');

      await rowOf('Mole').getByRole('button', { name: 'Turn off' }).click();
      await rowOf('Mole').getByText('Switched off').waitFor();
      await rowOf('Mole').getByRole('button', { name: 'Edit' }).click();
      await indexers().getByLabel('Name').fill('Quay');
      await indexers().getByLabel('Requests a minute').fill('20');
      await indexers().getByRole('button', { name: 'Save' }).click();
      await rowOf('Quay').waitFor();
      const { json } = await server.get('/api/indexers');
      expect(json['indexers']).toContainEqual(expect.objectContaining({ name: 'Quay', requestsPerMinute: 20 }));
      await rowOf('Quay').getByRole('button', { name: 'Remove' }).click();
      await rowOf('Quay').getByRole('button', { name: 'Keep it' }).click();
      await rowOf('Quay').getByRole('button', { name: 'Remove' }).click();
      await rowOf('Quay').getByRole('button', { name: 'Yes, remove' }).click();
      await page.getByText('Quay was removed').waitFor();
      expect(await rowOf('Quay').count()).toBe(0);
    },
    TIMEOUT_MS,
  );

  it(
    'fields - a wrong address is marked, and told in the form’s words',
    async () => {
      await indexers().getByRole('button', { name: 'Add an indexer' }).click();
      await indexers().getByLabel('Address').fill('ftp://indexer.example');
      await indexers().getByRole('button', { name: 'Save' }).click();
      const fault = 'The address must be written otherwise: it is not an address such as';
      await indexers().getByText(fault).waitFor();
      expect(await indexers().getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
    },
    TIMEOUT_MS,
  );

  it(
    'news servers - how one is doing is shown, and a test says what is wrong with it',
    async () => {
      const servers = page.getByRole('region', { name: 'News servers' });
      await servers.getByRole('button', { name: 'Test' }).click();
      await servers.getByText('It fails at this step: connection.').waitFor();
      expect(await page.content()).not.toContain('user:password@127');
    },
    TIMEOUT_MS,
  );

  it(
    'a wide screen - indexers and news servers stand beside each other; a form has the whole width',
    async () => {
      await page.setViewportSize({ width: 1280, height: 900 });
      const boxOf = async (locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
        const box = await locator.boundingBox();
        if (box === null) throw new Error('It is not seen.');
        return box;
      };
      const install = page.getByRole('region', { name: 'Install in Stremio' });
      const servers = page.getByRole('region', { name: 'News servers' });
      const [left, right] = [await boxOf(indexers()), await boxOf(servers)];
      expect([left.y, left.height, left.width]).toEqual([right.y, right.height, right.width]);
      expect(right.x).toBeGreaterThan(left.x + left.width);
      await servers.getByRole('button', { name: 'Add a news server' }).click();
      expect((await boxOf(servers)).width).toBe((await boxOf(install)).width);
      await page.keyboard.press('Escape');
      expect((await boxOf(servers)).width).toBe(right.width);
    },
    TIMEOUT_MS,
  );

  it(
    'other programs - what they ask for is seen whole on a phone, field by field',
    async () => {
      const programs = page.getByRole('region', { name: 'Other programs' });
      const { hostname, port } = new URL(server.origin);
      for (const [name, value] of [
        ['Host', hostname],
        ['Port', port],
        ['URL Base', 'sabnzbd'],
      ] as const) {
        expect(await programs.getByLabel(name, { exact: true }).inputValue()).toBe(value);
        await programs.getByRole('button', { name: `Copy: Sonarr and Radarr, as SABnzbd, ${name}` }).waitFor();
      }
      const cut = `[...document.querySelectorAll('[id^=sabnzbd-]')].filter((one) => one.scrollWidth > one.clientWidth)`;
      expect(await page.evaluate(`${cut}.length`)).toBe(0);
      expect(await widthOfPage()).toBe(375);
    },
    TIMEOUT_MS,
  );

  it(
    'other programs - a new WebDAV password is made after a question, by keyboard; the old one opens nothing then',
    async () => {
      const programs = page.getByRole('region', { name: 'Other programs' });
      const button = (name: string): Locator => programs.getByRole('button', { name, exact: true });
      const user = await programs.getByLabel('User', { exact: true }).inputValue();
      const statusWith = async (password: string): Promise<number> => {
        const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
        return (await ask(server.url('/webdav/'), { method: 'PROPFIND', headers: { authorization, depth: '0' } }))
          .status;
      };
      const old = (await readFile(join(folder, 'webdav-password'), 'utf8')).trim();
      for (const leave of ['Enter', 'Escape']) {
        await button('Make a new WebDAV password').press('Enter');
        expect(await focusOn(button('Keep the old one'))).toBe(true);
        await page.keyboard.press(leave);
        expect(await focusOn(button('Make a new WebDAV password'))).toBe(true);
      }
      expect(await statusWith(old)).toBe(207);

      await page.keyboard.press('Enter');
      await page.keyboard.press('Shift+Tab');
      await page.keyboard.press('Enter');
      const said = (await programs.getByText('The new WebDAV password: ').textContent()) ?? '';
      expect(await focusOn(button('Make a new WebDAV password'))).toBe(true);
      const renewed = said.slice(said.lastIndexOf(' ') + 1);
      expect([await statusWith(renewed), await statusWith(old)]).toEqual([207, 401]);
      expect(await widthOfPage()).toBe(375);
    },
    TIMEOUT_MS,
  );
});
