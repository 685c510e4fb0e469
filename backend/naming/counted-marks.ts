// Episodes of names that count without seasons: `- 103`, `- 103v2`, `[01-12]`, `Show.103.hdtv`, `II - 03`.

import { readSpans, type NumberSpan } from './number-spans.js';

/** `seasons` only where a small number before the dash is one (`Title 2 - 03`). */
export interface CountedMarks {
  readonly index: number;
  readonly seasons: readonly NumberSpan[];
  readonly episodes: readonly NumberSpan[];
}

const NUMBER =
  /(?<![\p{L}\p{N}.])#?(\d{1,4})(?:v\d)?((?: ?[-~] ?\d{1,4}(?![\p{L}\p{N}]))?)(?:v\d|(?:[ ._-]?(?:end|fin|final|完)))?(?![\p{L}\p{N}]|[.,]\d(?!\d))/giu;
const DOTTED = /(?<=\.)(\d{2,4})((?:-\d{2,4})?)(?![\p{L}\p{N}]|\.\d(?!\d))/gu;
const SEQUEL = /(?<![\p{L}\p{N}])([2-9]|ii|iii|iv|vi?)[ ._]{1,2}-[ ._]{1,2}(\d{2,4})(?:v\d)?(?![\p{L}\p{N}])/iu;
const ROMAN = ['', '', 'ii', 'iii', 'iv', 'v', 'vi'];
const NO_EPISODE = /^(?:(?:19|20)\d\d|2160|1440|1080|720|576|540|480|360|26[45])$/;
const TECHNICAL =
  /(?<![\p{L}\p{N}])(?:\d{3,4}[pi]|4k|web|webrip|bluray|bdrip|hdtv|dvdrip|x26[45]|h[ .]?26[45]|hevc|avc|xvid|aac|flac|ac3|dts|ddp?)(?![\p{L}])/iu;

/** The first number before the technical part of `tail` that can be an episode; null without one. */
export function readCountedMarks(tail: string): CountedMarks | null {
  const sequel = SEQUEL.exec(tail);
  if (sequel !== null) {
    const roman = ROMAN.indexOf((sequel[1] ?? '').toLowerCase());
    const season = roman > 0 ? roman : Number(sequel[1]);
    return { index: sequel.index, seasons: [{ from: season, to: season }], episodes: readSpans(Number(sequel[2]), '') };
  }
  const end = TECHNICAL.exec(tail)?.index ?? tail.length;
  const matches = [...tail.matchAll(NUMBER), ...tail.matchAll(DOTTED)].sort((a, b) => a.index - b.index);
  const match = matches.find(({ index, 1: digits = '' }) => index < end && !NO_EPISODE.test(digits));
  if (match === undefined) return null;
  return { index: match.index, seasons: [], episodes: readSpans(Number(match[1]), match[2] ?? '') };
}
