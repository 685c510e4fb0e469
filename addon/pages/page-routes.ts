// The pages: sign-in, `/configure` for the admin, the viewer's page under the addon key, and their assets. HTML is written
// here and nowhere else; what it shows comes from the same places Stremio is answered from.

import express, { Router, type Request, type Response } from 'express';
import { SignInAttempts } from '../../backend/access/index.js';
import { AccessError } from '../../backend/content/index.js';
import { openFilms } from '../../backend/discovery/index.js';
import { clientAddress, httpStatusOf } from '../../backend/delivery/index.js';
import { formatContentId } from '../../manifest/index.js';
import type { AddonDeps, AddonLibraryEntry } from '../addon-deps.js';
import { callerOf, isViewer } from '../caller.js';
import type { Caller } from '../links.js';
import { StreamLister, type StreamListerDeps } from '../stremio/stream-lister.js';
import { formatSize } from '../stremio/stream-object.js';
import { createAssetRoutes } from './asset-routes.js';
import { html, type Html } from './html.js';
import { indexersSection } from './indexers-section.js';
import { installSection } from './install-section.js';
import { landingOf } from './landing.js';
import { layout, type LayoutOptions } from './layout.js';
import { libraryPage } from './library-page.js';
import { createListRoutes } from './list-routes.js';
import { pageGuard } from './page-guard.js';
import { preferencesSection } from './preferences-section.js';
import { programsSection } from './programs-section.js';
import { providersSection } from './providers-section.js';
import { formatSessionCookie, isOwnForm, readSessionCookie } from './session-cookie.js';
import { settingsSection } from './settings-section.js';
import { isSignedIn } from './signed-in.js';
import { signInPage, type SignInProblem } from './sign-in-page.js';
import { filmRow, filmsSection, librarySection, type TitleRow } from './titles-section.js';

export type PageDeps = StreamListerDeps &
  Pick<AddonDeps, 'clock' | 'config' | 'keepPreferences' | 'packageDir' | 'version'>;

/** The newest of the library; the rest is a number. */
const MAX_LIBRARY_ROWS = 30;
const SEE_OTHER = 303;
const TOO_MANY_REQUESTS = 429;

/** All pages and their assets. */
export function createPageRoutes(deps: PageDeps): Router {
  const pages = new Pages(deps);
  const router = Router();
  router.use(createAssetRoutes(deps.packageDir));
  router.use(createListRoutes(deps));
  const guard = pageGuard();
  const form = express.urlencoded({ extended: false, limit: '8kb', parameterLimit: 5 });
  router.get('/', guard, (req, res) => res.redirect(`${prefixOf(callerOf(req, deps))}/configure`));
  router.get('/configure', guard, (req, res) => pages.configure(req, res));
  router.get('/library', guard, (req, res) => pages.library(req, res));
  router.get('/sign-in', guard, (req, res) => pages.signInForm(req, res, null));
  router.post('/sign-in', guard, form, (req, res) => pages.signIn(req, res));
  router.post('/sign-out', guard, form, (req, res) => pages.signOut(req, res));
  router.get('/stremio/:key/configure', guard);
  router.get('/stremio/:key/configure', (req: Request<Record<string, string>>, res) => pages.viewer(req, res));
  return router;
}

class Pages {
  readonly #streams: StreamLister;
  readonly #attempts: SignInAttempts;

  constructor(private readonly deps: PageDeps) {
    this.#streams = new StreamLister(deps);
    this.#attempts = new SignInAttempts(deps.clock);
  }

  /** The admin's page; whoever is not signed in is led to the form. */
  configure(req: Request, res: Response): void {
    const caller = callerOf(req, this.deps);
    if (!isSignedIn(req, this.deps.access)) return res.redirect(`${prefixOf(caller)}/sign-in`);
    const { config, library, preferences } = this.deps;
    const api = `${prefixOf(caller)}/api`;
    const main = html`<h1 class="sr">Configure Headstart</h1>
      ${jumps()}
      <div class="columns setup">
        ${installSection(caller)} ${indexersSection(`${api}/indexers`)} ${providersSection(`${api}/providers`)}
      </div>
      ${preferencesSection({ preferences: preferences(), url: `${api}/preferences` })}
      <div class="columns below">
        <div class="column">
          ${librarySection(this.#libraryRows(caller), library.count(), `${prefixOf(caller)}/library`)}
        </div>
        <div class="column">${filmsSection(this.#filmRows(caller))}</div>
      </div>
      ${this.#programs(caller)} ${settingsSection(config)}`;
    const action = this.#signOut(caller);
    this.#send(res, caller, {
      title: 'Configure',
      main,
      action,
      scripts: ['indexers', 'providers', 'preferences', 'programs'],
    });
  }

  #programs(caller: Caller): Html {
    const { apiKey, webdavUser, webdavPassword } = this.deps.config;
    return programsSection({
      origin: caller.origin,
      webdavUser,
      passwordUrl: webdavPassword === undefined ? `${prefixOf(caller)}/api/webdav/password` : null,
      needsKey: !this.deps.access.isOpen,
      keyPlace: apiKey === undefined ? 'the file api-key in the data folder' : 'set by API_KEY',
    });
  }

  /** What is kept, all of it; the admin's. */
  library(req: Request, res: Response): void {
    const caller = callerOf(req, this.deps);
    const prefix = prefixOf(caller);
    if (!isSignedIn(req, this.deps.access)) return res.redirect(`${prefix}/sign-in?to=library`);
    const { libraryTtlMs: ttlMs } = this.deps.config;
    const main = libraryPage({ url: `${prefix}/api/library`, configureUrl: `${prefix}/configure`, ttlMs });
    const action = this.#signOut(caller);
    this.#send(res, caller, { title: 'Library', main, action, scripts: ['library'], styles: ['library'] });
  }

  /** What the addon's key opens: how to install it, and how lists look. The key is shared with whoever the address is. */
  viewer(req: Request<Record<string, string>>, res: Response): void {
    const caller = callerOf(req, this.deps);
    if (!isViewer(req.params['key'], this.deps.access)) {
      res.status(httpStatusOf(new AccessError('', 'UNAUTHORIZED')));
      const main = html`<section class="card narrow">
        <h1>This link is no longer valid</h1>
        <p class="muted">The key in the address has changed. Ask for a new one where you got this.</p>
      </section>`;
      return this.#send(res, caller, { title: 'Not valid', main });
    }
    const settings = html`<a class="button small" href="${prefixOf(caller)}/configure">Settings</a>`;
    const main = html`<h1 class="sr">Headstart</h1>
      <div class="single">${installSection(caller)}</div>
      ${preferencesSection({ preferences: this.deps.preferences(), url: formatPreferencesPath(caller) })}`;
    this.#send(res, caller, { title: 'Install', main, action: settings, scripts: ['preferences'] });
  }

  signInForm(req: Request, res: Response, problem: SignInProblem | null): void {
    const caller = callerOf(req, this.deps);
    const prefix = prefixOf(caller);
    const landing = landingOf(req.method === 'POST' ? req.body : req.query);
    if (isSignedIn(req, this.deps.access)) return res.redirect(`${prefix}/${landing}`);
    this.#send(res, caller, { title: 'Sign in', main: signInPage({ prefix, landing, problem }) });
  }

  signIn(req: Request, res: Response): void {
    const { access, config, clock, log } = this.deps;
    const caller = callerOf(req, this.deps);
    const client = clientAddress(req, config.trustedProxies);
    if (!isOwnForm(req, caller.origin)) return this.#refuse(req, res, new AccessError('', 'FORBIDDEN'), 'foreign');
    const waitSeconds = this.#attempts.waitSeconds(client);
    if (waitSeconds > 0) {
      res.status(TOO_MANY_REQUESTS).setHeader('Retry-After', waitSeconds);
      return this.signInForm(req, res, 'too-often');
    }
    try {
      const { token, expiresAt } = access.signIn(apiKeyOf(req.body));
      const maxAgeSeconds = Math.floor((expiresAt - clock.now()) / 1000);
      res.setHeader('Set-Cookie', formatSessionCookie(token, { origin: caller.origin, maxAgeSeconds }));
      res.redirect(SEE_OTHER, `${prefixOf(caller)}/${landingOf(req.body)}`);
    } catch (error) {
      if (!(error instanceof AccessError)) throw error;
      this.#attempts.noteFailure(client);
      log.warn({ client }, 'A sign-in was refused');
      this.#refuse(req, res, error, 'wrong-key');
    }
  }

  signOut(req: Request, res: Response): void {
    const caller = callerOf(req, this.deps);
    if (!isOwnForm(req, caller.origin)) return this.#refuse(req, res, new AccessError('', 'FORBIDDEN'), 'foreign');
    const token = readSessionCookie(req);
    if (token !== null) this.deps.access.signOut(token);
    res.setHeader('Set-Cookie', formatSessionCookie('', { origin: caller.origin, maxAgeSeconds: 0 }));
    res.redirect(SEE_OTHER, `${prefixOf(caller)}/sign-in`);
  }

  #refuse(req: Request, res: Response, error: AccessError, problem: SignInProblem): void {
    res.status(httpStatusOf(error));
    this.signInForm(req, res, problem);
  }

  #filmRows(caller: Caller): TitleRow[] {
    return openFilms.flatMap((film) => {
      const stream = this.#streams.listOpenFilm(film.titleId, caller);
      return stream === null ? [] : [filmRow(film, stream.url, stream.streamData.cached)];
    });
  }

  #libraryRows(caller: Caller): TitleRow[] {
    const entries = this.deps.library.list({ limit: MAX_LIBRARY_ROWS, offset: 0 });
    return entries.flatMap((entry) => this.#libraryRow(entry, caller) ?? []);
  }

  /** Null for a release in which nothing plays. */
  #libraryRow(entry: AddonLibraryEntry, caller: Caller): TitleRow | null {
    const stream = this.#streams.listContent(formatContentId(entry.contentId), caller)[0];
    if (stream === undefined) return null;
    const { filename, size = 0, cached } = stream.streamData;
    const description = filename === entry.name ? '' : filename;
    return {
      name: entry.name,
      detail: formatSize(size),
      description,
      playUrl: stream.url,
      stremioUrl: null,
      isReady: cached,
    };
  }

  #signOut(caller: Caller): Html {
    if (this.deps.access.isOpen) return html``;
    return html`<form method="post" action="${prefixOf(caller)}/sign-out">
      <button class="button small" type="submit">Sign out</button>
    </form>`;
  }

  #send(
    res: Response,
    caller: Caller,
    page: Pick<LayoutOptions, 'action' | 'main' | 'scripts' | 'styles' | 'title'>,
  ): void {
    res.setHeader('Cache-Control', 'no-store');
    res.type('html').send(layout({ prefix: prefixOf(caller), version: this.deps.version, ...page }));
  }
}

/** Links to what is further down. */
function jumps(): Html {
  const places = [
    ['indexers', 'Indexers'],
    ['news-servers', 'News servers'],
    ['lists', 'Lists'],
    ['library-title', 'Library'],
    ['programs', 'Other programs'],
    ['settings-title', 'Configuration'],
  ] as const;
  return html`<nav class="jumps" aria-label="On this page">
    ${places.map(([id, name]) => html`<a href="#${id}">${name}</a>`)}
  </nav>`;
}

/** Below the addon's key, which is all its scripts have. */
function formatPreferencesPath(caller: Caller): string {
  return `${prefixOf(caller)}/stremio/${caller.addonKey}/preferences`;
}

/** The path the browser sees in front of ours, no trailing slash. */
function prefixOf({ origin }: Caller): string {
  return new URL(origin).pathname.replace(/\/$/, '');
}

function apiKeyOf(body: unknown): string {
  const value = typeof body === 'object' && body !== null && 'apiKey' in body ? body.apiKey : undefined;
  return typeof value === 'string' ? value.trim() : '';
}
