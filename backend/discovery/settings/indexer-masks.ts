// How addresses and keys are shown once they are kept: recognisable, and of no use to whoever reads them. Pure.

const MASK = '••••';
/** A shorter key would lose too much by its last four characters. */
const MIN_KEY_CHARACTERS_TO_HINT = 12;
const HINT_CHARACTERS = 4;
/** A part of a path that looks like a key rather than a word. */
const KEY_IN_PATH = /^(?=.*\d)[^/]{16,}$/;

/** `••••1234`; short keys are hidden whole. */
export function maskKey(key: string): string {
  return key.length < MIN_KEY_CHARACTERS_TO_HINT ? MASK : `${MASK}${key.slice(-HINT_CHARACTERS)}`;
}

/** An address without its account, the values of its query, and what looks like a key in its path. */
export function maskUrl(address: string): string {
  const url = new URL(address);
  const account = url.username === '' && url.password === '' ? '' : `${MASK}@`;
  const path = url.pathname
    .split('/')
    .map((part) => (KEY_IN_PATH.test(part) ? MASK : part))
    .join('/');
  return `${url.protocol}//${account}${url.host}${path}${maskQuery(url.search)}`;
}

/** True for whatever was masked here, also after a browser has encoded it. */
export function isMasked(text: string): boolean {
  return /•|%E2%80%A2/i.test(text);
}

/** A parameter without a value may be the key itself. */
function maskQuery(search: string): string {
  if (search === '') return '';
  const parameters = search.slice(1).split('&');
  return `?${parameters.map((one) => (one.includes('=') ? `${one.slice(0, one.indexOf('='))}=${MASK}` : MASK)).join('&')}`;
}
