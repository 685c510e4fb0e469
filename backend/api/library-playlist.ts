// The library as a playlist: every film, at an address that plays by itself. Bounded: 10 000 films; other requests get their
// turn while a long one is made.

import type { RequestHandler } from 'express';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NotFoundError } from '../content/index.js';
import { sendPlaylist, type PlaylistEntry } from '../delivery/index.js';
import { readKeptFacts } from '../media/index.js';
import { isPlayable } from '../naming/index.js';
import { formatFileAddress } from './file-address.js';
import type { LibraryDeps, LibraryItem } from './library-deps.js';
import { readItemId, readLibraryFilter } from './library-request.js';
import { filesOf } from './library-views.js';
import { goneSignal } from './prepare-stream.js';

const MAX_ENTRIES = 10_000;
const PAGE_ITEMS = 100;
/** Episode 2 before episode 10. */
const byName = new Intl.Collator('en', { numeric: true });

/** Of what the parameters ask for, newest first. */
export function libraryPlaylistRoute(deps: LibraryDeps): RequestHandler {
  return async (req, res) => {
    const filter = readLibraryFilter(req.query);
    const origin = deps.originOf(req);
    const signal = goneSignal(res);
    const entries: PlaylistEntry[] = [];
    for (let after: number | null = null; entries.length < MAX_ENTRIES;) {
      const items = deps.index.libraryAfter({ ...filter, limit: PAGE_ITEMS, after });
      for (const item of items) entries.push(...entriesOf(deps, item, origin));
      after = items.at(-1)?.id ?? null;
      if (items.length < PAGE_ITEMS) break;
      await nextTurn(undefined, { signal });
    }
    sendPlaylist(res, { name: 'library', entries: entries.slice(0, MAX_ENTRIES) });
  };
}

/** Of one item. */
export function itemPlaylistRoute(deps: LibraryDeps): RequestHandler {
  return (req, res) => {
    const item = deps.index.listed(readItemId(req.params['id']));
    if (item === null) throw new NotFoundError('There is no such item.');
    sendPlaylist(res, { name: item.name, entries: entriesOf(deps, item, deps.originOf(req)).slice(0, MAX_ENTRIES) });
  };
}

function entriesOf({ access, library }: LibraryDeps, item: LibraryItem, origin: string): PlaylistEntry[] {
  const films = filesOf(library.get(item.contentId)).filter(({ file }) => isPlayable(file.name));
  const kept = films.length === 0 ? null : library.mediaOf(item.contentId);
  return [...films]
    .sort((a, b) => byName.compare(a.path, b.path))
    .map(({ path, file }) => {
      const durationSeconds = readKeptFacts(kept?.get(file.index))?.durationSeconds ?? null;
      return {
        name: path.slice(path.lastIndexOf('/') + 1),
        url: formatFileAddress(origin, access, item, path),
        ...(durationSeconds === null ? {} : { durationSeconds }),
      };
    });
}
