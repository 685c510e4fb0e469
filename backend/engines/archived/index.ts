// Archives inside the files of another engine (a RAR in a torrent) play as if their members were files of the release.
// A wrapper with the wrapped interface: what is in no archive passes through untouched. Nothing is unpacked.

export type { ArchivedEngineOptions, WrappedEngine } from './archived-engine.js';

export { ArchivedEngine } from './archived-engine.js';
