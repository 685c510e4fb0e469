// Indexers as settings name them: kind and address in one text. Pure.

/** What one can be set up as; `nzbhydra` and `jackett` speak Newznab and Torznab, `prowlarr` has a way of its own. */
export const INDEXER_KINDS = ['torznab', 'newznab', 'prowlarr', 'nzbhydra', 'jackett'] as const;

export type IndexerKind = (typeof INDEXER_KINDS)[number];

/** Where an indexer is reached. Holds secrets (`apiKey`, and `url` may): not for logs or answers. */
export interface IndexerAddress {
  /** Unique and stable; `[a-z0-9-]`. */
  readonly id: string;
  readonly kind: IndexerKind;
  /** For people. */
  readonly name: string;
  /** Of its API, without the key; http or https. */
  readonly url: string;
  readonly apiKey?: string;
}
