// How lists are wanted: read and written whole. `/api/preferences` is the admin's; the two handlers serve any other address
// whose own guard stands before them.

import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { preferencesForm, type Preferences } from '../../manifest/index.js';
import { InputError } from '../content/index.js';
import type { Logger } from '../platform/index.js';
import { requireAdmin, type AdminAccess } from './admin-guard.js';
import { originCors } from './origin-cors.js';
import { prepareErrorHandler } from './prepare-error.js';

/** Where they are kept. */
export interface PreferencesKeeper {
  get(): Preferences;
  set(preferences: Preferences): void;
}

export interface PreferencesDeps extends AdminAccess {
  readonly preferences: PreferencesKeeper;
  readonly corsOrigins: readonly string[];
  readonly log: Logger;
}

/** What answers GET and PUT, guards and errors aside. */
export interface PreferencesHandlers {
  readonly read: RequestHandler;
  /** In this order. */
  readonly write: readonly RequestHandler[];
}

/** The longest lists of words there may be, in any script. */
const BODY_LIMIT = '64kb';
const MAX_TOLD_PROBLEMS = 5;
const NO_OBJECT = 'Send the preferences as a JSON object (Content-Type: application/json).';

/** `GET|PUT /api/preferences`. */
export function createPreferencesRoutes(deps: PreferencesDeps): Router {
  const router = express.Router();
  const admin = requireAdmin(deps);
  const { read, write } = createPreferencesHandlers(deps.preferences);
  router.use('/api/preferences', originCors(deps.corsOrigins, ['GET', 'PUT', 'OPTIONS']));
  router.get('/api/preferences', admin, read);
  router.put('/api/preferences', admin, ...write);
  router.use('/api/preferences', prepareErrorHandler(deps.log, 'api'));
  return router;
}

/** Both answer with the whole preferences, as they are kept now. */
export function createPreferencesHandlers(keeper: PreferencesKeeper): PreferencesHandlers {
  const read = (_req: Request, res: Response): void => {
    res.setHeader('Cache-Control', 'no-store');
    res.json(keeper.get());
  };
  const body = express.json({ limit: BODY_LIMIT, verify: (_req, _res, bytes) => refuseEmpty(bytes) });
  const keep: RequestHandler = (req, _res, next) => {
    keeper.set(readPreferences(req.body));
    next();
  };
  return { read, write: [body, keep, read] };
}

/** Missing fields have their default, unknown ones are left out. @throws {InputError} naming the wrong fields */
export function readPreferences(body: unknown): Preferences {
  const parsed = preferencesForm.safeParse(body);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  if (issues.some(({ path }) => path.length === 0)) {
    throw new InputError(NO_OBJECT);
  }
  const told = issues.slice(0, MAX_TOLD_PROBLEMS).map(({ message, path }) => `${path.join('.')}: ${message}`);
  throw new InputError(told.join('; '));
}

/** The parser takes no bytes for `{}`, which would put everything back to its default. */
function refuseEmpty(bytes: Uint8Array): void {
  if (bytes.length === 0) throw new InputError(NO_OBJECT);
}
