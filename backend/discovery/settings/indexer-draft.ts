// What a person fills in becomes an indexer's settings, or an error that names the field. What is shown masked and comes
// back so is left as it was. Pure; no error repeats what was filled in.

import { InputError } from '../../content/index.js';
import type { IndexerKind } from '../../platform/index.js';
import type { IndexerSettings } from '../indexers/indexer.js';
import { isMasked, maskKey, maskUrl } from './indexer-masks.js';

/** Absent fields stay as they are; of a new indexer they have their default. */
export interface IndexerFields {
  readonly kind?: IndexerKind | undefined;
  /** Empty: the host's. */
  readonly name?: string | undefined;
  /** http or https; an `apikey` in its query is taken out and used. */
  readonly url?: string | undefined;
  /** Null: none. Empty or masked: as it is. */
  readonly apiKey?: string | null | undefined;
  readonly isEnabled?: boolean | undefined;
  /** Null: as the kind usually allows. */
  readonly requestsPerMinute?: number | null | undefined;
}

type Address = Pick<IndexerSettings, 'url' | 'apiKey'>;

/**
 * `known` with `fields` changed, or a new one. A key is never carried over to another host: whoever changes the address
 * could read it there.
 * @throws {InputError} naming the field
 */
export function draftIndexer(id: string, fields: IndexerFields, known: IndexerSettings | null): IndexerSettings {
  const { isEnabled = known?.isEnabled ?? true } = fields;
  const kind = fields.kind ?? known?.kind;
  if (kind === undefined) throw new InputError('kind is missing.');
  const address = addressOf(fields, known);
  const requestsPerMinute =
    fields.requestsPerMinute === undefined ? known?.requestsPerMinute : fields.requestsPerMinute;
  return {
    id,
    kind,
    name: (fields.name ?? known?.name ?? '') || new URL(address.url).hostname,
    ...address,
    isEnabled,
    ...(requestsPerMinute == null ? {} : { requestsPerMinute }),
  };
}

/** Address and key of what was written; the key is null where its query has none. @throws {InputError} */
export function parseIndexerUrl(text: string): { readonly url: string; readonly apiKey: string | null } {
  if (isMasked(text)) throw new InputError('url must be written out again where it was hidden.');
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '' || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError('url must be an address that begins with http:// or https://.');
  }
  url.hash = '';
  const names = [...new Set(url.searchParams.keys())].filter((name) => /^api_?key$/i.test(name));
  const apiKey = names.map((name) => url.searchParams.get(name)).find((key) => key) ?? null;
  for (const name of names) url.searchParams.delete(name);
  return { url: url.href, apiKey: apiKey === null ? null : checkedKey(apiKey) };
}

/** A key that is written beside the address counts before one within it. */
function addressOf(fields: IndexerFields, known: IndexerSettings | null): Address {
  const { url, apiKey: keyInUrl } = writtenUrl(fields, known);
  const key = writtenKey(fields, known) ?? keyInUrl;
  if (key !== null) return { url, apiKey: key };
  if (known?.apiKey === undefined || fields.apiKey === null) return { url };
  if (new URL(url).hostname !== new URL(known.url).hostname) {
    throw new InputError('apiKey must be given again, because url leads to another host.');
  }
  return { url, apiKey: known.apiKey };
}

function writtenUrl({ url }: IndexerFields, known: IndexerSettings | null): ReturnType<typeof parseIndexerUrl> {
  if (known !== null && (url === undefined || url.trim() === maskUrl(known.url))) {
    return { url: known.url, apiKey: null };
  }
  if (url === undefined) throw new InputError('url is missing.');
  return parseIndexerUrl(url.trim());
}

/** Null when none was written: the field is absent, empty, or shows the key that is kept. */
function writtenKey({ apiKey }: IndexerFields, known: IndexerSettings | null): string | null {
  const key = apiKey?.trim() ?? '';
  if (key === '' || (known?.apiKey !== undefined && key === maskKey(known.apiKey))) return null;
  return checkedKey(key);
}

function checkedKey(key: string): string {
  if (isMasked(key)) throw new InputError('apiKey must be the key itself, not its masked form.');
  if (!/^[\x21-\x7e]{1,256}$/.test(key)) {
    throw new InputError('apiKey must be up to 256 printable ASCII characters without blanks.');
  }
  return key;
}
