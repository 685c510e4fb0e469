// Which releases exist for a title, and in which order they are offered. So far two places are looked into: the built-in
// catalogue of openly licensed films and the library; nothing here reaches out to the network. A candidate is only an
// offer: discovery prepares nothing and promises nothing about peers.

export type { Candidate, CandidateFile, Health } from './candidate.js';
export type { OpenFilm } from './open-films.js';
export type { KnownRelease, TitleLibrary, TitleWish } from './find-candidates.js';
export type { Sidecar } from './sidecars.js';

export { formatSourceIdentity } from './candidate.js';
export { candidateOfFile, findByTitle, listFiles } from './find-candidates.js';
export { findOpenFilm, openFilms } from './open-films.js';
export { orderCandidates } from './order-candidates.js';
export { findSidecars } from './sidecars.js';
