// What WebDAV needs of the rooms below. Their own classes fit as they are.

import type { Request } from 'express';
import type { Delivery } from '../delivery/index.js';
import type { FileOpening } from './item-files.js';
import type { WebdavAccessOptions } from './webdav-access.js';
import type { SubmittedDocuments } from './webdav-documents.js';
import type { WebdavTreeOptions } from './webdav-tree.js';

export interface WebdavDeps extends WebdavAccessOptions, WebdavTreeOptions, FileOpening {
  readonly items: WebdavTreeOptions['items'] & {
    /** Forgets the item, and its content when no other item has it. */
    remove(id: number): Promise<boolean>;
    /** Leaves files out of its folders, by their paths there. */
    removeFiles(id: number, paths: readonly string[]): void;
  };
  readonly documents: SubmittedDocuments;
  readonly delivery: Pick<Delivery, 'deliver'>;
  /** The path in front of `/webdav` that the caller used, without a slash at the end. */
  readonly prefixOf: (req: Request) => string;
}
