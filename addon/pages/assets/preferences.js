// Preferences of lists: fills the form, shows an example list as the form changes, saves.
import { call } from './calls.js';
import { markWrong, readFields, writeFields } from './form-fields.js';
import { sayFinding, setText } from './rows.js';

const PAUSE_MS = 200;
const byId = (id) => document.getElementById(id);
const form = byId('preferences');
const { url } = form.dataset;
const example = byId('preview-example');
let saved = form.dataset.saved;
let later = 0;
let asking = new AbortController();

writeFields(form, JSON.parse(saved));
saved = JSON.stringify(readFields(form));
void preview();

form.addEventListener('input', () => {
  tellWhetherSaved();
  clearTimeout(later);
  later = setTimeout(() => void preview(), PAUSE_MS);
});
example.addEventListener('change', () => void preview());
byId('preferences-defaults').addEventListener('click', () => {
  writeFields(form, JSON.parse(form.dataset.defaults));
  tellWhetherSaved();
  void preview();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void save();
});

function tellWhetherSaved() {
  const isSaved = JSON.stringify(readFields(form)) === saved;
  tell(isSaved ? '' : 'Not saved yet.');
}

async function save() {
  try {
    writeFields(form, await call(url, { method: 'PUT', body: readFields(form) }));
    saved = JSON.stringify(readFields(form));
    markWrong(form, '');
    tell('Saved. Lists follow it from the next time a title is opened.', true);
  } catch (error) {
    tell(wordsOf(error), false);
    form.querySelector('[aria-invalid]')?.focus();
  }
}

/** The latest form counts: what was asked before is not waited for. */
async function preview() {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const body = readFields(form);
    const { streams, leftOut } = await call(`${url}/preview?example=${example.value}`, {
      method: 'POST',
      body,
      signal,
    });
    markWrong(form, '');
    show(streams, leftOut);
  } catch (error) {
    if (!signal.aborted) sayFinding(byId('preview-said'), wordsOf(error), false);
  }
}

function show(streams, leftOut) {
  const template = byId('preview-stream').content.firstElementChild;
  byId('preview-streams').replaceChildren(
    ...streams.map(({ name, description }) => {
      const row = template.cloneNode(true);
      row.querySelector('.stream-name').textContent = name;
      row.querySelector('.stream-text').textContent = description;
      return row;
    }),
  );
  const box = byId('preview-left-out');
  box.hidden = leftOut.length === 0;
  box.querySelector('ul').replaceChildren(...leftOut.map(leftOutItem));
  const total = streams.length + leftOut.length;
  delete byId('preview-said').dataset.good;
  setText(byId('preview-said'), `${streams.length} of ${total} releases are listed.`);
}

function leftOutItem({ release, reason }) {
  const item = document.createElement('li');
  const why = document.createElement('strong');
  why.textContent = reason;
  item.append(release, ' · ', why);
  return item;
}

function wordsOf(error) {
  const labels = markWrong(form, error.message);
  return labels.length === 0 ? error.message : `This cannot be used: ${labels.join(', ')}.`;
}

function tell(text, isGood) {
  const said = byId('preferences-said');
  setText(said, text);
  if (isGood === undefined) delete said.dataset.good;
  else said.dataset.good = String(isGood);
}
