// Plain files on HTTP servers: probed, named, read by ranges, resumed where a transfer breaks off. Only the guarded client
// reaches out. Refuses servers that cannot give ranges: seeking would mean fetching everything before.

export type { HttpEngineOptions } from './http-engine.js';

export { HttpEngine } from './http-engine.js';
export { canonicalUrl, urlContentId } from './url-content-id.js';
