// The Stremio face: manifest, streams, play addresses, catalog, pages. `createAddonRoutes` gives one express router that
// hangs at '/'. It speaks Stremio and HTML and decides what viewers see; what exists is discovery's, what is prepared is the
// jobs', and bytes leave through delivery alone. No request waits without an end, nothing kept grows without a bound, and
// whoever has only the addon's key can watch, not change anything.

export type {
  AddonAccess,
  AddonDelivery,
  AddonDeps,
  AddonJobs,
  AddonLibrary,
  AddonLibraryEntry,
  AddonListedSources,
  AddonSubtitleExtractor,
  TorrentHoldings,
} from './addon-deps.js';
export type { Caller } from './links.js';
export type { ClipReason } from './play/failure-reason.js';

export { formatInstallUrl, formatManifestUrl } from './links.js';
export { createAddonRoutes } from './routes.js';
