// How bytes leave the server. A route resolves a MediaFile and hands it to `Delivery`; no route writes range code of its own.
//
// Invariants: headers are exact before the first byte leaves; an answer that cannot be finished is cut, never ended cleanly;
// one chunk per response is in memory, and nothing is pulled while the client is not taking; a client that goes away ends
// the read within the same turn; statuses come from one table. It refuses to know where bytes come from.

export type { Audience, PublicError } from './error-table.js';
export type { DeliverOptions, DeliveryOptions } from './delivery.js';
export type { ErrorBody, SendErrorOptions } from './send-error.js';
export type { MediaFacts } from './media-headers.js';
export type { Middleware } from './byte-cors.js';
export type { OriginOptions, OriginRequest } from './request-origin.js';
export type { PlaylistEntry } from './playlist.js';
export type { SessionInfo } from './stream-sessions.js';

export { byteCors } from './byte-cors.js';
export { clientAddress } from './trusted-proxies.js';
export { Delivery } from './delivery.js';
export { formatPlaylist, sendPlaylist } from './playlist.js';
export { httpStatusOf, publicErrorOf, retryAfterOf } from './error-table.js';
export { loopbackGuard } from './loopback-guard.js';
export { mediaTypeOf } from './media-type.js';
export { requestOrigin, requestPrefix } from './request-origin.js';
export { sendError } from './send-error.js';
export { setMediaHeaders, validatorsOf } from './media-headers.js';
export { formatHttpDate } from './http-date.js';
