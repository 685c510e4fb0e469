// Indexers in plain sentences: how one is doing, what a test found, what is wrong with what was filled in. Pure.
import { fieldWords } from './field-words.js';

export const KINDS = {
  torznab: 'Torznab',
  newznab: 'Newznab',
  prowlarr: 'Prowlarr',
  nzbhydra: 'NZBHydra2',
  jackett: 'Jackett',
};

const STATES = { ok: 'Fine', failing: 'Failing', limited: 'Resting', unknown: 'Not searched yet', off: 'Off' };
const SEARCHES = { imdbid: 'IMDb id', tmdbid: 'TMDB id', tvdbid: 'TVDB id', q: 'title' };
const HINTS = {
  INDEXER_AUTH: 'Check the API key.',
  INDEXER_UNREACHABLE: 'Check the address, and whether this server can reach it.',
  INDEXER_INVALID: 'Check the address and the kind.',
  INDEXER_UNSUPPORTED: 'Check the kind.',
  TIMEOUT: 'Check the address, or try again later.',
};

export const { fieldOf, formSentence } = fieldWords({
  url: 'the address',
  apiKey: 'the API key',
  kind: 'the kind',
  name: 'the name',
  requestsPerMinute: 'the number of requests',
});

export function stateOf({ isEnabled, status }) {
  return isEnabled ? (status?.state ?? 'unknown') : 'off';
}

export function stateName(state) {
  return STATES[state] ?? state;
}

/** How it is doing, in one or two sentences. */
export function stateSentence(indexer) {
  const { status } = indexer;
  switch (stateOf(indexer)) {
    case 'off':
      return 'Switched off: it is not searched.';
    case 'ok':
      return `Last search at ${time(status.lastSearchAt)}: ${counted(status.lastResults ?? 0, 'result')}${average(status)}.${trouble(status)}`;
    case 'failing':
      return `Failing because: ${status.error?.message ?? 'it does not answer.'}${retry(status, ' Asked again from')}`;
    case 'limited':
      return `Left alone${retry(status, ' until').replace(/\.$/, '')}, because it was asked as often as it allows.`;
    default:
      return 'Not searched since Headstart started.';
  }
}

/** What a test found: what is wrong and what to look at, or how it can be searched. */
export function findingSentence({ ok, problem, server, searches, categories, elapsedMs }) {
  if (!ok) return `${ended(problem?.message ?? 'It does not answer.')} ${HINTS[problem?.code] ?? ''}`.trim();
  const ways = [
    ['Films', searches.film],
    ['Series', searches.series],
  ].map(([what, names]) => waysSentence(what, names));
  const name = server === null ? '' : ` (${server})`;
  const listed = categories === 0 ? '' : ` It lists ${categories === 1 ? 'one category' : `${categories} categories`}.`;
  return `It answers${name}, in ${seconds(elapsedMs)}. ${ways.join(' ')}${listed}`;
}

function waysSentence(what, names) {
  const known = Object.keys(SEARCHES).filter((name) => names.includes(name));
  if (known.length === 0) return `${what}: no search.`;
  const ways = known.map((name) => SEARCHES[name]);
  const last = ways.pop();
  const list = ways.length === 0 ? last : `${ways.join(', ')} or ${last}`;
  return `${what} are searched by ${list}${names.includes('season') && names.includes('ep') ? ', with season and episode' : ''}.`;
}

function average({ averageMs }) {
  return averageMs === null ? '' : `, usually in ${seconds(averageMs)}`;
}

function trouble({ error }) {
  return error === null ? '' : ` With trouble: ${error.message}`;
}

function retry({ retryAt }, words) {
  return retryAt === null ? '' : `${words} ${time(retryAt)}.`;
}

function counted(number, what) {
  return `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`;
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

function time(at) {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

function ended(text) {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
