// What a viewer does not want to see, and why. Pure.

import type { Preferences } from '../../../manifest/index.js';
import type { Appraisal } from './appraisal.js';
import { codecClassOf, hdrClassOf, qualityClassOf } from './classes.js';
import { holdsWords, plainWords } from './plain-words.js';

/**
 * Why a candidate is not listed. The last two are no fault of its own: enough better ones of its resolution
 * (`perResolution`) or in all (`tooMany`) are.
 */
export type LeftOutReason =
  | 'dead'
  | 'resolution'
  | 'tooLarge'
  | 'bitrate'
  | 'quality'
  | 'codec'
  | 'hdr'
  | 'dolbyVision'
  | 'language'
  | 'word'
  | 'perResolution'
  | 'tooMany';

type Rule = readonly [LeftOutReason, (appraisal: Appraisal) => boolean];

/** Says of each candidate why it is left out, or null. What cannot be told of a release is never held against it. */
export function createFilter(preferences: Preferences): (appraisal: Appraisal) => LeftOutReason | null {
  const rules = [...measureRules(preferences), ...pictureRules(preferences), ...nameRules(preferences)];
  return (appraisal) => rules.find(([, applies]) => applies(appraisal))?.[0] ?? null;
}

function measureRules(preferences: Preferences): readonly Rule[] {
  const { resolutions, maxFilmBytes, maxEpisodeBytes, maxBitrate, dead } = preferences;
  return [
    ['dead', ({ isDead }) => dead === 'hidden' && isDead],
    ['resolution', ({ resolution }) => resolutions.length > 0 && !resolutions.includes(resolution)],
    ['tooLarge', ({ isEpisode, sizeBytes }) => isOver(sizeBytes, isEpisode ? maxEpisodeBytes : maxFilmBytes)],
    ['bitrate', ({ bitrate }) => isOver(bitrate, maxBitrate)],
  ];
}

function pictureRules({ excludedQualities, excludedCodecs, hdr, dolbyVision }: Preferences): readonly Rule[] {
  return [
    ['quality', ({ candidate }) => isAmong(excludedQualities, qualityClassOf(candidate.facts))],
    ['codec', ({ candidate }) => isAmong(excludedCodecs, codecClassOf(candidate.facts))],
    [
      'hdr',
      ({ candidate }) => {
        const isHdr = hdrClassOf(candidate.facts) !== 'sdr';
        return (hdr === 'only' && !isHdr) || (hdr === 'never' && isHdr);
      },
    ],
    ['dolbyVision', ({ candidate }) => dolbyVision === 'withFallback' && hdrClassOf(candidate.facts) === 'dolbyVision'],
  ];
}

function nameRules({ languages, onlyLanguages, excludedWords }: Preferences): readonly Rule[] {
  const excluded = excludedWords.map(plainWords);
  const isRestricted = onlyLanguages && languages.length > 0;
  return [
    [
      'language',
      ({ languages: { named, hasMore } }) =>
        isRestricted && !hasMore && named.length > 0 && !named.some((language) => languages.includes(language)),
    ],
    ['word', ({ words }) => excluded.some((word) => holdsWords(words, word))],
  ];
}

function isOver(value: number | null, max: number | null): boolean {
  return value !== null && max !== null && value > max;
}

function isAmong<T>(excluded: readonly T[], value: T | null): boolean {
  return value !== null && excluded.includes(value);
}
