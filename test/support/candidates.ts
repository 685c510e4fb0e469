// Candidates for tests of ranking: a name and the few facts a case is about; everything else is ordinary.

import { isInfoHash, type InfoHash, type ReleaseFile, type TorrentSource } from '../../backend/content/index.js';
import type { Candidate } from '../../backend/discovery/index.js';
import { parseReleaseName } from '../../backend/naming/index.js';

/** An infohash that starts with `digits` and is filled up with zeros. */
export function infoHashOf(digits: string): InfoHash {
  const text = digits.padEnd(40, '0');
  if (!isInfoHash(text)) throw new Error(`${digits} is no start of an infohash`);
  return text;
}

export function torrentOf(digits: string, more: Partial<TorrentSource> = {}): TorrentSource {
  return { kind: 'torrent', infoHash: infoHashOf(digits), trackers: [], webSeeds: [], peers: [], ...more };
}

/** A magnet with a few seeders, found by one indexer; facts are read from `name`. */
export function makeCandidate(name: string, more: Partial<Candidate> = {}): Candidate {
  return {
    source: torrentOf(digestOf(name)),
    contentId: null,
    titleId: 'tt0000001',
    episode: null,
    releaseName: name,
    file: null,
    sizeBytes: null,
    files: [],
    facts: parseReleaseName(name),
    isPack: false,
    offer: null,
    seeders: 10,
    leechers: null,
    publishedAt: null,
    foundIn: ['Harbour Index'],
    health: { state: 'unknown' },
    ...more,
  };
}

/** The same, on Usenet, where nobody counts. */
export function makeUsenetCandidate(name: string, more: Partial<Candidate> = {}): Candidate {
  const url = `https://indexer.example/get/${digestOf(name)}.nzb`;
  return makeCandidate(name, { source: { kind: 'nzb-url', url }, seeders: null, ...more });
}

export function makeFile(name: string, sizeBytes: number, index = 0): ReleaseFile {
  return { index, path: name, name, sizeBytes, isPadding: false };
}

/** Different names get different digits, in all likelihood. */
function digestOf(text: string): string {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 0xffff_ffff_ffff;
  return hash.toString(16);
}
