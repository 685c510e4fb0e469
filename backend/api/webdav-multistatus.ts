// The answer to a PROPFIND as XML (RFC 4918 §13, §14), entry by entry, so that a long listing is written as it is read. Pure.

import { formatHttpDate, mediaTypeOf } from '../delivery/index.js';
import type { DavEntry } from './webdav-entry.js';
import { formatHref } from './webdav-paths.js';
import { DAV } from './webdav-propfind.js';
import type { PropertyName, PropertyWish } from './webdav-propfind.js';

export const MULTISTATUS_BEGIN = '<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus xmlns:D="DAV:">\n';
export const MULTISTATUS_END = '</D:multistatus>\n';

/** Content of each property of the namespace `DAV:`; null where the entry has none. */
const PROPERTIES: ReadonlyMap<string, (entry: DavEntry) => string | null> = new Map<
  string,
  (entry: DavEntry) => string | null
>([
  ['resourcetype', ({ kind }) => (kind === 'folder' ? '<D:collection/>' : '')],
  ['displayname', (entry) => escapeXml(nameOf(entry))],
  ['getcontentlength', (entry) => (entry.kind === 'file' ? String(entry.sizeBytes) : null)],
  ['getcontenttype', (entry) => (entry.kind === 'file' ? escapeXml(mediaTypeOf(nameOf(entry))) : null)],
  ['getlastmodified', ({ modifiedAt }) => (modifiedAt === null ? null : formatHttpDate(modifiedAt))],
  ['creationdate', ({ modifiedAt }) => (modifiedAt === null ? null : new Date(modifiedAt).toISOString())],
  ['getetag', (entry) => (entry.kind === 'file' && entry.etag !== null ? escapeXml(entry.etag) : null)],
]);

/** One `response`. `prefix` is the path in front of `/webdav` that the client called. The properties there are come first. */
export function formatResponse(entry: DavEntry, prefix: string, wish: PropertyWish): string {
  const href = escapeXml(formatHref(prefix, entry.path, entry.kind === 'folder'));
  const { found, missing } = wish.kind === 'these' ? choose(entry, wish.names) : allOf(entry, wish.kind);
  const lacking = missing === '' ? '' : propstat(missing, '404 Not Found');
  return `<D:response><D:href>${href}</D:href>${propstat(found, '200 OK')}${lacking}</D:response>\n`;
}

/** Text as it may stand between tags and in quotes; what XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

function propstat(properties: string, status: string): string {
  return `<D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
}

function allOf(entry: DavEntry, kind: 'all' | 'names'): { readonly found: string; readonly missing: string } {
  let found = '';
  for (const [name, valueOf] of PROPERTIES) {
    const value = valueOf(entry);
    if (value !== null) found += element(name, kind === 'all' ? value : '');
  }
  return { found, missing: '' };
}

function choose(entry: DavEntry, names: readonly PropertyName[]): { readonly found: string; readonly missing: string } {
  let [found, missing] = ['', ''];
  for (const { space, name } of names) {
    const value = space === DAV ? (PROPERTIES.get(name)?.(entry) ?? null) : null;
    if (value !== null) found += element(name, value);
    else if (space === DAV) missing += element(name, '');
    else missing += `<${name} xmlns="${escapeXml(space)}"/>`;
  }
  return { found, missing };
}

function element(name: string, value: string): string {
  return value === '' ? `<D:${name}/>` : `<D:${name}>${value}</D:${name}>`;
}

function nameOf({ path }: DavEntry): string {
  return path.at(-1) ?? 'webdav';
}
