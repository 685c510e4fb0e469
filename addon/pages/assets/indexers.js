// The list of indexers: what is shown of one, and how one is switched.
import { call } from './calls.js';
import { EntryList } from './entry-list.js';
import * as words from './indexer-words.js';
import { part, setText, whileBusy } from './rows.js';

const REFRESH_MS = 15_000;

const list = new EntryList({
  section: 'indexers',
  name: 'indexer',
  variable: 'INDEXERS',
  asking: 'Asking the indexer …',
  words,
  nameOf: ({ name }) => name,
  valuesOf: (indexer) => ({ ...indexer, apiKey: indexer.maskedKey }),
  update,
  acts: { toggle },
});
list.start(REFRESH_MS);

function update(row, indexer) {
  const { isEnabled, kind, url } = indexer;
  const state = words.stateOf(indexer);
  setText(part(row, 'tag'), words.KINDS[kind] ?? kind);
  setText(part(row, 'state'), words.stateName(state));
  part(row, 'state').dataset.state = state;
  setText(part(row, 'url'), url);
  setText(part(row, 'sentence'), words.stateSentence(indexer));
  row.querySelector('[data-act="toggle"]').textContent = isEnabled ? 'Turn off' : 'Turn on';
}

async function toggle(row, indexer, button) {
  const { isEnabled, name } = indexer;
  const said = part(row, 'said');
  await whileBusy(button, said, async () => {
    await call(list.pathOf(indexer), { method: 'PUT', body: { isEnabled: !isEnabled } });
    setText(said, '');
    await list.showAndSay(`${name} is ${isEnabled ? 'off' : 'on'}`);
  });
}
