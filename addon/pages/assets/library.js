// The library: shows a page of it, searches, marks favourites, removes. What is searched for stands in the page's address.
import { call, keepLooking } from './calls.js';
import { factsSentence, healthOf, KINDS, sizesSentence, timesSentence } from './library-words.js';
import { part, Rows, setText, whileBusy } from './rows.js';
import { say } from './say.js';

const PAGE_ITEMS = 50;
const REFRESH_MS = 15_000;
const TYPING_PAUSE_MS = 250;
const byId = (id) => document.getElementById(id);
const { url } = byId('library').dataset;
const fields = { query: byId('library-query'), kind: byId('library-kind'), favourite: byId('library-favourite') };
const known = new Map();
const rows = new Rows({ list: byId('library-list'), template: byId('library-row'), create: wire });
const acts = { favourite, remove: askToRemove, confirm: remove, keep: keepIt, all: showAllFiles };
let offset = 0;
let typing = 0;
let looking = new AbortController();

readAddress();
byId('library-filter').addEventListener('submit', (event) => {
  event.preventDefault();
  search();
});
byId('library-filter').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(search, TYPING_PAUSE_MS);
});
byId('library-newer').addEventListener('click', () => turnTo(offset - PAGE_ITEMS));
byId('library-older').addEventListener('click', () => turnTo(offset + PAGE_ITEMS));
window.addEventListener('popstate', () => {
  readAddress();
  void show();
});
keepLooking(show, REFRESH_MS);

function readAddress() {
  const asked = new URLSearchParams(location.search);
  fields.query.value = asked.get('query') ?? '';
  fields.kind.value = asked.get('kind') ?? '';
  fields.favourite.checked = asked.get('favourite') === 'true';
  offset = Math.max(0, Math.floor(Number(asked.get('offset')) || 0));
}

function search() {
  clearTimeout(typing);
  offset = 0;
  history.replaceState(null, '', `?${wish(true)}`);
  void show();
}

async function turnTo(place) {
  offset = Math.max(0, place);
  history.pushState(null, '', `?${wish(true)}`);
  await show();
  byId('library-title').focus();
}

/** What is asked for; with `hasPlace`, also which page of it. */
function wish(hasPlace) {
  const asked = new URLSearchParams();
  const query = fields.query.value.trim();
  if (query !== '') asked.set('query', query);
  if (fields.kind.value !== '') asked.set('kind', fields.kind.value);
  if (fields.favourite.checked) asked.set('favourite', 'true');
  if (hasPlace && offset > 0) asked.set('offset', String(offset));
  return asked;
}

/** The latest question alone is answered. */
async function show() {
  looking.abort();
  looking = new AbortController();
  const { signal } = looking;
  try {
    const asked = wish(true);
    asked.set('limit', String(PAGE_ITEMS));
    const { items, total } = await call(`${url}?${asked}`, { signal });
    if (signal.aborted) return;
    if (items.length === 0 && total > 0 && offset > 0) return await turnTo(lastPlace(total));
    known.clear();
    for (const item of items) known.set(item.id, item);
    rows.show(items, update);
    showPlace(items.length, total);
    setText(byId('library-problem'), '');
  } catch (error) {
    if (!signal.aborted) setText(byId('library-problem'), error.message);
  }
}

function lastPlace(total) {
  return Math.floor((total - 1) / PAGE_ITEMS) * PAGE_ITEMS;
}

function showPlace(count, total) {
  const asked = wish(false);
  const isSearch = asked.toString() !== '';
  setText(byId('library-empty'), total > 0 ? '' : emptySentence(isSearch));
  byId('library-playlist').href = `${url}/playlist.m3u8${isSearch ? `?${asked}` : ''}`;
  byId('library-pager').hidden = total === 0;
  setText(byId('library-range'), `${offset + 1}–${offset + count} of ${total}`);
  byId('library-newer').disabled = offset === 0;
  byId('library-older').disabled = offset + count >= total;
}

function emptySentence(isSearch) {
  return isSearch ? 'Nothing like that is in the library.' : 'Nothing yet. What you play or prepare is kept here.';
}

function wire(row, id) {
  row.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-act]');
    if (button !== null) void acts[button.dataset.act](row, known.get(id), button);
  });
}

function update(row, item) {
  const { id, name, kind, isFavourite } = item;
  const health = healthOf(item);
  setText(part(row, 'name'), name);
  setText(part(row, 'kind'), KINDS[kind] ?? kind);
  setText(part(row, 'health'), health.text);
  part(row, 'health').dataset.state = health.isGood === null ? 'idle' : health.isGood ? 'ok' : 'failing';
  setText(part(row, 'sizes'), sizesSentence(item));
  setText(part(row, 'times'), timesSentence(item));
  part(row, 'playlist').href = `${url}/${id}/playlist.m3u8`;
  part(row, 'playlist').setAttribute('aria-label', `Playlist: ${name}`);
  const toggle = row.querySelector('[data-act="favourite"]');
  toggle.setAttribute('aria-pressed', String(isFavourite));
  for (const act of ['favourite', 'remove']) {
    const button = row.querySelector(`[data-act="${act}"]`);
    button.setAttribute('aria-label', `${button.textContent}: ${name}`);
  }
  updateFiles(row, item);
}

/** Made anew only where they changed: whoever looks at them is not disturbed. */
function updateFiles(row, { name, files, fileCount }) {
  const [film, ...others] = files.filter(({ path }) => !isSubtitle(path));
  const isFilm = film !== undefined && others.length === 0 && fileCount === files.length;
  part(row, 'play').hidden = !isFilm;
  if (isFilm) {
    part(row, 'play').href = film.url;
    part(row, 'play').setAttribute('aria-label', `Play ${name} in the browser`);
  }
  const text = JSON.stringify([files, fileCount]);
  const isWhole = row.dataset.isWhole === 'true' && files.length < fileCount;
  if (row.dataset.files === text || isWhole) return;
  row.dataset.files = text;
  setText(part(row, 'count'), fileCount === 1 ? '1 file' : `${fileCount} files`);
  part(row, 'files').hidden = fileCount === 0;
  part(row, 'all').hidden = files.length >= fileCount;
  part(row, 'list').replaceChildren(...files.map(fileRow));
}

function fileRow(file) {
  const row = byId('library-file').content.firstElementChild.cloneNode(true);
  part(row, 'path').textContent = file.path;
  part(row, 'facts').textContent = factsSentence(file);
  part(row, 'file-play').href = file.url;
  part(row, 'file-play').setAttribute('aria-label', `Play ${file.path} in the browser`);
  return row;
}

function isSubtitle(path) {
  return /\.(?:srt|ass|ssa|vtt|sub|idx|sup|smi)$/i.test(path);
}

async function showAllFiles(row, { id }, button) {
  await whileBusy(button, part(row, 'said'), async () => {
    const { files } = await call(`${url}/${id}`);
    part(row, 'list').replaceChildren(...files.map(fileRow));
    row.dataset.isWhole = 'true';
    button.hidden = true;
    setText(part(row, 'said'), '');
    part(row, 'count').focus();
  });
}

async function favourite(row, { id, name, isFavourite }, button) {
  await whileBusy(button, part(row, 'said'), async () => {
    await call(`${url}/${id}`, { method: 'PUT', body: { isFavourite: !isFavourite } });
    setText(part(row, 'said'), '');
    await show();
    say(isFavourite ? `${name} is no favourite any more` : `${name} is a favourite and stays`);
  });
}

function askToRemove(row, { name }) {
  setText(part(row, 'question'), `Remove ${name}? Its addresses stop working.`);
  setAsking(row, true);
  row.querySelector('[data-act="keep"]').focus();
}

function keepIt(row) {
  setAsking(row, false);
  row.querySelector('[data-act="remove"]').focus();
}

async function remove(row, { id, name }, button) {
  await whileBusy(button, part(row, 'said'), async () => {
    await call(`${url}/${id}`, { method: 'DELETE' });
    await show();
    byId('library-title').focus();
    say(`${name} was removed`);
  });
}

function setAsking(row, isAsking) {
  part(row, 'buttons').hidden = isAsking;
  part(row, 'confirm').hidden = !isAsking;
}
