// A person sets a news server up on the page, in Debian's Chromium, against the built server and a news server on loopback:
// NZBs play from that moment on, and after a restart.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Locator, Page } from 'playwright-core';
import { makePost, pseudoRandomSource, startNntpServer, type NntpServer } from '../../scripts/lab/index.js';
import { openBrowser } from '../support/browser.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { askHash } from '../support/http.js';
import { nzbAnswer, nzbFailure, submitNzb, type SubmittedNzb } from '../support/nzb-client.js';
import { Resources } from '../support/resources.js';
import { until } from '../support/until.js';
import { hashOfSource } from '../support/usenet-server.js';

const TIMEOUT_MS = 120_000;
const SIZE_BYTES = 400_000;
const [user, password] = ['lantern-reader', 'pass-word/9c1e'];

describe('news servers on the page', () => {
  const resources = new Resources();
  let browser: Browser;
  let news: NntpServer;
  let server: HeadstartProcess;
  let dataDir = '';
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
    news = resources.use(await startNntpServer({ user, password }));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await browser.close();
    await resources.close();
  });
  beforeEach(async () => {
    dataDir = await resources.folder();
    server = await startHeadstart({ dataDir });
    page = await openPage();
  }, TIMEOUT_MS);
  afterEach(async () => {
    await page.context().close();
    await server.close();
  });

  const openPage = async (): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 375, height: 800 } });
    const opened = await context.newPage();
    await opened.goto(server.origin);
    await opened.getByLabel('API key').fill(server.apiKey);
    await opened.keyboard.press('Enter');
    await opened.getByRole('region', { name: 'News servers' }).waitFor();
    return opened;
  };
  const servers = (): Locator => page.getByRole('region', { name: 'News servers' });
  const row = (): Locator => servers().getByRole('listitem');
  const field = (name: string): Locator => servers().getByLabel(name, { exact: true });
  const button = (name: string): Locator => servers().getByRole('button', { name, exact: true });
  const widthOfPage = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
  /** The answer to the NZB of a film that is on the news server. */
  const submit = (name: string): Promise<SubmittedNzb> => {
    const post = makePost([{ name: `${name}.mkv`, content: filmOf(name) }], { seed: name, partBytes: 20_000 });
    for (const article of post.articles) news.post(article);
    return submitNzb(server, {}, { file: { name: `${name}.nzb`, bytes: Buffer.from(post.nzb) } });
  };
  const filmOf = (name: string): ReturnType<typeof pseudoRandomSource> => pseudoRandomSource(name, SIZE_BYTES);
  /** Sets the news server up without the page. */
  const add = async (name: string): Promise<void> => {
    const settings = { name, host: '127.0.0.1', port: news.port, isTls: false, user, password };
    expect((await server.post('/api/providers', settings)).status).toBe(201);
    await page.reload();
    await row().getByText(name).waitFor();
  };
  const expectToPlay = async (name: string): Promise<void> => {
    const { streams } = nzbAnswer(await submit(name));
    expect((await askHash(streams[0]?.url ?? '')).sha256).toBe(hashOfSource(filmOf(name)));
  };

  it(
    'a news server - is added, told wrong, put right and saved; what it has plays at once',
    async () => {
      await servers().getByText('No news server is set').waitFor();
      expect(nzbFailure(await submit('Harbour.Lights.2020'))).toEqual([503, 'USENET_UNAVAILABLE']);

      await button('Add a news server').press('Enter');
      await page.keyboard.type('127.0.0.1');
      await field('Port').fill(String(news.port));
      await field('User').fill(user);
      await field('Password').fill('not-the-word');
      await button('Test').press('Enter');
      await servers().getByText('It fails at this step: TLS.').waitFor();
      await field('TLS').press('Space');
      await button('Test').press('Enter');
      await servers().getByText('It fails at this step: login.').getByText('Check user and password.').waitFor();
      expect(await widthOfPage()).toBe(375);

      await field('Password').fill(password);
      await button('Test').press('Enter');
      await servers().getByText('Everything is fine: name, connection, greeting, login, articles.').waitFor();
      await button('Save').press('Enter');
      await row().getByText('127.0.0.1', { exact: true }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('provider-add');
      await expectToPlay('Harbour.Lights.2020');
    },
    TIMEOUT_MS,
  );

  it(
    'its account - is never shown again, and stays as it is when the rest is changed',
    async () => {
      await add('Pier');
      await row().getByRole('button', { name: 'Edit' }).click();
      expect([await field('User').inputValue(), await field('Password').inputValue()]).toEqual(['', '']);
      await field('Connections').fill('3');
      await servers().getByLabel('Name').fill('Lantern');
      await field('Backup').check();
      await button('Save').click();
      await row().getByText('of 3 connections open').waitFor();
      await row().getByRole('button', { name: 'Test' }).click();
      await row().getByText('Everything is fine').waitFor();
      expect(await row().textContent()).toMatch(/Lantern.*Backup/s);
      await page.reload();
      await row().getByText('Lantern').waitFor();
      const seen = (await page.content()) + JSON.stringify((await server.get('/api/providers')).json) + server.logs;
      for (const secret of [user, password]) expect(seen).not.toContain(secret);
      expect(await widthOfPage()).toBe(375);
    },
    TIMEOUT_MS,
  );

  it(
    'wrong fields - are marked, and told in the form’s words',
    async () => {
      await add('Pier');
      await row().getByRole('button', { name: 'Edit' }).click();
      await field('Server').fill('nntps://127.0.0.1');
      await button('Save').click();
      await servers().getByText('The server must be a name or an address').waitFor();
      expect(await field('Server').getAttribute('aria-invalid')).toBe('true');
      await page.keyboard.press('Escape');
    },
    TIMEOUT_MS,
  );

  it(
    'after a restart - it still plays; removed, it does no more, and nothing of it is left open',
    async () => {
      await add('Lantern');
      await expectToPlay('Paper.Lantern.2021');
      await server.stop();
      server = await startHeadstart({ dataDir });
      await expectToPlay('Lantern.Street.2021');
      await page.context().close();
      page = await openPage();
      await row().getByRole('button', { name: 'Remove' }).click();
      await row().getByRole('button', { name: 'Yes, remove' }).click();
      await page.getByText('Lantern was removed').waitFor();
      await servers().getByText('No news server is set').waitFor();
      expect(nzbFailure(await submit('Quiet.Pier.2022'))).toEqual([503, 'USENET_UNAVAILABLE']);
      await until('it is left', () => news.counts.open === 0);
    },
    TIMEOUT_MS,
  );
});
