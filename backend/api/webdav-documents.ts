// What was submitted, as files: the NZBs and `.torrent`s that items came from, each under a name of its own. Documents that
// are not kept are not there.

import type { ContentId, Source, TorrentSource } from '../content/index.js';
import { cutToBytes, MAX_NAME_BYTES } from '../jobs/index.js';
import type { Item } from '../jobs/index.js';

export type DocumentKind = 'nzb' | 'torrent';

/** An item with what is known of its document. */
export interface SubmittedItem extends Item {
  /** Null where nobody looked, 0 where there was none. */
  readonly documentBytes: number | null;
  /** No other item of its kind and folder name came before it. */
  readonly isFirstOfName: boolean;
}

/** One document. */
export interface SubmittedDocument {
  readonly item: Item;
  /** Unique among those of its kind. */
  readonly name: string;
  readonly sizeBytes: number;
}

export interface DocumentIndex {
  submitted(kind: DocumentKind, page: { readonly after?: number; readonly limit: number }): SubmittedItem[];
  firstSubmitted(kind: DocumentKind, folder: string): SubmittedItem | null;
  submittedById(kind: DocumentKind, id: number): SubmittedItem | null;
}

export interface SubmittedDocumentsOptions {
  readonly index: DocumentIndex;
  readonly store: { sourceOf(id: number): Source | null; setDocumentBytes(id: number, bytes: number | null): void };
  /** The kept NZBs, plain. */
  readonly nzbs: { read(contentId: ContentId): Promise<Uint8Array | null> };
  /** The bytes of a `.torrent`. */
  readonly formatTorrent: (source: TorrentSource) => Uint8Array;
}

const PAGE_ITEMS = 250;
const EXTENSIONS: Readonly<Record<DocumentKind, string>> = { nzb: '.nzb', torrent: '.torrent' };
/** Ends the names of all but the first item of a name. A release whose own name ends so is always told by its number. */
const NUMBERED = / \[(\d{1,15})\]$/;

/** All documents. A document is in memory while it is sized or sent, one at a time per request; of an NZB at most 400 MB. */
export class SubmittedDocuments {
  readonly #options: SubmittedDocumentsOptions;

  constructor(options: SubmittedDocumentsOptions) {
    this.#options = options;
  }

  /** In the order of submission. The first listing reads every document, to know whether it is there and how large. */
  async *pages(kind: DocumentKind): AsyncGenerator<readonly SubmittedDocument[], void, undefined> {
    for (let after = 0; ;) {
      const items = this.#options.index.submitted(kind, { after, limit: PAGE_ITEMS });
      const page: SubmittedDocument[] = [];
      for (const item of items) {
        const document = await this.#documentOf(item, documentName(item));
        if (document !== null) page.push(document);
      }
      yield page;
      const last = items.at(-1);
      if (last === undefined || items.length < PAGE_ITEMS) return;
      after = last.id;
    }
  }

  async find(kind: DocumentKind, name: string): Promise<SubmittedDocument | null> {
    const extension = EXTENSIONS[kind];
    if (!name.endsWith(extension)) return null;
    const { index } = this.#options;
    const stem = name.slice(0, -extension.length);
    const id = NUMBERED.exec(stem)?.[1];
    const item = id === undefined ? index.firstSubmitted(kind, stem) : index.submittedById(kind, Number(id));
    // A numbered name stays good when what came before is gone.
    if (item === null || (documentName(item) !== name && numberedName(item) !== name)) return null;
    return this.#documentOf(item, name);
  }

  /** Null when it is not kept any more. Notes how large it is now. @throws {CorruptDataError} */
  async read(item: Pick<Item, 'id' | 'contentId' | 'kind'>): Promise<Uint8Array | null> {
    const { nzbs, store, formatTorrent } = this.#options;
    if (item.kind === 'nzb') {
      const bytes = await nzbs.read(item.contentId);
      if (bytes !== null) store.setDocumentBytes(item.id, bytes.length);
      return bytes;
    }
    // The item's own source, which never changes: the library's learns trackers, and with them another size.
    const source = store.sourceOf(item.id);
    return source?.kind === 'torrent' && source.info !== undefined ? formatTorrent(source) : null;
  }

  async #documentOf(item: SubmittedItem, name: string): Promise<SubmittedDocument | null> {
    const sizeBytes = item.documentBytes ?? (await this.#measure(item));
    return sizeBytes === null || sizeBytes === 0 ? null : { item, name, sizeBytes };
  }

  async #measure(item: Item): Promise<number | null> {
    // What cannot be read now may be the next time.
    const document = await this.read(item).catch(() => undefined);
    if (document === undefined) return null;
    const sizeBytes = document?.length ?? null;
    this.#options.store.setDocumentBytes(item.id, sizeBytes);
    return sizeBytes;
  }
}

/** `<folder>.nzb`; with the item's number where that is another's name, too long, or looks numbered itself. */
export function documentName(item: Pick<SubmittedItem, 'folder' | 'id' | 'isFirstOfName' | 'kind'>): string {
  const name = item.folder + extensionOf(item);
  const isPlain = item.isFirstOfName && !NUMBERED.test(item.folder) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
  return isPlain ? name : numberedName(item);
}

function numberedName(item: Pick<SubmittedItem, 'folder' | 'id' | 'kind'>): string {
  const ending = ` [${item.id}]${extensionOf(item)}`;
  return cutToBytes(item.folder, MAX_NAME_BYTES - ending.length) + ending;
}

function extensionOf({ kind }: Pick<SubmittedItem, 'kind'>): string {
  return EXTENSIONS[kind === 'torrent' ? kind : 'nzb'];
}
