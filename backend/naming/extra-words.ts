// Whether a name is of something beside the film or episode: samples, trailers, soundtracks, games, books. Reads what stands
// behind the title, so that a film may be called "The Trailer".

/** Where the parts of the text behind the title end. */
export interface TailParts {
  readonly tail: string;
  /** Where its technical part begins (or its end). */
  readonly technicalIndex: number;
  /** True when the name tells an exact episode: its title may hold any word. */
  readonly isEpisode: boolean;
  readonly episodeTitle: string | null;
}

const L = '(?<![\\p{L}\\p{N}])';
const R = '(?![\\p{L}\\p{N}])';
const ONE_WORD =
  '(?:samples?|trailers?|teasers?|featurettes?|extras?|bonus(?:[ ._-](?:dis[ck]|features?|material))?|interviews?|bloopers|promos?|ncop\\d*|nced\\d*|creditless)';
const SURE = new RegExp(
  `${L}(?:behind[ ._-]the[ ._-]scenes|making[ ._-]of|the[ ._-]making|deleted[ ._-]scenes|(?:bonus|special)[ ._-](?:dis[ck]|features?|material)|(?:official|teaser|theatrical|final)[ ._-]trailer)${R}`,
  'iu',
);
const EXTRA = new RegExp(`(?<!(?:\\+|with|incl|including|w|and|&)[ ._/-]{0,3})${L}${ONE_WORD}${R}`, 'iu');
const ALONE = new RegExp(
  `^[^\\p{L}\\p{N}]*(?:official[ ._-])?${ONE_WORD}[^\\p{L}\\p{N}]*\\d{0,2}[^\\p{L}\\p{N}]*$`,
  'iu',
);
const AT_END = new RegExp(`[ ._-]sample(?:\\.[a-z0-9]{2,4})?$`, 'iu');
const OTHER_MEDIA = new RegExp(
  `(?<!(?:\\+|with|incl|including|w|and|&)[ ._/-]{0,3})${L}(?:soundtracks?|ost|original[ ._-](?:motion[ ._-]picture[ ._-])?score|discography|audio[ ._-]?books?|e-?books?|epub|mobi|azw3|pdf|cbr|cbz|comics?|manga|light[ ._-]novels?|artbook|novel|video[ ._-]?game|pc[ ._-]game)${R}`,
  'iu',
);
/** Also names of groups and services: they count only where nothing speaks of a picture. */
const GAME = new RegExp(
  `${L}(?:fitgirl|dodi|elamigos|skidrow|codex|plaza|razor1911|tenoke|rune|gog|nsp|xci|nsw|ps[345]|xbox(?:360)?|nds|wii|psp|apk|mp3|m4b|android|macos|win(?:dows)?(?:32|64))${R}`,
  'iu',
);
const SOUND_ONLY = new RegExp(`${L}(?:flac|320[ ._]?kbps|16bit|24bit|vinyl|cd[ ._-]?rip|lp)${R}`, 'iu');
const PICTURE = new RegExp(
  `${L}(?:\\d{3,4}[pi]|4k|uhd|blu-?ray|bd(?:rip|mv|remux)?|web(?:-?dl|-?rip)?|hdtv|dvd(?:rip)?|remux|x26[45]|h[ .]?26[45]|hevc|avc|xvid|mkv|mp4|\\d{3,4}x\\d{3,4})${R}`,
  'iu',
);
const OTHER_FILE =
  /\.(?:srt|sub|idx|ass|nfo|txt|jpe?g|png|pdf|epub|mobi|cb[rz]|mp3|flac|m4[ab]|exe|msi|apk|nsp|xci|torrent)$/i;

const BEGINNING = new RegExp(
  `^(?:(?:official|original|theatrical|teaser|motion|picture)[ ._-]){0,3}(?:${ONE_WORD}|soundtracks?|ost|score|audio[ ._-]?books?|e-?books?|comics?|manga|light[ ._-]novels?|artbook|video[ ._-]?game|pc[ ._-]game)${R}`,
  'iu',
);

/** True for the text behind a title that begins with such a thing: `Official Trailer`, `OST`, `Audiobook`. */
export function beginsExtra(text: string): boolean {
  return BEGINNING.test(text);
}

/** True for what no viewer wants who asked for the film or the episode. */
export function isExtraName({ tail, technicalIndex, isEpisode, episodeTitle }: TailParts): boolean {
  const title = episodeTitle?.trim().replace(/[^\p{L}\p{N}]+/gu, '[^\\p{L}\\p{N}]+') ?? '';
  const own = title === '' ? tail : tail.replace(new RegExp(title, 'iu'), ' ');
  if (OTHER_FILE.test(own) || AT_END.test(own)) return true;
  if (!PICTURE.test(own) && (SOUND_ONLY.test(own) || (!isEpisode && GAME.test(own)))) return true;
  const cut = own.length - (tail.length - technicalIndex);
  const [named, technical] = [own.slice(0, Math.max(0, cut)), own.slice(Math.max(0, cut))];
  const words = technical.replace(/-[\p{L}\p{N}]+$/u, '');
  if (SURE.test(own) || OTHER_MEDIA.test(words) || EXTRA.test(words)) return true;
  return isEpisode ? ALONE.test(named) : EXTRA.test(named) || OTHER_MEDIA.test(own);
}
