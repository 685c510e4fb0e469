// What a film or an episode is called, when it came out, how it is counted: asked of the one configured metadata addon,
// remembered for a while. Knows nothing of releases. "There is no such title" (null) and "nobody could tell" (an error)
// are never confused.

export type { MetadataClientOptions } from './metadata-client.js';
export type { MetadataWish } from './facts-of-title.js';

export { MetadataClient } from './metadata-client.js';
