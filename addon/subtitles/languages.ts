// Languages as subtitle files name them, in the three-letter form Stremio groups subtitles by.

/** ISO 639-1, ISO 639-2/B and the names people put into file names. */
const LANGUAGES = [
  'ara ar arabic',
  'bul bg bulgarian',
  'cat ca catalan',
  'chi zh chinese chs cht zho',
  'cze cs czech ces',
  'dan da danish',
  'dut nl dutch nld',
  'ell el greek gre',
  'eng en english sdh',
  'est et estonian',
  'fin fi finnish',
  'fre fr french fra',
  'ger de german deu deutsch',
  'heb he hebrew',
  'hin hi hindi',
  'hrv hr croatian',
  'hun hu hungarian',
  'ice is icelandic isl',
  'ind id indonesian',
  'ita it italian',
  'jpn ja japanese',
  'kor ko korean',
  'lav lv latvian',
  'lit lt lithuanian',
  'may ms malay msa',
  'nor no norwegian nb nn nob',
  'per fa persian fas',
  'pol pl polish',
  'por pt portuguese',
  'pob pt-br pb brazilian',
  'rum ro romanian ron',
  'rus ru russian',
  'slo sk slovak slk',
  'slv sl slovenian',
  'spa es spanish',
  'srp sr serbian',
  'swe sv swedish',
  'tam ta tamil',
  'tel te telugu',
  'tha th thai',
  'tur tr turkish',
  'ukr uk ukrainian',
  'vie vi vietnamese',
];

const BY_NAME = new Map(
  LANGUAGES.flatMap((line) => {
    const names = line.split(' ');
    return names.map((name): [string, string] => [name, names[0] ?? name]);
  }),
);

/** Language of a sidecar from what stands in its name (`en`, `english`, `de.forced`); `und` when that tells nothing. */
export function languageOf(tag: string): string {
  const words = tag.toLowerCase().split(/[._ ()[\]]+/);
  return words.map((word) => BY_NAME.get(word)).find((language) => language !== undefined) ?? 'und';
}
