// What stands where below `/webdav`: `complete/<category>/<folder>/…` is what plays, `nzbs/` and `torrents/` what was
// submitted. Reads the library alone, never an engine: a listing costs no network. Order is that of the names, of documents
// that of submission. Listings are pages, so that one of any length holds neither memory nor the process.

import { setImmediate } from 'node:timers/promises';
import { GoneError } from '../content/index.js';
import type { ContentId, Release, ReleaseFile } from '../content/index.js';
import { validatorsOf } from '../delivery/index.js';
import { folderFilesOf } from '../jobs/index.js';
import type { FolderFile, Item } from '../jobs/index.js';
import { itemAt } from './item-files.js';
import type { FolderItems } from './item-files.js';
import type { DocumentKind, SubmittedDocument, SubmittedDocuments } from './webdav-documents.js';
import type { DavEntry, DavFile, DavFolder } from './webdav-entry.js';
import { nothingHere } from './webdav-paths.js';
import type { Depth } from './webdav-propfind.js';

/** A release with the moment it came. */
export interface WebdavRelease extends Release {
  /** Epoch ms. */
  readonly addedAt: number;
}

export interface WebdavTreeOptions {
  readonly items: FolderItems;
  readonly index: {
    categories(): readonly { readonly name: string; readonly changedAt: number }[];
    category(name: string): { readonly changedAt: number } | null;
    folders(category: string, page: { readonly after?: string; readonly limit: number }): ListedItem[];
    /** By item, paths below its folder. */
    removedFiles(itemIds: readonly number[]): ReadonlyMap<number, ReadonlySet<string>>;
  };
  readonly library: {
    get(contentId: ContentId): WebdavRelease | null;
    filesOfAll(contentIds: readonly ContentId[]): ReadonlyMap<ContentId, readonly ReleaseFile[]>;
    isRemoved(contentId: ContentId): boolean;
  };
  readonly documents: Pick<SubmittedDocuments, 'find' | 'pages'>;
}

/** What a listing says of an item. */
export type DavItem = Pick<Item, 'id' | 'contentId' | 'kind' | 'folder' | 'createdAt'>;

/** An item with the moment at which its content came, epoch ms. */
export interface ListedItem extends DavItem {
  readonly addedAt: number;
}

/** An item with the files of its folder but those that were removed from it. */
export interface ShownItem {
  readonly item: DavItem;
  readonly addedAt: number;
  readonly files: readonly FolderFile[];
}

/** What a path leads to. `path` are its names. */
export type Place =
  | { readonly kind: 'root'; readonly path: readonly string[] }
  | { readonly kind: 'complete'; readonly path: readonly string[] }
  | { readonly kind: 'category'; readonly path: readonly string[]; readonly changedAt: number }
  | { readonly kind: 'documents'; readonly path: readonly string[]; readonly of: DocumentKind }
  /** `below`: names of folders inside the item's own. */
  | {
      readonly kind: 'folder';
      readonly path: readonly string[];
      readonly shown: ShownItem;
      readonly below: readonly string[];
    }
  | { readonly kind: 'file'; readonly path: readonly string[]; readonly shown: ShownItem; readonly file: FolderFile }
  | { readonly kind: 'document'; readonly path: readonly string[]; readonly document: SubmittedDocument };

/** Items read at once; between pages others have their turn. */
const PAGE_ITEMS = 250;
const COMPLETE = 'complete';
const DOCUMENTS: Readonly<Record<string, DocumentKind>> = { nzbs: 'nzb', torrents: 'torrent' };

export class WebdavTree {
  readonly #options: WebdavTreeOptions;

  constructor(options: WebdavTreeOptions) {
    this.#options = options;
  }

  /** @throws {NotFoundError}; {GoneError} for what was removed */
  async find(path: readonly string[]): Promise<Place> {
    const [top, ...rest] = path;
    if (top === undefined) return { kind: 'root', path };
    if (top === COMPLETE) return this.#findComplete(path, rest);
    const of = Object.hasOwn(DOCUMENTS, top) ? DOCUMENTS[top] : undefined;
    const [name, ...more] = rest;
    if (of === undefined || more.length > 0) throw nothingHere();
    if (name === undefined) return { kind: 'documents', path, of };
    const document = await this.#options.documents.find(of, name);
    if (document === null) throw nothingHere();
    return { kind: 'document', path, document };
  }

  /** The place itself, then as much below it as `depth` says, folders before what is in them. Ends with the iteration. */
  async *list(place: Place, depth: Depth): AsyncGenerator<readonly DavEntry[], void, undefined> {
    yield [entryOf(place)];
    if (depth === 0) return;
    const isDeep = depth === 'infinity';
    for await (const page of this.#below(place, isDeep)) {
      if (page.length > 0) yield page;
      await setImmediate();
    }
  }

  #findComplete(path: readonly string[], [category, folder, ...below]: readonly string[]): Place {
    if (category === undefined) return { kind: 'complete', path };
    if (folder === undefined) {
      const found = this.#options.index.category(category);
      if (found === null) throw nothingHere();
      return { kind: 'category', path, changedAt: found.changedAt };
    }
    const item = itemAt(this.#options, { category, folder });
    const removed = this.#options.index.removedFiles([item.id]).get(item.id);
    const shown = this.#shown(item, removed);
    if (shown === null) throw nothingHere();
    if (below.length === 0) return { kind: 'folder', path, shown, below };
    const inside = below.join('/');
    const file = shown.files.find((one) => one.path === inside);
    if (file !== undefined) return { kind: 'file', path, shown, file };
    const inFolder: Place = { kind: 'folder', path, shown, below };
    if (filesBelow(inFolder).length > 0) return inFolder;
    throw removed?.has(inside) === true ? new GoneError('This was removed.') : nothingHere();
  }

  /** Null for what does not play, as listings leave it out. */
  #shown(item: Item, removed: ReadonlySet<string> | undefined): ShownItem | null {
    if (item.status !== 'streamable' && item.status !== 'completed') return null;
    const release = this.#options.library.get(item.contentId);
    if (release === null) return null;
    return { item, addedAt: release.addedAt, files: withoutRemoved(folderFilesOf(release.files), removed) };
  }

  async *#below(place: Place, isDeep: boolean): AsyncGenerator<readonly DavEntry[], void, undefined> {
    switch (place.kind) {
      case 'root':
        for (const top of [COMPLETE, ...Object.keys(DOCUMENTS)]) yield* this.#listed(await this.find([top]), isDeep);
        return;
      case 'complete':
        for (const { name, changedAt } of this.#options.index.categories()) {
          yield* this.#listed({ kind: 'category', path: [...place.path, name], changedAt }, isDeep);
        }
        return;
      case 'category':
        return yield* this.#folders(place.path, isDeep);
      case 'documents':
        return yield* this.#documents(place);
      case 'folder':
        return yield [...inFolder(place.path, place.shown, place.below, isDeep)];
      case 'file':
      case 'document':
        return;
    }
  }

  async *#listed(place: Place, isDeep: boolean): AsyncGenerator<readonly DavEntry[], void, undefined> {
    yield [entryOf(place)];
    if (isDeep) yield* this.#below(place, isDeep);
  }

  *#folders(path: readonly string[], isDeep: boolean): Generator<readonly DavEntry[], void, undefined> {
    const category = path.at(-1) ?? '';
    for (let after = ''; ;) {
      const items = this.#options.index.folders(category, { after, limit: PAGE_ITEMS });
      yield isDeep ? this.#deepEntries(path, items) : items.map((item) => itemEntry(path, item));
      const last = items.at(-1);
      if (last === undefined || items.length < PAGE_ITEMS) return;
      after = last.folder;
    }
  }

  #deepEntries(path: readonly string[], items: readonly ListedItem[]): readonly DavEntry[] {
    const kept = this.#options.library.filesOfAll(items.map(({ contentId }) => contentId));
    const removed = this.#options.index.removedFiles(items.map(({ id }) => id));
    return items.flatMap((item) => {
      const own = itemEntry(path, item);
      const files = withoutRemoved(folderFilesOf(kept.get(item.contentId) ?? []), removed.get(item.id));
      return [own, ...inFolder(own.path, { item, addedAt: item.addedAt, files }, [], true)];
    });
  }

  async *#documents(
    place: Extract<Place, { kind: 'documents' }>,
  ): AsyncGenerator<readonly DavEntry[], void, undefined> {
    for await (const page of this.#options.documents.pages(place.of)) {
      yield page.map((document) => documentEntry([...place.path, document.name], document));
    }
  }
}

/** The files in a folder of an item, and in those below it. */
export function filesBelow({ shown, below }: Extract<Place, { kind: 'folder' }>): readonly FolderFile[] {
  const prefix = prefixOf(below);
  return shown.files.filter(({ path }) => path.startsWith(prefix));
}

/** What a listing says of the place itself. */
export function entryOf(place: Place): DavEntry {
  const { path } = place;
  switch (place.kind) {
    case 'file':
      return fileEntry(path, place.shown, place.file);
    case 'document':
      return documentEntry(path, place.document);
    case 'folder':
      return { kind: 'folder', path, modifiedAt: place.shown.item.createdAt };
    case 'category':
      return { kind: 'folder', path, modifiedAt: place.changedAt };
    default:
      return { kind: 'folder', path, modifiedAt: null };
  }
}

/** What the bytes of a file are known by; of another server's file, only that server says. Survives restarts. */
export function fileIdOf({ item }: ShownItem, { file }: FolderFile): string | null {
  return item.kind === 'http' ? null : `${item.contentId}\n${file.path}`;
}

export function documentIdOf({ item }: SubmittedDocument): string {
  return `${item.itemKey}\ndocument`;
}

/** The folder of an item in its category's. */
function itemEntry(path: readonly string[], { folder, createdAt }: ListedItem): DavFolder {
  return { kind: 'folder', path: [...path, folder], modifiedAt: createdAt };
}

function* inFolder(
  path: readonly string[],
  shown: ShownItem,
  below: readonly string[],
  isDeep: boolean,
): Generator<DavEntry, void, undefined> {
  const prefix = prefixOf(below);
  const folders = new Set<string>();
  for (const file of shown.files) {
    if (!file.path.startsWith(prefix)) continue;
    const names = file.path.slice(prefix.length).split('/');
    for (let depth = 1; depth < names.length && (isDeep || depth === 1); depth += 1) {
      const folder = names.slice(0, depth);
      if (folders.has(folder.join('/'))) continue;
      folders.add(folder.join('/'));
      yield { kind: 'folder', path: [...path, ...folder], modifiedAt: shown.item.createdAt };
    }
    if (isDeep || names.length === 1) yield fileEntry([...path, ...names], shown, file);
  }
}

function prefixOf(below: readonly string[]): string {
  return below.map((name) => `${name}/`).join('');
}

/** Names of what is left are what they were. */
function withoutRemoved(files: readonly FolderFile[], removed?: ReadonlySet<string>): readonly FolderFile[] {
  return removed === undefined ? files : files.filter(({ path }) => !removed.has(path));
}

function fileEntry(path: readonly string[], shown: ShownItem, file: FolderFile): DavFile {
  const { sizeBytes } = file.file;
  const id = fileIdOf(shown, file);
  return { kind: 'file', path, sizeBytes, modifiedAt: shown.addedAt, etag: id === null ? null : etagOf(id, sizeBytes) };
}

function documentEntry(path: readonly string[], document: SubmittedDocument): DavFile {
  const { item, sizeBytes } = document;
  const etag = etagOf(documentIdOf(document), sizeBytes);
  return { kind: 'file', path, sizeBytes, modifiedAt: item.createdAt, etag };
}

function etagOf(id: string, sizeBytes: number): string {
  return validatorsOf({ id, sizeBytes, modifiedAt: new Date(0) }).etag;
}
