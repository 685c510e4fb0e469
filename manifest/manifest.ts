// The manifest object. Knows what stremio-core demands of one; not who asks, nor what can be played.

/** One entry of `resources`. Always whole: core never calls a resource without `types`, and inherits no `idPrefixes`. */
export interface ManifestResource {
  readonly name: 'stream' | 'meta' | 'subtitles';
  readonly types: readonly string[];
  readonly idPrefixes: readonly string[];
}

/** A row of titles on Stremio's board. */
export interface ManifestCatalog {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly extra: readonly { readonly name: string; readonly isRequired: boolean }[];
}

/** What `manifest.json` holds. No value is ever null: core drops a manifest that has one. */
export interface Manifest {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly logo: string;
  readonly resources: readonly ManifestResource[];
  readonly types: readonly string[];
  readonly idPrefixes: readonly string[];
  readonly catalogs: readonly ManifestCatalog[];
  readonly behaviorHints: { readonly configurable: boolean };
}

export interface ManifestOptions {
  /** The package's version; semver. */
  readonly version: string;
  /** Absolute address of the logo. */
  readonly logoUrl: string;
}

/** Id of the catalog "Headstart: ready to play", the same for every type it is listed under. */
export const READY_CATALOG_ID = 'headstart-ready';

/** Id of the catalog of the openly licensed films that are built in. */
export const OPEN_CATALOG_ID = 'headstart-open';

/** Titles Stremio knows by themselves are listed by their own type, everything else under `other`. */
export const READY_CATALOG_TYPES = ['movie', 'series', 'other'] as const;

const TITLE_PREFIXES = ['tt', 'kitsu:', 'tmdb:', 'tvdb:'];
const CONTENT_PREFIX = 'headstart:';
const STREAM_TYPES = ['movie', 'series', 'anime', 'other'];

/** The manifest for one address: plain JSON values, under 8 KiB. */
export function createManifest(options: ManifestOptions): Manifest {
  return {
    id: 'community.headstart',
    name: 'Headstart',
    version: options.version,
    description:
      'Finds torrents and Usenet posts, and plays them from your own server the moment their first bytes are there.',
    logo: options.logoUrl,
    resources: [
      { name: 'stream', types: STREAM_TYPES, idPrefixes: [...TITLE_PREFIXES, CONTENT_PREFIX] },
      { name: 'meta', types: ['other'], idPrefixes: [CONTENT_PREFIX] },
      { name: 'subtitles', types: STREAM_TYPES, idPrefixes: [...TITLE_PREFIXES, CONTENT_PREFIX] },
    ],
    types: STREAM_TYPES,
    idPrefixes: [...TITLE_PREFIXES, CONTENT_PREFIX],
    catalogs: [
      ...READY_CATALOG_TYPES.map((type) => ({
        type,
        id: READY_CATALOG_ID,
        name: 'Headstart: ready to play',
        extra: [{ name: 'skip', isRequired: false }],
      })),
      {
        type: 'movie',
        id: OPEN_CATALOG_ID,
        name: 'Headstart: open films',
        extra: [{ name: 'skip', isRequired: false }],
      },
    ],
    behaviorHints: { configurable: true },
  };
}
