// `POST /api/nzb/streams`: an NZB in, playable addresses out, as clients of AltMount know it. Says what is asked and answered;
// how an NZB becomes playable is not known here.

import express, { type Request, type RequestHandler, type Router } from 'express';
import { InputError, usenetUnavailable } from '../content/index.js';
import { formatFileAddress } from './file-address.js';
import type { NzbDeps } from './nzb-deps.js';
import { nzbErrorHandler } from './nzb-error.js';
import { fieldsOf, NzbForms } from './nzb-form.js';
import { isAllowed, keyNeeded } from './nzb-keys.js';
import { readNzbRequest, type NzbRequest } from './nzb-request.js';
import { NzbSubmissions, type NzbOutcome } from './nzb-submissions.js';
import { originCors } from './origin-cors.js';
import { goneSignal } from './prepare-stream.js';

const PATH = '/api/nzb/streams';

export function createNzbStreamsRoutes(deps: NzbDeps): Router {
  const router = express.Router();
  router.use(PATH, originCors(deps.corsOrigins, ['POST', 'OPTIONS']));
  router.post(PATH, submitRoute(deps));
  router.use(PATH, () => {
    throw new InputError('Submit an NZB with POST.');
  });
  router.use(PATH, nzbErrorHandler(deps.log));
  return router;
}

function submitRoute(deps: NzbDeps): RequestHandler {
  const forms = new NzbForms({}, deps.clock);
  const submissions = new NzbSubmissions(deps);
  return async (req, res) => {
    const request = await readSubmission(deps, forms, req);
    const outcome = await submissions.submit(request, { signal: goneSignal(res) });
    res.setHeader('Cache-Control', 'no-store');
    res.json(formatOutcome(deps, req, outcome));
  };
}

/** The key may stand in the form: who shows none is told so once that is read. */
async function readSubmission({ access, usenet }: NzbDeps, forms: NzbForms, req: Request): Promise<NzbRequest> {
  const mayPass = (fields: ReadonlyMap<string, string>): boolean => isAllowed(access, req, fields.get('download_key'));
  if (!usenet.isAvailable && mayPass(fieldsOf(req.query))) throw usenetUnavailable();
  const form = await forms.read(req, { isAllowed: mayPass });
  try {
    if (!mayPass(form.fields)) throw keyNeeded();
    if (!usenet.isAvailable) throw usenetUnavailable();
    return readNzbRequest(form);
  } catch (error) {
    form.file?.release();
    throw error;
  }
}

function formatOutcome(
  { access, originOf }: NzbDeps,
  req: Request,
  { item, status, isCached, files }: NzbOutcome,
): Record<string, unknown> {
  const origin = originOf(req);
  const streams = files.map(({ name, path, sizeBytes }) => ({
    url: formatFileAddress(origin, access, item, path),
    title: name,
    name,
    size: sizeBytes,
  }));
  return { streams, _queue_item_id: item.id, _queue_status: status, _cached: isCached };
}
