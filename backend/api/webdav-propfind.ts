// What a PROPFIND asks for (RFC 4918 §9.1): how deep, and which properties. Pure; what is sent is a stranger's.

import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { InputError } from '../content/index.js';

/** How far below the address: itself, with what stands in it, with everything below. */
export type Depth = 0 | 1 | 'infinity';

export interface PropertyName {
  /** Namespace URI; empty for none. */
  readonly space: string;
  readonly name: string;
}

/** Values of all properties, names of all, or values of those that are named. */
export type PropertyWish =
  | { readonly kind: 'all' }
  | { readonly kind: 'names' }
  | { readonly kind: 'these'; readonly names: readonly PropertyName[] };

export const DAV = 'DAV:';

/** Bytes of a body; whoever reads it stops there. */
export const MAX_PROPFIND_BYTES = 64 * 1024;
const MAX_NAMES = 200;
const MAX_NAME_CHARACTERS = 1_024;

/** Absent is `infinity` (RFC 4918 §9.1). @throws {InputError} */
export function parseDepth(header: string | undefined): Depth {
  const text = header?.trim().toLowerCase() ?? 'infinity';
  if (text === '0') return 0;
  if (text === '1') return 1;
  if (text === 'infinity' || text === '') return 'infinity';
  throw new InputError('Depth is 0, 1 or infinity.');
}

/** Nothing sent asks for all. @throws {InputError} for anything but XML with a `propfind` of the namespace `DAV:` */
export function parsePropfind(body: string): PropertyWish {
  if (body.trim() === '') return { kind: 'all' };
  const reader = new PropfindReader();
  const parser = new SaxesParser({ xmlns: true });
  parser.on('doctype', () => fail('A document type is not taken.'));
  parser.on('opentag', (tag) => reader.open(tag));
  parser.on('closetag', () => reader.close());
  parser.on('error', ({ message }) => fail(`This is no XML: ${message.slice(0, 200)}`));
  parser.write(body).close();
  return reader.wish();
}

/** Elements by depth: `propfind`, in it `allprop`, `propname` or `prop`, in that the names. Others are passed over. */
class PropfindReader {
  #depth = 0;
  #isInProp = false;
  #kind: PropertyWish['kind'] | null = null;
  readonly #names = new Map<string, PropertyName>();

  open({ uri, local }: SaxesTagNS): void {
    this.#depth += 1;
    if (this.#depth === 1) this.#root(uri, local);
    else if (this.#depth === 2 && uri === DAV) this.#choose(local);
    else if (this.#depth === 3 && this.#isInProp) this.#add(uri, local);
  }

  close(): void {
    if (this.#depth === 2) this.#isInProp = false;
    this.#depth -= 1;
  }

  wish(): PropertyWish {
    if (this.#kind === null) throw new InputError('It says not which properties are asked for.');
    return this.#kind === 'these' ? { kind: 'these', names: [...this.#names.values()] } : { kind: this.#kind };
  }

  #root(uri: string, local: string): void {
    if (uri !== DAV || local !== 'propfind') fail('This is no propfind.');
  }

  #choose(local: string): void {
    if (local === 'allprop') this.#kind ??= 'all';
    else if (local === 'propname') this.#kind ??= 'names';
    else if (local === 'prop') {
      this.#kind ??= 'these';
      this.#isInProp = true;
    }
  }

  #add(space: string, name: string): void {
    if (space.length + name.length > MAX_NAME_CHARACTERS) fail('A property has too long a name.');
    this.#names.set(`${space} ${name}`, { space, name });
    if (this.#names.size > MAX_NAMES) fail('Too many properties are asked for.');
  }
}

function fail(message: string): never {
  throw new InputError(message);
}
