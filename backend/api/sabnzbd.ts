// `/sabnzbd/api` as clients of SABnzbd know it: one address, whose `mode` says what is wanted, with parameters in the query
// or in a form of either kind. Says who answers which mode; the answers are theirs.

import express, { type Request, type RequestHandler, type Router } from 'express';
import { hasKey, type KeyAccess } from './guard.js';
import { fieldsOf, isForm, NzbForms, type NzbForm } from './nzb-form.js';
import { originCors } from './origin-cors.js';
import { goneSignal } from './prepare-stream.js';
import { SabnzbdAdds } from './sabnzbd-add.js';
import type { SabnzbdDeps } from './sabnzbd-deps.js';
import { foreignPage, keyRefused, notImplemented, sabnzbdErrorHandler } from './sabnzbd-error.js';
import { formatCategories, formatConfig, formatStatus, formatVersion } from './sabnzbd-facts.js';
import { answerHistory, answerRetry } from './sabnzbd-history.js';
import { answerQueue, answerSwitch, isAllPaused, pauseAll, resumeAll } from './sabnzbd-queue.js';
import { parseSabnzbdRequest, type SabnzbdRequest } from './sabnzbd-request.js';

const PATH = '/sabnzbd/api';
/** What clients call the upload. */
const FILE_FIELDS = ['name', 'nzbfile'];
const MAX_KEY_CHARACTERS = 512;

type Answer = Record<string, unknown>;
interface Call {
  readonly request: SabnzbdRequest;
  readonly file: NzbForm['file'];
  readonly signal: AbortSignal;
}

export function createSabnzbdRoutes(deps: SabnzbdDeps): Router {
  const router = express.Router();
  const answer = answerRoute(deps);
  router.use(PATH, originCors(deps.corsOrigins, ['GET', 'POST', 'OPTIONS']));
  router.get(PATH, answer);
  router.post(PATH, answer);
  router.use('/sabnzbd', () => {
    throw notImplemented();
  });
  router.use('/sabnzbd', sabnzbdErrorHandler(deps.log));
  return router;
}

function answerRoute(deps: SabnzbdDeps): RequestHandler {
  const forms = new NzbForms({}, deps.clock);
  const answers = answersOf(deps);
  return async (req, res) => {
    const { request, file } = await readCall(deps, forms, req);
    const answer = answers.get(request.mode);
    if (request.mode !== 'addfile') file?.release();
    if (answer === undefined) throw notImplemented();
    const body = await answer({ request, file, signal: goneSignal(res) });
    res.setHeader('Cache-Control', 'no-store');
    res.json(body);
  };
}

function answersOf(deps: SabnzbdDeps): ReadonlyMap<string, (call: Call) => Answer | Promise<Answer>> {
  const adds = new SabnzbdAdds(deps);
  const status = (): Answer => formatStatus({ isPaused: isAllPaused(deps) });
  return new Map<string, (call: Call) => Answer | Promise<Answer>>([
    ['addurl', ({ request, signal }) => adds.addUrl(request, { signal })],
    ['addfile', ({ request, file, signal }) => adds.addFile(request, { file, signal })],
    ['queue', ({ request }) => answerQueue(deps, request)],
    ['history', ({ request }) => answerHistory(deps, request)],
    ['retry', ({ request }) => answerRetry(deps, request)],
    ['pause', () => pauseAll(deps)],
    ['resume', () => resumeAll(deps)],
    ['switch', ({ request }) => answerSwitch(deps, request)],
    ['version', formatVersion],
    ['get_config', () => formatConfig(deps.itemListings)],
    ['get_cats', () => formatCategories(deps.itemListings)],
    ['fullstatus', status],
    ['status', status],
  ]);
}

/** The key may stand in the form: who shows none is told so once that is read. */
async function readCall(
  { access, corsOrigins }: Pick<SabnzbdDeps, 'access' | 'corsOrigins'>,
  forms: NzbForms,
  req: Request,
): Promise<Omit<Call, 'signal'>> {
  if (access.isOpen && isFromForeignPage(req, corsOrigins)) throw foreignPage();
  const mayPass = (fields: ReadonlyMap<string, string>): boolean => isAllowed(access, req, fields.get('apikey'));
  const { fields, file } = isForm(req)
    ? await forms.read(req, { isAllowed: mayPass, fileFields: FILE_FIELDS })
    : { fields: fieldsOf(req.query), file: null };
  try {
    if (!mayPass(fields)) throw keyRefused({ isGiven: fields.has('apikey') || req.headers['x-api-key'] !== undefined });
    return { request: parseSabnzbdRequest(fields), file };
  } catch (error) {
    file?.release();
    throw error;
  }
}

/** Where no key is needed, the link of a foreign page is followed with all it does; its browser says whose it is. */
function isFromForeignPage({ headers }: Request, corsOrigins: readonly string[]): boolean {
  const isKnown = headers.origin !== undefined && corsOrigins.includes(headers.origin);
  return headers['sec-fetch-site'] === 'cross-site' && !isKnown;
}

function isAllowed(access: KeyAccess, req: Request, key: string | undefined): boolean {
  const isInForm = key !== undefined && key.length <= MAX_KEY_CHARACTERS && access.isApiKey(key);
  return access.isOpen || isInForm || hasKey(req, access);
}
