// Catalog and meta: what is in the library, as Stremio shows it. Titles it knows are listed under their own id; for
// everything else this addon is the one that describes it.

import { formatContentId, parseStremioId, type READY_CATALOG_TYPES } from '../../manifest/index.js';
import { isContentId } from '../../backend/content/index.js';
import { listFiles, openFilms } from '../../backend/discovery/index.js';
import { parseReleaseName } from '../../backend/naming/index.js';
import type { AddonLibrary, AddonLibraryEntry } from '../addon-deps.js';
import type { Caller } from '../links.js';
import { formatSize, type StreamObject } from './stream-object.js';
import type { StreamLister } from './stream-lister.js';

/** An item of a catalog row. */
export interface MetaPreview {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly releaseInfo?: string;
  readonly description?: string;
}

/** A page of its own. Videos carry `title` alone (core refuses `name` beside it) and no `released`. */
export interface MetaPage extends MetaPreview {
  readonly videos: readonly {
    readonly id: string;
    readonly title: string;
    readonly streams: readonly StreamObject[];
  }[];
  readonly behaviorHints?: { readonly defaultVideoId: string };
}

const PAGE_SIZE = 100;
/** One request looks at no more of the library than this, newest first. */
const MAX_SCANNED = 2_000;

/** One page of the catalog of one type, each title once; `skip` counts titles already shown. */
export function listReady(library: AddonLibrary, type: string, skip: number): MetaPreview[] {
  const found = new Map<string, MetaPreview>();
  for (let offset = 0; offset < MAX_SCANNED && found.size < skip + PAGE_SIZE; offset += PAGE_SIZE) {
    const entries = library.list({ limit: PAGE_SIZE, offset });
    for (const entry of entries) {
      const preview = previewOf(entry);
      if (preview?.type === type && !found.has(preview.id)) found.set(preview.id, preview);
    }
    if (entries.length < PAGE_SIZE) break;
  }
  return [...found.values()].slice(skip, skip + PAGE_SIZE);
}

/** The built-in films. Stremio knows the rest by their ids. */
export function listOpenFilms(): MetaPreview[] {
  return openFilms.map(({ titleId, title, year, description }) => ({
    id: titleId,
    type: 'movie',
    name: title,
    releaseInfo: String(year),
    description,
  }));
}

/** The page of a release of the library; null when there is none. */
export function readMeta(id: string, caller: Caller, library: AddonLibrary, streams: StreamLister): MetaPage | null {
  const wanted = parseStremioId(id);
  if (wanted?.kind !== 'content' || !isContentId(wanted.contentId)) return null;
  const entry = library.get(wanted.contentId);
  if (entry === null) return null;
  const videos = streams.listRelease(entry, caller).map(({ file, stream }) => ({
    id: formatContentId(entry.contentId, file.index),
    title: file.name,
    streams: [stream],
  }));
  const only = videos.length === 1 ? videos[0] : undefined;
  return {
    ...describe(entry, formatContentId(entry.contentId), 'other'),
    videos,
    ...(only === undefined ? {} : { behaviorHints: { defaultVideoId: only.id } }),
  };
}

/** Null for a release in which nothing plays. */
function previewOf(entry: AddonLibraryEntry): MetaPreview | null {
  if (listFiles(entry.files).length === 0) return null;
  if (entry.titleId === null || !/^tt\d+$/.test(entry.titleId)) {
    return describe(entry, formatContentId(entry.contentId), 'other');
  }
  return describe(entry, entry.titleId, isSeries(entry) ? 'series' : 'movie');
}

function describe(entry: AddonLibraryEntry, id: string, type: (typeof READY_CATALOG_TYPES)[number]): MetaPreview {
  const { title, year } = parseReleaseName(entry.name);
  const files = listFiles(entry.files);
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const count = files.length === 1 ? '' : ` · ${files.length} files`;
  return {
    id,
    type,
    name: title ?? entry.name,
    ...(year === undefined ? {} : { releaseInfo: year }),
    description: `${entry.name}\n${formatSize(sizeBytes)}${count}`,
  };
}

function isSeries(entry: AddonLibraryEntry): boolean {
  const names = [
    entry.name,
    ...listFiles(entry.files)
      .slice(0, 3)
      .map((file) => file.name),
  ];
  return names.map(parseReleaseName).some(({ seasons, episodes }) => seasons.length > 0 || episodes.length > 0);
}
