// What Stremio is told this addon is, and the grammar of the ids it asks with. Pure: no I/O, no clock, nothing of the
// backend; everything that differs between installations (version, address) is passed in. The logo's files lie beside
// this door (logo.svg is the drawing, logo.png what the manifest names) and are served by the addon.

export type { Manifest, ManifestCatalog, ManifestOptions, ManifestResource } from './manifest.js';
export type { Preferences } from './preferences.js';
export type { StremioId } from './stremio-id.js';

export { createManifest, OPEN_CATALOG_ID, READY_CATALOG_ID, READY_CATALOG_TYPES } from './manifest.js';
export {
  DEFAULT_PREFERENCES,
  EXCLUDABLE_CODECS,
  EXCLUDABLE_QUALITIES,
  preferencesForm,
  RESOLUTIONS,
} from './preferences.js';
export { formatContentId, parseStremioId } from './stremio-id.js';
