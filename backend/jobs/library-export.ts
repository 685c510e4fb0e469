// The library as a folder for media servers: a `.strm` file, which holds an address that plays, for every film. Follows the
// items as they come and go, a few seconds behind; what cannot be written is tried again, and keeps nothing else. Bounded: 100 items at a
// time, ids alone of the others. Knows neither SQL nor signatures.

import { setImmediate } from 'node:timers/promises';
import { CorruptDataError } from '../content/index.js';
import type { Clock, Logger, Timer } from '../platform/index.js';
import { comparedName, exportFilesOf, exportFolderOf } from './export-names.js';
import { ExportedFiles, sumOf, type Exported } from './exported-files.js';
import type { FolderFile } from './folder-files.js';

/** An item that plays. */
export interface ExportItem {
  readonly id: number;
  readonly category: string;
  readonly folder: string;
  /** What stands in its folder. */
  readonly files: readonly FolderFile[];
}

export interface LibraryExportOptions {
  /** Absolute; made when it is missing. */
  readonly folder: string;
  /** Ids of what plays, in order. */
  readonly listIds: (page: { readonly after: number; readonly limit: number }) => readonly number[];
  /** Null for what does not play (any more). */
  readonly find: (id: number) => ExportItem | null;
  /** Where this plays, as it is to be written down. */
  readonly addressOf: (item: ExportItem, film: FolderFile) => string;
  /** Tells of items that came, changed or went. */
  readonly subscribe: (listener: (id: number) => void) => () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What comes in quick succession is written in one go. */
const DELAY_MS = 2_000;
const RETRY_MS = 60_000;
const BATCH_ITEMS = 100;
/** Says something of one name. */
const ODD_NAME_CODES = ['ENAMETOOLONG', 'EINVAL', 'EILSEQ', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY'];
/** Says that nothing can be written. */
const FULL_CODES = ['ENOSPC', 'EDQUOT', 'EROFS'];

interface Plan {
  readonly id: number;
  readonly before: Exported | undefined;
  /** Null: nothing of it stays. */
  readonly folder: string | null;
  readonly texts: ReadonlyMap<string, string>;
}

/** Writes from `start` until `close`. */
export class LibraryExport {
  readonly #options: LibraryExportOptions;
  readonly #files: ExportedFiles;
  /** Items that may differ from what is written. */
  readonly #due = new Set<number>();
  /** Items that could not be written when they were due. */
  readonly #stuck = new Set<number>();
  #list: Map<number, Exported> | null = null;
  /** Who has which folder, by what it is compared by. */
  readonly #owners = new Map<string, number>();
  #unsubscribe: () => void = () => undefined;
  #timer: Timer | null = null;
  #retry: Timer | null = null;
  #running: Promise<void> | null = null;
  #isFailing = false;
  #isClosed = false;

  constructor(options: LibraryExportOptions) {
    this.#options = options;
    this.#files = new ExportedFiles(options.folder);
  }

  /** Begins to bring the folder up to date. Once. */
  start(): void {
    this.#unsubscribe = this.#options.subscribe((id) => {
      this.#due.add(id);
      this.#workIn(DELAY_MS);
    });
    this.#work();
  }

  /** Resolves when nothing is being written; what is due later may be waiting for its time. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Finishes the item under way. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#retry?.cancel();
    await this.#running;
  }

  #workIn(delayMs: number): void {
    if (this.#isClosed || this.#running !== null) return;
    this.#timer ??= this.#options.clock.after(delayMs, () => this.#work());
  }

  #work(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#isClosed) return;
    this.#running ??= this.#writeDue()
      .then(
        () => this.#done(),
        (error: unknown) => this.#failed(error),
      )
      .then((delayMs) => {
        this.#running = null;
        if (this.#due.size > 0 || this.#list === null) this.#workIn(delayMs);
        if (this.#stuck.size > 0) this.#retryLater();
      });
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#retry ??= this.#options.clock.after(RETRY_MS, () => {
      this.#retry = null;
      for (const id of this.#stuck) this.#due.add(id);
      this.#stuck.clear();
      this.#work();
    });
  }

  #done(): number {
    if (this.#stuck.size > 0) return DELAY_MS;
    if (this.#isFailing) this.#options.log.info({ folder: this.#options.folder }, 'The export is up to date again');
    this.#isFailing = false;
    return DELAY_MS;
  }

  /** Told once, however often it fails. */
  #failed(err: unknown, folder = this.#options.folder): number {
    if (!this.#isFailing) this.#options.log.warn({ err, folder }, 'The export cannot be written (EXPORT_DIR)');
    this.#isFailing = true;
    return RETRY_MS;
  }

  async #writeDue(): Promise<void> {
    const list = (this.#list ??= await this.#load());
    let hasChanged = false;
    while (this.#due.size > 0 && !this.#isClosed) {
      hasChanged = (await this.#writeBatch([...this.#due].slice(0, BATCH_ITEMS), list)) || hasChanged;
    }
    if (hasChanged) await this.#files.writeList(list);
  }

  /** True when the list on disk is out of date. What could not be done is due again. */
  async #writeBatch(ids: readonly number[], list: Map<number, Exported>): Promise<boolean> {
    // Whatever changes from here on is due again.
    for (const id of ids) this.#due.delete(id);
    const left = new Set(ids);
    let hasChanged = false;
    try {
      const plans = ids.map((id) => this.#planOf(id, list));
      // What is about to be written is ours even if the power fails in the middle of it.
      if (note(list, plans)) await this.#files.writeList(list);
      for (const plan of plans) {
        if (this.#isClosed) break;
        hasChanged = (await this.#carryOutOrPutOff(plan, list)) || hasChanged;
        left.delete(plan.id);
      }
    } finally {
      for (const id of left) this.#due.add(id);
    }
    return hasChanged;
  }

  /** Everything is due: what plays, and what was written before. */
  async #load(): Promise<Map<number, Exported>> {
    const list = await this.#files.readList().catch((error: unknown) => {
      if (!(error instanceof CorruptDataError)) throw error;
      this.#options.log.warn({ err: error }, 'Files of an earlier export are left as they are');
      return new Map<number, Exported>();
    });
    for (const [id, { folder }] of list) {
      this.#due.add(id);
      this.#owners.set(comparedName(folder), id);
    }
    for (let after = 0, isLast = false; !isLast;) {
      const ids = this.#options.listIds({ after, limit: BATCH_ITEMS });
      for (const id of ids) this.#due.add(id);
      after = ids.at(-1) ?? after;
      isLast = ids.length < BATCH_ITEMS;
      // Others have their turn: there may be a thousand pages.
      await setImmediate();
    }
    return list;
  }

  #planOf(id: number, list: ReadonlyMap<number, Exported>): Plan {
    const { addressOf, find } = this.#options;
    const before = list.get(id);
    const item = find(id);
    const films = item === null ? [] : exportFilesOf(item.files);
    if (item === null || films.length === 0) return { id, before, folder: null, texts: new Map() };
    const texts = new Map(films.map(({ film, path }) => [path, `${addressOf(item, film)}\n`]));
    return { id, before, folder: before?.folder ?? this.#freeFolder(item), texts };
  }

  #freeFolder(item: ExportItem): string {
    for (let count = 1, mark = ''; ; count += 1) {
      const folder = exportFolderOf(item, mark);
      const name = comparedName(folder);
      const owner = this.#owners.get(name) ?? item.id;
      mark = count === 1 ? ` [${item.id}]` : ` [${item.id}] (${count})`;
      if (owner !== item.id) continue;
      this.#owners.set(name, item.id);
      return folder;
    }
  }

  /** What cannot be written is tried again later, unless nothing can. @throws what is wrong with the whole folder */
  async #carryOutOrPutOff(plan: Plan, list: Map<number, Exported>): Promise<boolean> {
    try {
      return await this.#carryOut(plan, list);
    } catch (error) {
      if (FULL_CODES.includes(codeOf(error))) throw error;
      await this.#files.check();
      this.#stuck.add(plan.id);
      this.#failed(error, plan.folder ?? plan.before?.folder);
      return false;
    }
  }

  /** True when what is ours is not what the list says. */
  async #carryOut({ id, before, folder, texts }: Plan, list: Map<number, Exported>): Promise<boolean> {
    const written: Record<string, string> = {};
    for (const [path, text] of texts) {
      const isOurs = await this.#try(() => this.#files.write(`${folder}/${path}`, text, before?.files[path]));
      if (isOurs === true) written[path] = sumOf(text);
      else this.#options.log.warn({ path: `${folder}/${path}` }, 'The export leaves out what has no place');
    }
    const stale = Object.entries(before?.files ?? {}).filter(([path]) => !texts.has(path));
    for (const [path, sum] of stale) await this.#try(() => this.#files.remove(`${before?.folder}/${path}`, sum));
    if (folder !== null && Object.keys(written).length > 0) list.set(id, { folder, files: written });
    else this.#forget(id, before?.folder ?? folder, list);
    return stale.length > 0 || before !== undefined || texts.size > Object.keys(written).length;
  }

  #forget(id: number, folder: string | null, list: Map<number, Exported>): void {
    list.delete(id);
    const name = comparedName(folder ?? '');
    if (this.#owners.get(name) === id) this.#owners.delete(name);
  }

  /** Null where the name is to blame. */
  async #try<Result>(work: () => Promise<Result>): Promise<Result | null> {
    try {
      return await work();
    } catch (error) {
      if (ODD_NAME_CODES.includes(codeOf(error))) return null;
      throw error;
    }
  }
}

/** Notes what is about to be written; true when the list says something new. What it said before stays until it is done. */
function note(list: Map<number, Exported>, plans: readonly Plan[]): boolean {
  let isNew = false;
  for (const { before, folder, id, texts } of plans) {
    const missing = [...texts].filter(([path]) => before?.files[path] === undefined);
    if (folder === null || missing.length === 0) continue;
    isNew = true;
    const files = { ...before?.files, ...Object.fromEntries(missing.map(([path, text]) => [path, sumOf(text)])) };
    list.set(id, { folder, files });
  }
  return isNew;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
