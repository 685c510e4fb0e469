// What a viewer would call "the same release": the next episode's stream of the same group is played on. Pure.

import { plainWords, type Candidate } from '../../backend/discovery/index.js';
import { streamTypeOf } from './stream-type.js';

/** `s01`, `s01e05`, `e08`, `season 1`: which part of a series a pack is. */
const PARTS = /\b(?:season \d+|s\d+(?:e\d+)*|e\d+)\b/g;

/**
 * A pack groups itself: all its episodes, and the pack of the next season where that is called the same but for the season.
 * Single episodes group by picture and release group. What it is offered as decides, wherever somebody offers it: so a release
 * is in the same group before anybody looked into it and after, whatever was found inside.
 */
export function bingeGroupOf({ source, releaseName, facts, isPack, offer }: Candidate): string {
  const offered = offer ?? { name: releaseName, facts, isPack };
  const type = streamTypeOf(source);
  if (offered.isPack) return `headstart|${type}|pack|${packName(offered.name)}`;
  const { resolution = '', quality = '', codec = '', group = '' } = offered.facts;
  return ['headstart', type, resolution, quality, codec, group].join('|');
}

function packName(name: string): string {
  return plainWords(name).replaceAll(PARTS, (part) => part.replaceAll(/\d+/g, '').trim());
}
