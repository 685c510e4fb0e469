// What the operator's lists say about swarms: trackers to add, trackers never to use, addresses that are no peers. Serves
// the built-in trackers until, and whenever, a list cannot be had; nothing waits for a list.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { InputError } from '../../../content/index.js';
import type { Clock, HttpClient, Logger } from '../../../platform/index.js';
import type { BlockedRange } from '../address-ranges.js';
import { MAX_BLOCKED_RANGES, parseBlocklist } from './blocklist.js';
import { FetchedList } from './fetched-list.js';
import type { FetchedListOptions, ListReading } from './fetched-list.js';
import { parseTrackerBlacklist, parseTrackerList, TrackerBlacklist } from './tracker-list.js';

/** The settings this is about; a configuration fits. */
export interface SwarmListSettings {
  /** Serve until the fetched list is there, and when it cannot be had. */
  readonly trackers: readonly string[];
  readonly trackersUrl?: string;
  readonly trackerBlacklistUrl?: string;
  readonly ipBlocklistUrl?: string;
}

export interface SwarmListsOptions {
  readonly settings: SwarmListSettings;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Logger;
}

export type SwarmListName = 'trackers' | 'trackerBlacklist' | 'ipBlocklist';

/** Shows that the lists do something. */
export interface SwarmListCounters {
  /** Trackers of the fetched list, blacklisted ones included. */
  readonly trackersFetched: number;
  /** Different trackers that were kept out so far. */
  readonly trackersBlacklisted: number;
  /** Ranges of the blocklist in force. */
  readonly rangesBlocked: number;
  /** Why a list could not be had at the last attempt; null when it could, or is not set. */
  readonly lastError: Readonly<Record<SwarmListName, string | null>>;
  /** When each list was last read well, epoch ms. */
  readonly fetchedAt: Readonly<Record<SwarmListName, number | null>>;
}

const MAX_LIST_BYTES = 10 * 1024 * 1024;
const MAX_BLOCKLIST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;
const BLOCKLIST_TIMEOUT_MS = 300_000;
/** This much of a blocklist is read in one go: some ten milliseconds. */
const SLICE_CHARACTERS = 256 * 1024;
/** The counter of blacklisted trackers stops here. */
const MAX_COUNTED = 10_000;

type Listener = (ranges: readonly BlockedRange[]) => void;

export class SwarmLists {
  private readonly lists: ReadonlyMap<SwarmListName, FetchedList>;
  private readonly listeners = new Set<Listener>();
  private readonly refused = new Set<string>();
  private fetched: readonly string[] | null = null;
  private blacklist = TrackerBlacklist.empty;
  private current: readonly string[];
  private rangesBlocked = 0;

  constructor(private readonly options: SwarmListsOptions) {
    const { trackers, trackersUrl, trackerBlacklistUrl, ipBlocklistUrl } = options.settings;
    const list = { maxBytes: MAX_LIST_BYTES, timeoutMs: TIMEOUT_MS, encoding: 'utf8' } as const;
    const large = { maxBytes: MAX_BLOCKLIST_BYTES, timeoutMs: BLOCKLIST_TIMEOUT_MS, encoding: 'latin1' } as const;
    this.current = trackers;
    this.lists = new Map([
      ...this.list('trackers', trackersUrl, { ...list, read: (text) => this.readTrackers(text) }),
      ...this.list('trackerBlacklist', trackerBlacklistUrl, { ...list, read: (text) => this.readBlacklist(text) }),
      ...this.list('ipBlocklist', ipBlocklistUrl, {
        ...large,
        read: (text, signal) => this.readBlocklist(text, signal),
      }),
    ]);
  }

  /** Begins to fetch; waits for nothing. */
  start(): void {
    for (const list of this.lists.values()) list.start();
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.lists.values()].map((list) => list.close()));
  }

  /** Trackers for every public torrent: fetched or built in, without blacklisted ones. The same array while nothing changes. */
  trackers(): readonly string[] {
    return this.current;
  }

  /** False for a tracker never to be used, whoever names it. */
  allows(tracker: string): boolean {
    if (!this.blacklist.has(tracker)) return true;
    if (this.refused.size < MAX_COUNTED) this.refused.add(tracker);
    return false;
  }

  /**
   * Calls `listener` with all ranges whenever a blocklist was read; what was read before is not repeated, so listen before
   * `start`. Returns what ends it.
   */
  onBlocklist(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  counters(): SwarmListCounters {
    return {
      trackersFetched: this.fetched?.length ?? 0,
      trackersBlacklisted: this.refused.size,
      rangesBlocked: this.rangesBlocked,
      lastError: this.ofEach((list) => list.lastError),
      fetchedAt: this.ofEach((list) => list.fetchedAt),
    };
  }

  private list(
    name: SwarmListName,
    url: string | undefined,
    how: Pick<FetchedListOptions, 'maxBytes' | 'timeoutMs' | 'encoding' | 'read'>,
  ): [SwarmListName, FetchedList][] {
    const { http, clock, log } = this.options;
    return url === undefined ? [] : [[name, new FetchedList({ ...how, name, url, http, clock, log })]];
  }

  private ofEach<Value>(of: (list: FetchedList) => Value | null): Readonly<Record<SwarmListName, Value | null>> {
    const get = (name: SwarmListName): Value | null => {
      const list = this.lists.get(name);
      return list === undefined ? null : of(list);
    };
    return {
      trackers: get('trackers'),
      trackerBlacklist: get('trackerBlacklist'),
      ipBlocklist: get('ipBlocklist'),
    };
  }

  private readTrackers(text: string): ListReading {
    const { trackers, malformedLines } = parseTrackerList(text);
    if (trackers.length === 0) throw new InputError('The list names no tracker.');
    this.fetched = trackers;
    this.choose();
    return { entries: trackers.length, malformedLines };
  }

  private readBlacklist(text: string): ListReading {
    const { blacklist, malformedLines } = parseTrackerBlacklist(text);
    if (blacklist.size === 0) refuseNonsense(malformedLines);
    this.blacklist = blacklist;
    this.choose();
    return { entries: blacklist.size, malformedLines };
  }

  /** Slice by slice, so that nobody else waits long for this thread. */
  private async readBlocklist(text: string, signal: AbortSignal): Promise<ListReading> {
    const ranges: BlockedRange[] = [];
    let malformedLines = 0;
    for (let start = 0; start < text.length && ranges.length < MAX_BLOCKED_RANGES;) {
      const newline = text.indexOf('\n', start + SLICE_CHARACTERS);
      const end = newline < 0 ? text.length : newline;
      const slice = parseBlocklist(text.slice(start, end), MAX_BLOCKED_RANGES - ranges.length);
      for (const range of slice.ranges) ranges.push(range);
      malformedLines += slice.malformedLines;
      start = end + 1;
      await nextTurn(undefined, { signal });
    }
    if (ranges.length === 0) refuseNonsense(malformedLines);
    this.rangesBlocked = ranges.length;
    for (const listener of this.listeners) listener(ranges);
    return { entries: ranges.length, malformedLines };
  }

  private choose(): void {
    const trackers = this.fetched ?? this.options.settings.trackers;
    this.current = trackers.filter((tracker) => this.allows(tracker));
  }
}

/** An empty list may be meant; one in which nothing can be read is an error page, or of another form. */
function refuseNonsense(malformedLines: number): void {
  if (malformedLines > 0) throw new InputError('Nothing in the list can be read.');
}
