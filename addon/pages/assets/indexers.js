// The list of indexers: shows how each is doing, tests, switches, removes; the form does the rest.
import { call, keepLooking } from './calls.js';
import { IndexerForm } from './indexer-form.js';
import { findingSentence, KINDS, stateName, stateOf, stateSentence } from './indexer-words.js';
import { part, Rows, sayFinding, setText, whileBusy } from './rows.js';
import { say } from './say.js';

const REFRESH_MS = 15_000;
const byId = (id) => document.getElementById(id);
const { url } = byId('indexers').dataset;
const known = new Map();
const rows = new Rows({ list: byId('indexer-list'), template: byId('indexer-row'), create: wire });
const form = new IndexerForm({ url, onSaved: showAndSay });
const acts = { test, edit, toggle, remove: askToRemove, confirm: remove, keep: keepIt };

byId('indexer-add').addEventListener('click', (event) => form.open(event.currentTarget));
keepLooking(show, REFRESH_MS);

async function show() {
  try {
    const { indexers } = await call(url);
    known.clear();
    for (const indexer of indexers) known.set(indexer.id, indexer);
    rows.show(indexers, update);
    byId('indexers-empty').hidden = indexers.length > 0;
    setText(byId('indexers-problem'), '');
  } catch (error) {
    setText(byId('indexers-problem'), error.message);
  }
}

async function showAndSay(sentence) {
  await show();
  say(sentence);
}

function wire(row, id) {
  row.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-act]');
    if (button !== null) void acts[button.dataset.act](row, known.get(id), button);
  });
}

function update(row, indexer) {
  const { name, kind, isEnabled, origin } = indexer;
  const state = stateOf(indexer);
  setText(part(row, 'name'), name);
  setText(part(row, 'kind'), KINDS[kind] ?? kind);
  setText(part(row, 'state'), stateName(state));
  part(row, 'state').dataset.state = state;
  setText(part(row, 'url'), indexer.url);
  setText(part(row, 'sentence'), stateSentence(indexer));
  const isFixed = origin === 'environment';
  setText(part(row, 'origin'), isFixed ? 'Set by INDEXERS: change it there and restart.' : '');
  for (const button of row.querySelectorAll('[data-act]')) {
    const { act } = button.dataset;
    if (act === 'toggle') button.textContent = isEnabled ? 'Turn off' : 'Turn on';
    button.setAttribute('aria-label', `${button.textContent}: ${name}`);
    button.hidden = isFixed && act !== 'test';
  }
}

async function test(row, { id }, button) {
  const said = part(row, 'said');
  await whileBusy(button, said, async () => {
    const findings = await call(`${url}/${id}/test`, { method: 'POST', body: {} });
    sayFinding(said, findingSentence(findings), findings.ok);
    await show();
  });
}

function edit(_row, indexer, button) {
  form.open(button, indexer);
}

async function toggle(row, { id, name, isEnabled }, button) {
  const said = part(row, 'said');
  await whileBusy(button, said, async () => {
    await call(`${url}/${id}`, { method: 'PUT', body: { isEnabled: !isEnabled } });
    setText(said, '');
    await showAndSay(`${name} is ${isEnabled ? 'off' : 'on'}`);
  });
}

function askToRemove(row, { name }) {
  setText(part(row, 'question'), `Remove ${name}?`);
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
    await showAndSay(`${name} was removed`);
    byId('indexers-title').focus();
  });
}

function setAsking(row, isAsking) {
  part(row, 'buttons').hidden = isAsking;
  part(row, 'confirm').hidden = !isAsking;
}
