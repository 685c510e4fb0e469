// Lists of trackers as the web publishes them, one per line: those to use and those never to use. Pure: text in, trackers
// out; where the text comes from is not known here.

import { keepTrackers, MAX_ADDRESSES } from '../swarm-address.js';

export interface TrackerList {
  /** Announce URLs (http, https, udp), normalized, without repetitions, at most 200. */
  readonly trackers: readonly string[];
  /** Lines that are neither a tracker nor empty nor a comment. */
  readonly malformedLines: number;
}

/** What comes after this many entries of a blacklist is ignored. */
const MAX_BLACKLIST_ENTRIES = 100_000;
const MAX_LINE_CHARACTERS = 2_048;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'udp:': '80' };
/** A name with a dot in it, or an address; with a port or without. */
const HOST = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,127}\.?)(?::[0-9]{1,5})?$/i;

/** Reads a list with one announce URL per line; `#` begins a comment. Never throws. */
export function parseTrackerList(text: string): TrackerList {
  const trackers = new Set<string>();
  let malformedLines = 0;
  for (const line of entriesOf(text)) {
    const [tracker] = keepTrackers([line]);
    if (tracker === undefined) malformedLines++;
    else if (trackers.size < MAX_ADDRESSES) trackers.add(tracker);
  }
  return { trackers: [...trackers], malformedLines };
}

/** Reads a blacklist: per line an announce URL, or a host (with or without port), whose trackers are all meant. Never throws. */
export function parseTrackerBlacklist(text: string): {
  readonly blacklist: TrackerBlacklist;
  readonly malformedLines: number;
} {
  const keys = new Set<string>();
  let malformedLines = 0;
  for (const line of entriesOf(text)) {
    const key = HOST.test(line) ? hostKey(line) : (trackerKeys(line)?.url ?? null);
    if (key === null) malformedLines++;
    else if (keys.size < MAX_BLACKLIST_ENTRIES) keys.add(key);
  }
  return { blacklist: new TrackerBlacklist(keys), malformedLines };
}

/** Trackers that are never to be used. */
export class TrackerBlacklist {
  static readonly empty = new TrackerBlacklist(new Set());

  /** `keys` as `parseTrackerBlacklist` makes them. */
  constructor(private readonly keys: ReadonlySet<string>) {}

  get size(): number {
    return this.keys.size;
  }

  /** True for a tracker that is listed itself or by its host. What is no announce URL is not listed. */
  has(tracker: string): boolean {
    const keys = this.keys.size === 0 ? null : trackerKeys(tracker);
    return keys !== null && [keys.url, keys.hostPort, keys.host].some((key) => this.keys.has(key));
  }
}

/** The lines that say something. A comment begins with `#`, at the start of the line or after a blank. */
function* entriesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + MAX_LINE_CHARACTERS + 1));
    const entry = line.replace(/(?:^|[ \t])#.*/, '').trim();
    if (entry !== '') yield entry;
    start = end + 1;
  }
}

/** How a tracker can be named in a blacklist. The path of a UDP tracker means nothing (BEP 15), nor does a trailing slash. */
function trackerKeys(text: string): { readonly url: string; readonly hostPort: string; readonly host: string } | null {
  const [tracker] = keepTrackers([text]);
  if (tracker === undefined) return null;
  const url = new URL(tracker);
  const host = normalizeHost(url.hostname);
  const hostPort = `${host}:${url.port || DEFAULT_PORTS[url.protocol]}`;
  const path = url.protocol === 'udp:' ? '' : `${url.pathname.replace(/\/$/, '')}${url.search}`;
  return { url: `${url.protocol}//${hostPort}${path}`, hostPort, host };
}

function hostKey(text: string): string {
  const port = /:[0-9]{1,5}$/.exec(text)?.[0] ?? '';
  return `${normalizeHost(text.slice(0, text.length - port.length))}${port}`;
}

/** As URLs of the web spell it, which those of UDP trackers do not: lower case, ASCII, addresses in their usual form. */
function normalizeHost(host: string): string {
  const url = `http://${host}/`;
  return (URL.canParse(url) ? new URL(url).hostname : host.toLowerCase()).replace(/\.$/, '');
}
