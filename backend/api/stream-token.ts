// `GET|HEAD /stream/<token>/<name>`: the lasting address of a file's bytes. The token says which content and file, and is
// signed; the name is decoration for players. It works as long as the content is kept, restarts included.

import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { AccessError, isContentId, NotFoundError, type ContentId, type MediaFile } from '../content/index.js';
import { byteCors, httpStatusOf, sendError, type Delivery } from '../delivery/index.js';
import type { Logger } from '../platform/index.js';
import type { RouteAccess } from './guard.js';
import { goneSignal } from './prepare-stream.js';

export interface StreamTokenDeps {
  readonly jobs: {
    openContent(contentId: ContentId, fileIndex: number, options: { readonly signal: AbortSignal }): Promise<MediaFile>;
  };
  readonly access: RouteAccess;
  readonly delivery: Pick<Delivery, 'deliver'>;
  readonly log: Logger;
}

/** What a token names. */
export interface StreamTarget {
  readonly contentId: ContentId;
  readonly fileIndex: number;
}

/** Content and file in base64url, a dot, the signature: a dot after 28 characters shadows no other `/stream/…` route. */
const STREAM_PATH = /^\/stream\/([A-Za-z0-9_-]{28,64}\.[A-Za-z0-9_-]{20,128})(?:\/.*)?$/;
const INFO_HASH_BYTES = 20;
const HASH_BYTES = 32;
const MAX_INDEX_BYTES = 4;

/** The scope of the signature in every address of this content. */
export function contentScope(contentId: ContentId): string {
  return `content:${contentId}`;
}

/** `/stream/<token>/<name>`, to be put behind an origin. The same for the same file, for ever. */
export function formatStreamPath(
  access: Pick<RouteAccess, 'sign'>,
  contentId: ContentId,
  fileIndex: number,
  name: string,
): string {
  const token = `${formatTarget({ contentId, fileIndex })}.${access.sign(contentScope(contentId))}`;
  const safe = /^\.*$/.test(name) ? 'file' : name;
  return `/stream/${token}/${encodeURIComponent(safe).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`;
}

/** The content's bytes, then the index in as many bytes as it needs (none for 0). */
export function formatTarget({ contentId, fileIndex }: StreamTarget): string {
  const index = Buffer.alloc(MAX_INDEX_BYTES);
  index.writeUInt32BE(fileIndex);
  const first = index.findIndex((byte) => byte !== 0);
  // A length byte first tells an infohash with an index from a longer id.
  const id = Buffer.from(contentId, 'hex');
  return Buffer.concat([Buffer.of(id.length), id, first < 0 ? Buffer.alloc(0) : index.subarray(first)]).toString(
    'base64url',
  );
}

/** Null for anything `formatTarget` does not write. */
export function parseTarget(text: string): StreamTarget | null {
  const bytes = Buffer.from(text, 'base64url');
  const [length] = bytes;
  if (length !== INFO_HASH_BYTES && length !== HASH_BYTES) return null;
  const contentId = bytes.subarray(1, 1 + length).toString('hex');
  const index = bytes.subarray(1 + length);
  if (!isContentId(contentId) || index.length > MAX_INDEX_BYTES) return null;
  const target = { contentId, fileIndex: index.reduce((sum, byte) => sum * 256 + byte, 0) };
  return formatTarget(target) === text ? target : null;
}

export function createStreamTokenRoutes(deps: StreamTokenDeps): Router {
  const router = express.Router();
  router.all(STREAM_PATH, byteCors());
  router.get(STREAM_PATH, streamRoute(deps));
  return router;
}

function streamRoute(deps: StreamTokenDeps): RequestHandler {
  return async (req: Request, res: Response) => {
    try {
      const { contentId, fileIndex } = targetOf(deps, req);
      const file = await deps.jobs.openContent(contentId, fileIndex, { signal: goneSignal(res) });
      await deps.delivery.deliver(req, res, file, { isSecretUrl: true });
    } catch (error) {
      if (httpStatusOf(error, 'bytes') === 500) deps.log.error({ err: error }, 'a stream could not be opened');
      sendError(res, error, { audience: 'bytes' });
    }
  };
}

/** A valid signature is enough, whatever credentials come along. @throws {NotFoundError}; {AccessError} */
function targetOf({ access }: StreamTokenDeps, req: Request): StreamTarget {
  const [text = '', signature = ''] = String(req.params['0']).split('.');
  const target = parseTarget(text);
  if (target === null) throw new NotFoundError('There is no such stream.');
  if (!access.isSigned(contentScope(target.contentId), signature)) {
    throw new AccessError('This address is not signed by this server.', 'UNAUTHORIZED');
  }
  return target;
}
