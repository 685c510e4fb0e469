// What a person fills in becomes an indexer's settings, or an error that names the field. What is shown masked and comes
// back so is left as it was. Pure; no error repeats what was filled in.

import { InputError } from '../../content/index.js';
import { isIndexerKey, parseIndexerAddress, type IndexerKind } from '../../platform/index.js';
import type { IndexerSettings } from '../indexers/indexer.js';
import { isMasked, maskKey, maskUrl } from './indexer-masks.js';

/** Absent fields stay as they are; of a new indexer they have their default. */
export interface IndexerFields {
  readonly kind?: IndexerKind | undefined;
  /** Empty: the host's. */
  readonly name?: string | undefined;
  /** http or https; an `apikey` in its query is taken out and used, and a kind in front of it, as in INDEXERS. */
  readonly url?: string | undefined;
  /** Null: none. Empty or masked: as it is. */
  readonly apiKey?: string | null | undefined;
  readonly isEnabled?: boolean | undefined;
  /** Null: as the kind usually allows. */
  readonly requestsPerMinute?: number | null | undefined;
}

interface Address {
  /** Null where none stands in front of what was written. */
  readonly kind: IndexerKind | null;
  readonly url: string;
  /** Null where its query has none. */
  readonly apiKey: string | null;
}

/**
 * `known` with `fields` changed, or a new one. A key is never carried over to another host: whoever changes the address
 * could read it there.
 * @throws {InputError} naming the field
 */
export function draftIndexer(id: string, fields: IndexerFields, known: IndexerSettings | null): IndexerSettings {
  const { isEnabled = known?.isEnabled ?? true } = fields;
  const address = writtenAddress(fields, known);
  const apiKey = keyOf(address, fields, known);
  const requestsPerMinute =
    fields.requestsPerMinute === undefined ? known?.requestsPerMinute : fields.requestsPerMinute;
  return {
    id,
    kind: kindOf(address, fields, known),
    name: (fields.name ?? known?.name ?? '') || new URL(address.url).hostname,
    url: address.url,
    ...(apiKey === null ? {} : { apiKey }),
    isEnabled,
    ...(requestsPerMinute == null ? {} : { requestsPerMinute }),
  };
}

function writtenAddress({ url }: IndexerFields, known: IndexerSettings | null): Address {
  if (known !== null && (url === undefined || url.trim() === maskUrl(known.url))) {
    return { kind: null, url: known.url, apiKey: null };
  }
  if (url === undefined) throw new InputError('url is missing.');
  if (isMasked(url)) throw new InputError('url must be written out again where it was hidden.');
  try {
    const parts = parseIndexerAddress(url.trim());
    return { ...parts, apiKey: parts.apiKey === '' ? null : parts.apiKey };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`url must be written otherwise: ${error.message}.`);
  }
}

function kindOf({ kind: inUrl }: Address, fields: IndexerFields, known: IndexerSettings | null): IndexerKind {
  const kind = fields.kind ?? inUrl ?? known?.kind;
  if (kind === undefined) throw new InputError('kind is missing.');
  if (inUrl !== null && inUrl !== kind) throw new InputError('kind must be the one that stands in front of url.');
  return kind;
}

/** A key that is written beside the address counts before one within it. */
function keyOf({ url, apiKey: inUrl }: Address, fields: IndexerFields, known: IndexerSettings | null): string | null {
  const key = writtenKey(fields, known) ?? inUrl;
  if (key !== null) return key;
  if (known?.apiKey === undefined || fields.apiKey === null) return null;
  if (new URL(url).hostname !== new URL(known.url).hostname) {
    throw new InputError('apiKey must be given again, because url leads to another host.');
  }
  return known.apiKey;
}

/** Null when none was written: the field is absent, empty, or shows the key that is kept. */
function writtenKey({ apiKey }: IndexerFields, known: IndexerSettings | null): string | null {
  const key = apiKey?.trim() ?? '';
  if (key === '' || (known?.apiKey !== undefined && key === maskKey(known.apiKey))) return null;
  return checkedKey(key);
}

function checkedKey(key: string): string {
  if (isMasked(key)) throw new InputError('apiKey must be the key itself, not its masked form.');
  if (!isIndexerKey(key)) throw new InputError('apiKey must be up to 256 printable ASCII characters without blanks.');
  return key;
}
