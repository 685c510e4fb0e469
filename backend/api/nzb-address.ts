// How clients know an NZB by its address: MD5 sums of the address without the parts that differ from user to user. Pure.

import { createHash } from 'node:crypto';

/** Addresses whose parameters say which NZB it is: those that stay, all of which have to be there. */
const SHAPES: readonly { readonly ending: string; readonly keeps: readonly string[]; readonly types?: RegExp }[] = [
  { ending: '/api', keeps: ['t', 'id'], types: /^(?:get|g)$/ },
  { ending: '/download', keeps: ['link'] },
  { ending: '/getnzb', keeps: ['id'] },
];

/**
 * The sums under which clients look for an address, lower-case hex, at most two: of the serialised address and, where that
 * is another, of the address as it was written, which some indexers continue with `&` in place of `?`.
 */
export function addressMd5sOf(address: string): string[] {
  if (!URL.canParse(address)) return [md5(cut(address, /[?#&]/))];
  const url = new URL(address);
  const identified = identifiedBy(url);
  if (identified !== null) return [md5(identified)];
  const written = address.includes('?') ? cut(address, /[?#]/) : cut(address, /[&#]/);
  return [...new Set([cut(url.href, /[?#]/), written].map(md5))];
}

/** The address with the parameters that identify its NZB and no others; null where none are known to. */
function identifiedBy(url: URL): string | null {
  const path = url.pathname.replace(/\/$/, '');
  const { searchParams } = url;
  const shape = SHAPES.find(({ ending, keeps, types }) => {
    const hasAll = keeps.every((key) => (searchParams.get(key) ?? '') !== '');
    return path.endsWith(ending) && hasAll && (types === undefined || types.test(searchParams.get('t') ?? ''));
  });
  if (shape === undefined) return null;
  // Deleting writes the query anew, which an address without others is spared: so do the clients.
  for (const key of new Set(searchParams.keys())) if (!shape.keeps.includes(key)) searchParams.delete(key);
  url.hash = '';
  return url.href;
}

function cut(text: string, at: RegExp): string {
  return text.split(at, 1)[0] ?? '';
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
