// In which order candidates are offered. Pure; the same candidates always come in the same order.

import { RESOLUTIONS, type Preferences } from '../../../manifest/index.js';
import { mapInSteps, sortInSteps, type Steps } from '../../platform/index.js';
import type { Appraisal } from './appraisal.js';
import { hdrClassOf, qualityClassOf, type QualityClass, type SpokenLanguages } from './classes.js';
import { holdsWords, plainWords } from './plain-words.js';
import { createWholeOrder } from './whole-order.js';

/** What most viewers call better; null is what tells nothing. */
const QUALITIES: readonly (QualityClass | null)[] = ['remux', 'bluray', 'web', 'hdtv', 'dvd', null, 'screener', 'cam'];
/** Seeders from which a torrent counts as better attended: between two of them a difference says little. */
const SEEDER_LEVELS = [1, 5, 20, 100];

/** Smaller is earlier. */
type Rank = (appraisal: Appraisal) => number;

/** A sorted copy, n log n; the order is told at `rankCandidates`. */
export function* orderAppraisals(appraisals: readonly Appraisal[], preferences: Preferences): Steps<Appraisal[]> {
  const ranks = ranksFor(preferences);
  const compareWhole = createWholeOrder();
  const ranked = yield* mapInSteps(appraisals, (appraisal) => {
    return { appraisal, ranks: ranks.map((rank) => rank(appraisal)) };
  });
  const sorted = yield* sortInSteps(ranked, (a, b) => {
    return compareRanks(a.ranks, b.ranks) || compareWhole(a.appraisal.candidate, b.appraisal.candidate);
  });
  return sorted.map(({ appraisal }) => appraisal);
}

function ranksFor(preferences: Preferences): readonly Rank[] {
  const { readyFirst, kindFirst, hdr, languages } = preferences;
  const preferred = preferences.preferredWords.map(plainWords);
  const firstKind = kindFirst === 'torrents' ? 'torrent' : kindFirst;
  return [
    ({ isReady }) => (readyFirst && isReady ? 0 : 1),
    outlookRank,
    ({ resolution }) => RESOLUTIONS.indexOf(resolution),
    ({ kind }) => (kind === firstKind ? 0 : 1),
    (appraisal) => languageRank(appraisal.languages, languages),
    ({ candidate }) => {
      const isHdr = hdrClassOf(candidate.facts) !== 'sdr';
      return (hdr === 'first' && !isHdr) || (hdr === 'last' && isHdr) ? 1 : 0;
    },
    ({ words }) => -preferred.filter((word) => holdsWords(words, word)).length,
    healthRank,
    ({ candidate }) => QUALITIES.indexOf(qualityClassOf(candidate.facts)),
    (appraisal) => -attendance(appraisal),
    ({ sizeBytes }) => -(sizeBytes ?? 0),
  ];
}

/** Torrents that nobody seeds come after all others, dead ones after those. */
function outlookRank({ candidate, isReady, isDead, kind }: Appraisal): number {
  if (isDead) return 2;
  const isDeserted = kind === 'torrent' && candidate.seeders === 0 && candidate.health.state !== 'alive';
  return isDeserted && !isReady ? 1 : 0;
}

/** Named and wished, in the order of the wishes; more than are named; other than wished. English often goes unnamed. */
function languageRank({ named, hasMore }: SpokenLanguages, wished: readonly string[]): number {
  if (wished.length === 0) return 0;
  const spoken = named.length === 0 && !hasMore ? ['en'] : named;
  const places = spoken.map((language) => wished.indexOf(language)).filter((place) => place >= 0);
  if (places.length > 0) return Math.min(...places);
  if (hasMore) return wished.length;
  return named.length === 0 ? wished.length + 1 : wished.length + 2;
}

/** Startable, unknown, incomplete. What is no torrent needs nobody to seed it: it counts as startable. */
function healthRank({ candidate: { health, seeders }, isReady, kind }: Appraisal): number {
  if (isReady) return 0;
  if (health.state === 'alive') return health.percent >= 100 ? 0 : 2;
  return kind !== 'torrent' || (seeders ?? 0) > 0 ? 0 : 1;
}

/** 0 for none, then 1–4, 5–19, 20–99, 100 and more. Usenet and plain addresses are attended as well as can be. */
function attendance({ candidate, kind }: Appraisal): number {
  if (kind !== 'torrent') return SEEDER_LEVELS.length;
  const seeders = candidate.seeders ?? 0;
  return SEEDER_LEVELS.filter((least) => seeders >= least).length;
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, rank] of a.entries()) {
    const difference = rank - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
