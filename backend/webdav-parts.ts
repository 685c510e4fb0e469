// The part of the assembly that mounts the library: the account, the listings, what was submitted. Called by backend.ts alone.

import { WebdavAccount } from './access/index.js';
import { SubmittedDocuments } from './api/index.js';
import { formatTorrentFile } from './engines/torrent/index.js';
import type { Config } from './platform/index.js';
import { ItemIndex, ItemStore } from './storage/index.js';
import type { Database } from './storage/index.js';
import { documentsOf } from './usenet-parts.js';

export interface WebdavRooms {
  readonly account: WebdavAccount;
  readonly index: ItemIndex;
  readonly documents: SubmittedDocuments;
}

/** @throws {ConfigError} when the password's file cannot be read or written */
export async function createWebdav(o: { readonly config: Config; readonly database: Database }): Promise<WebdavRooms> {
  const index = new ItemIndex(o.database);
  return {
    account: await WebdavAccount.load(o.config),
    index,
    documents: new SubmittedDocuments({
      index,
      store: new ItemStore(o.database),
      nzbs: documentsOf(o),
      formatTorrent: formatTorrentFile,
    }),
  };
}
