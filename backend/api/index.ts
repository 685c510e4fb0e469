// The dialects of the backend, one family of files each: preparation (prepare, proxy, info, stream tokens), events, the
// admin's jobs, library, indexers, news servers and preferences, health, torrents as rqbit's clients know them, NZBs as
// AltMount's and SABnzbd's do, the library as a WebDAV folder. A dialect
// translates jobs, library and delivery into its clients' words and shapes; it knows no engine's inside and sends no byte
// itself. Routers are mounted at the root.

export type { AdminAccess } from './admin-guard.js';
export type { AdminJobsDeps } from './admin-jobs.js';
export type { EventsDeps } from './events.js';
export type { HealthDeps } from './health.js';
export type { IndexersAdmin, IndexersDeps } from './indexers.js';
export type { InfoDeps } from './info.js';
export type { LibraryDeps, TorrentHealth } from './library-deps.js';
export type { KeyAccess, RouteAccess } from './guard.js';
export type { NzbAccess, NzbDeps, NzbIntake } from './nzb-deps.js';
export type { PreferencesDeps, PreferencesHandlers, PreferencesKeeper } from './preferences.js';
export type { PrepareDeps } from './prepare-deps.js';
export type { ProvidersAdmin, ProvidersDeps } from './providers.js';
export type { SabnzbdDeps } from './sabnzbd-deps.js';
export type { StatusDeps } from './status.js';
export type { StreamTarget, StreamTokenDeps } from './stream-token.js';
export type { TorrentsDeps } from './torrents-deps.js';
export type { WebdavDeps } from './webdav-deps.js';
export type { WebdavPasswordDeps } from './webdav-password.js';

export { createAdminJobsRoutes } from './admin-jobs.js';
export { createEventsRoutes } from './events.js';
export { formatFileAddress } from './file-address.js';
export { createHealthRoutes } from './health.js';
export { createIndexersRoutes } from './indexers.js';
export { createInfoRoutes } from './info.js';
export { createLibraryRoutes } from './library.js';
export { createNzbRoutes } from './nzb-routes.js';
export { createPreferencesHandlers, createPreferencesRoutes, readPreferences } from './preferences.js';
export { createPrepareRoutes } from './prepare.js';
export { createProvidersRoutes } from './providers.js';
export { createSabnzbdRoutes } from './sabnzbd.js';
export { createStatusRoutes } from './status.js';
export { createStreamTokenRoutes, formatStreamPath } from './stream-token.js';
export { createTorrentRoutes } from './torrents.js';
export { createWebdavPasswordRoutes } from './webdav-password.js';
export { createWebdavRoutes } from './webdav.js';
export { hasKey, requireKey } from './guard.js';
export { SubmittedDocuments } from './webdav-documents.js';
export { requireAdmin } from './admin-guard.js';
