// Made-up releases of a made-up film and a made-up episode: what the preview of a list is made from. Plain data; nothing
// of it can be played.

import type { Candidate, Health } from '../../backend/discovery/index.js';
import { parseReleaseName, type TitleFacts } from '../../backend/naming/index.js';

export const EXAMPLE_KINDS = ['film', 'episode'] as const;
export type ExampleKind = (typeof EXAMPLE_KINDS)[number];

export interface Example {
  readonly title: Pick<TitleFacts, 'kind' | 'runtimeMinutes'>;
  readonly candidates: readonly Candidate[];
  readonly isReady: (candidate: Candidate) => boolean;
}

interface ExampleRelease {
  /** What follows the title in its name. */
  readonly tags: string;
  /** Of the film. */
  readonly gigabytes: number;
  /** Null: it is on Usenet. */
  readonly seeders: number | null;
  readonly foundIn: readonly string[];
  readonly health?: Health;
  readonly isReady?: true;
}

const COMPLETE: Health = { state: 'alive', percent: 100 };
const RELEASES: readonly ExampleRelease[] = [
  {
    tags: '2160p.BluRay.REMUX.DV.HDR.HEVC.TrueHD.7.1.Atmos-QUAY',
    gigabytes: 58.4,
    seeders: 64,
    foundIn: ['Lighthouse'],
  },
  { tags: '2160p.WEB-DL.DV.H265.DDP5.1-LAMP', gigabytes: 18.2, seeders: null, foundIn: ['Quayside'], health: COMPLETE },
  { tags: 'GERMAN.DL.2160p.WEB.HDR10Plus.x265-ANKER', gigabytes: 21.6, seeders: null, foundIn: ['Quayside'] },
  { tags: '1080p.BluRay.x264.DTS-HARBOR', gigabytes: 12.1, seeders: 188, foundIn: ['Lighthouse', 'Pier'] },
  { tags: '1080p.WEB-DL.H264.AAC2.0-LAMP', gigabytes: 4.3, seeders: 41, foundIn: ['Library'], isReady: true },
  { tags: '1080p.WEB.x265.DDP5.1-BUOY', gigabytes: 3.1, seeders: null, foundIn: ['Quayside'], health: COMPLETE },
  { tags: 'FRENCH.1080p.BluRay.x264-PHARE', gigabytes: 9.8, seeders: 14, foundIn: ['Pier'] },
  { tags: '1080p.WEB.AV1.Opus-SKIFF', gigabytes: 2.6, seeders: 31, foundIn: ['Lighthouse'] },
  { tags: '1080p.TELESYNC.x264-WAVE', gigabytes: 2.1, seeders: 350, foundIn: ['Pier'] },
  {
    tags: '720p.WEB.H264-BUOY',
    gigabytes: 2.2,
    seeders: null,
    foundIn: ['Quayside'],
    health: { state: 'dead', reason: 'ARTICLE_MISSING' },
  },
  { tags: 'MULTI.720p.HDTV.x264-PONTON', gigabytes: 1.9, seeders: 9, foundIn: ['Pier'] },
  { tags: '480p.DVDRip.XviD-DOCK', gigabytes: 0.7, seeders: 3, foundIn: ['Lighthouse'] },
];

const TITLES = {
  film: { name: 'The.Paper.Lantern.2019', kind: 'film', runtimeMinutes: 108, sizeShare: 1 },
  episode: { name: 'Harbour.Lights.S01E03', kind: 'series', runtimeMinutes: 45, sizeShare: 0.4 },
} as const;

const GIGABYTE = 1e9;

/** Twelve releases: every resolution people meet, torrents and Usenet, one that plays at once, one that is dead. */
export function exampleOf(kind: ExampleKind): Example {
  const { name, sizeShare, ...title } = TITLES[kind];
  const listed = RELEASES.map((release) => ({ release, candidate: candidateOf(release, name, sizeShare) }));
  const ready = new Set(listed.flatMap(({ release, candidate }) => (release.isReady ? [candidate] : [])));
  return {
    title,
    candidates: listed.map(({ candidate }) => candidate),
    isReady: (candidate) => ready.has(candidate),
  };
}

function candidateOf(release: ExampleRelease, titleName: string, sizeShare: number): Candidate {
  const { tags, gigabytes, seeders, foundIn, health = { state: 'unknown' } } = release;
  const releaseName = `${titleName}.${tags}`;
  const url = `https://example.invalid/${releaseName}`;
  return {
    source: seeders === null ? { kind: 'nzb-url', url } : { kind: 'torrent-url', url, trackers: [], peers: [] },
    contentId: null,
    titleId: null,
    releaseName,
    file: null,
    sizeBytes: Math.round(gigabytes * sizeShare * GIGABYTE),
    files: [],
    facts: parseReleaseName(releaseName),
    episode: null,
    isPack: false,
    offer: null,
    seeders,
    leechers: null,
    publishedAt: null,
    foundIn,
    health,
  };
}
