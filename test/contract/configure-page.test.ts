// The pages as people use them, in Debian's Chromium; and what they refuse to whoever is not a person in front of them.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DEFAULT_PREFERENCES, type Preferences } from '../../manifest/index.js';
import { openBrowser } from '../support/browser.js';
import { ask } from '../support/http.js';
import { API_KEY, makeRelease, StremioHarness } from '../support/stremio-harness.js';

const form = (apiKey: string): string => new URLSearchParams({ apiKey }).toString();
/** Everything that can be set, set to something else. */
const ALL_SET: Preferences = {
  resolutions: ['2160p', '1080p'],
  maxFilmBytes: 25_500_000_000,
  maxEpisodeBytes: 4_000_000_000,
  maxBitrate: 80_000_000,
  excludedQualities: ['screener', 'dvd'],
  excludedCodecs: ['av1'],
  hdr: 'first',
  dolbyVision: 'withFallback',
  languages: ['de', 'en'],
  onlyLanguages: true,
  excludedWords: ['hardsub', 'two words'],
  preferredWords: ['atmos'],
  readyFirst: false,
  kindFirst: 'usenet',
  dead: 'hidden',
  maxStreams: 40,
  maxPerResolution: 10,
  namesForAioStreams: true,
};
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

describe('pages in a browser', () => {
  let browser: Browser;
  let harness: StremioHarness;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    harness = await StremioHarness.open();
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    await harness.close();
  });

  const signIn = async (): Promise<void> => {
    await page.goto(harness.origin);
    await page.getByLabel('API key').fill(API_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Install in Stremio' }).waitFor();
  };

  it('sign-in - a wrong key is told so, the right one leads to the settings, signing out back', async () => {
    await page.goto(harness.origin);
    await page.getByLabel('API key').fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').textContent()).toBe('That is not the API key.');
    await signIn();
    expect(new URL(page.url()).pathname).toBe('/configure');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    await page.goto(`${harness.origin}/configure`);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
  });

  it('install - the links lead into Stremio, and Copy URL puts the address on the clipboard', async () => {
    await signIn();
    const manifestUrl = `${harness.base}/manifest.json`;
    const hrefOf = (name: string): Promise<string | null> =>
      page.getByRole('link', { name, exact: true }).getAttribute('href');
    expect(await hrefOf('Install')).toBe(manifestUrl.replace('http://', 'stremio://'));
    expect(await hrefOf('Install in Stremio Web')).toBe(
      `https://web.stremio.com/#/addons?addon=${encodeURIComponent(manifestUrl)}`,
    );
    await page.getByRole('button', { name: 'Copy URL' }).click();
    await page.getByText('Address copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(manifestUrl);
  });

  it('titles - films and library have play links that play; names are shown, not run', async () => {
    harness.keep(makeRelease('<img src=x onerror="document.title=1">', [['film.mp4', 5_000]]));
    await signIn();
    const library = page.getByRole('region', { name: 'Library' });
    expect(await library.getByRole('listitem').count()).toBe(1);
    expect(await library.textContent()).toContain('<img src=x');
    expect(await page.title()).toBe('Configure · Headstart');
    const film = page.getByRole('region', { name: 'Open films' }).getByRole('link', { name: /^Play Sintel/ });
    const { status } = await ask((await film.getAttribute('href')) ?? '', { method: 'HEAD' });
    expect(status).toBe(200);
  });

  it('viewer - the addon key shows how to install and how lists look, nothing of the settings', async () => {
    await page.goto(`${harness.base}/configure`);
    await page.getByRole('link', { name: 'Install', exact: true }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'Install in Stremio',
      'How lists look',
    ]);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('API key').waitFor();
  });

  it('viewer - changes how lists look; the example follows, what is saved is kept', async () => {
    await page.goto(`${harness.base}/configure`);
    await page.getByText('11 of 12 releases are listed.').waitFor();
    await page.getByLabel('Longest list').fill('0');
    await page.getByText('This cannot be used: Longest list.').first().waitFor();
    await page.getByLabel('Longest list').fill('2');
    await page.getByText('2 of 12 releases are listed.').waitFor();
    expect(harness.preferences.maxStreams).toBe(60);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(harness.preferences).toEqual({ ...DEFAULT_PREFERENCES, maxStreams: 2 });
    await page.reload();
    expect(await page.getByLabel('Longest list').inputValue()).toBe('2');
  });

  it('list preferences - are written as they were read, whatever is set', async () => {
    harness.preferences = ALL_SET;
    await page.goto(`${harness.base}/configure`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(harness.preferences).toEqual(ALL_SET);
    await page.getByRole('button', { name: 'Defaults' }).click();
    await page.getByText('Not saved yet.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(harness.preferences).toEqual(DEFAULT_PREFERENCES);
  });

  it.each([360, 375])('phone - nothing is wider than a screen of %d', async (width) => {
    await page.setViewportSize({ width, height: 740 });
    await signIn();
    await page.getByText('11 of 12 releases are listed.').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.getByRole('button', { name: 'Add an indexer' }).click();
    await page.getByLabel('Kind').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});

describe('pages without a browser', () => {
  let harness: StremioHarness;

  beforeEach(async () => {
    harness = await StremioHarness.open();
  });
  afterEach(() => harness.close());

  const post = (path: string, headers: Record<string, string>, apiKey = API_KEY): ReturnType<typeof ask> =>
    ask(`${harness.origin}${path}`, { method: 'POST', headers: { ...FORM, ...headers }, body: form(apiKey) });

  it('session - is an opaque cookie that scripts and other sites cannot use', async () => {
    const { status, headers } = await post('/sign-in', { origin: harness.origin });
    expect([status, headers.location]).toEqual([303, '/configure']);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^headstart_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(API_KEY);
    const session = cookie.split(';')[0] ?? '';
    expect((await ask(`${harness.origin}/configure`, { headers: { cookie: session } })).status).toBe(200);
    await post('/sign-out', { origin: harness.origin, cookie: session });
    expect((await ask(`${harness.origin}/configure`, { headers: { cookie: session } })).status).toBe(302);
  });

  it.each([
    ['library', '/library'],
    ['https://elsewhere.example/', '/configure'],
    ['//elsewhere.example', '/configure'],
  ])('sign-in - with `to=%s` leads to %s', async (to, location) => {
    const body = new URLSearchParams({ apiKey: API_KEY, to }).toString();
    const { headers } = await ask(`${harness.origin}/sign-in`, { method: 'POST', headers: FORM, body });
    expect(headers.location).toBe(location);
    const { body: page } = await ask(`${harness.origin}/sign-in?to=${encodeURIComponent(to)}`);
    expect(page.toString()).toContain(`<input type="hidden" name="to" value="${location.slice(1)}" />`);
  });

  it('session - is for https alone where the page came by https, below its path prefix', async () => {
    const proxied = await StremioHarness.open({ env: { BASE_URL: 'https://tv.example/headstart' } });
    try {
      const { headers } = await ask(`${proxied.origin}/sign-in`, {
        method: 'POST',
        headers: FORM,
        body: form(API_KEY),
      });
      expect(headers.location).toBe('/headstart/configure');
      expect(headers['set-cookie']?.[0]).toMatch(/; Path=\/headstart; .*; Secure$/);
    } finally {
      await proxied.close();
    }
  });

  it.each([{ origin: 'https://elsewhere.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])(
    'forms - one sent by another site is refused: %j',
    async (headers) => {
      const { status, headers: answered } = await post('/sign-in', headers);
      expect([status, answered['set-cookie']]).toEqual([403, undefined]);
    },
  );

  it('guessing - ends after ten wrong keys, with the time to wait', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 10; attempt += 1) statuses.push((await post('/sign-in', {}, 'guess')).status);
    expect(new Set(statuses)).toEqual(new Set([401]));
    const { status, headers } = await post('/sign-in', {});
    expect([status, Number(headers['retry-after']) > 0]).toEqual([429, true]);
  });

  it('headers - pages run only their own files, stand in no frame and are not kept', async () => {
    const { headers } = await ask(`${harness.origin}/sign-in`);
    expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('viewer - a wrong key has a page that says so', async () => {
    const { status, body } = await ask(`${harness.origin}/stremio/wrong/configure`);
    expect(status).toBe(401);
    expect(body.toString()).toContain('This link is no longer valid');
  });
});
