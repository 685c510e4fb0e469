// `addurl` and `addfile`: an NZB becomes an item, whose id is answered as soon as it is submitted. What is known not to play
// is answered with its id as well: why stands in the history.

import { InputError, UnplayableError, usenetUnavailable, type NzbSource } from '../content/index.js';
import { isTransportName, passwordsInName } from '../engines/usenet/index.js';
import { isOpen, isPaused, type Item, type ItemRequest } from '../jobs/index.js';
import { notYet, NzbArrivals, untilAborted } from './nzb-arrivals.js';
import type { NzbIntake } from './nzb-deps.js';
import type { UploadedNzb } from './nzb-form.js';
import { nzbAt, type NzbRequest } from './nzb-request.js';
import type { SabnzbdDeps } from './sabnzbd-deps.js';
import type { SabnzbdRequest } from './sabnzbd-request.js';
import { categoryOf } from './sabnzbd-words.js';

/** Proxies cut connections that are silent for 100 s, some clients leave after 80. */
const MAX_WAIT_MS = 60_000;
const PRIORITY_PAUSED = -2;
const NZB_ENDING = /(?:\.nzb)?(?:\.gz)?$/i;

export class SabnzbdAdds {
  readonly #deps: SabnzbdDeps;
  readonly #arrivals: NzbArrivals;

  constructor(deps: SabnzbdDeps) {
    this.#deps = deps;
    this.#arrivals = new NzbArrivals(deps);
  }

  /**
   * Goes on when the caller has gone (`signal`). @throws {InputError} for an NZB that cannot be had or read; {TimeoutError}
   * when it is not here after a minute; what `Items.submit` throws
   */
  async addUrl(request: SabnzbdRequest, o: { readonly signal: AbortSignal }): Promise<Record<string, unknown>> {
    if (request.name === '') throw new InputError('expects one parameter');
    return this.#add(nzbAt(request.name), request, o.signal);
  }

  /** The upload is released. @throws as `addUrl` */
  async addFile(
    request: SabnzbdRequest,
    o: { readonly file: UploadedNzb | null; readonly signal: AbortSignal },
  ): Promise<Record<string, unknown>> {
    if (o.file === null || o.file.bytes.length === 0) {
      o.file?.release();
      throw new InputError('no file given');
    }
    return this.#add({ kind: 'file', file: o.file }, request, o.signal);
  }

  async #add(nzb: NzbRequest['nzb'], request: SabnzbdRequest, signal: AbortSignal): Promise<Record<string, unknown>> {
    const { usenet, clock } = this.#deps;
    if (!usenet.isAvailable) {
      if (nzb.kind === 'file') nzb.file.release();
      throw usenetUnavailable();
    }
    const late = new AbortController();
    const deadline = clock.after(MAX_WAIT_MS, () => late.abort(notYet()));
    try {
      const adding = this.#take(nzb, request, usenet);
      const item = await untilAborted(adding, AbortSignal.any([signal, late.signal]));
      return { status: true, nzo_ids: [item.nzoId] };
    } finally {
      deadline.cancel();
    }
  }

  async #take(nzb: NzbRequest['nzb'], request: SabnzbdRequest, usenet: NzbIntake): Promise<Item> {
    const { items, itemListings, clock } = this.#deps;
    const address = nzb.kind === 'url' ? request.name : null;
    const named = namesOf(request, address);
    const taken = await this.#arrivals.take(nzb, usenet);
    const source = { ...taken, passwords: [...new Set([...named.passwords, ...taken.passwords])] };
    const category = categoryOf(request.category);
    // What somebody waits for already is not this caller's to pause.
    const known = items.bySource(source);
    const isAwaited = known !== null && isOpen(known) && !isPaused(known);
    const item = await this.#submit(source, {
      category,
      isFiledByCategory: true,
      ...(named.name === '' ? {} : { name: named.name }),
      ...(nzb.kind === 'url' ? { addressMd5s: nzb.addressMd5s } : {}),
    });
    itemListings.list(item.id, { now: clock.now() });
    if (request.priority === PRIORITY_PAUSED && !isAwaited) items.pause(item.id);
    return item;
  }

  async #submit(source: NzbSource, wish: Omit<ItemRequest, 'source'>): Promise<Item> {
    const { items } = this.#deps;
    try {
      return (await items.submit({ ...wish, source })).item;
    } catch (error) {
      const known = error instanceof UnplayableError ? items.bySource(source) : null;
      if (known === null) throw error;
      return known;
    }
  }
}

/** The release's name and its passwords as the client gave them, in its name (`Name{{password}}`) and beside it. */
export function namesOf(
  { nzbName, password }: Pick<SabnzbdRequest, 'nzbName' | 'password'>,
  address: string | null,
): { readonly name: string; readonly passwords: readonly string[] } {
  const inName = passwordsInName(nzbName);
  const passwords = [...(password === '' ? [] : [password]), ...inName.passwords];
  if (address !== null && isTailOf(address, nzbName)) return { name: '', passwords };
  return { name: inName.passwords.length > 0 ? inName.name : nzbName.replace(NZB_ENDING, '').trim(), passwords };
}

/**
 * Some clients name a release by the end of its address, even where that holds parameters, keys maybe, or where every
 * address of an indexer ends so.
 */
function isTailOf(address: string, name: string): boolean {
  const [whole, tail] = [address.replace(NZB_ENDING, ''), name.replace(NZB_ENDING, '')];
  const tellsNothing = /[?&]\w+=/.test(whole) || isTransportName(tail);
  return tellsNothing && tail !== '' && whole.endsWith(tail);
}
