// The list of news servers: what is shown of one.
import { EntryList } from './entry-list.js';
import * as words from './provider-words.js';
import { part, setText } from './rows.js';

const REFRESH_MS = 5_000;
const MASK = '••••';

new EntryList({
  section: 'news-servers',
  name: 'provider',
  variable: 'NNTP_PROVIDERS',
  asking: 'Asking the news server …',
  words,
  nameOf: ({ settings }) => settings.name,
  valuesOf: ({ settings }) => ({
    ...settings,
    port: words.ownPort(settings),
    user: settings.hasUser ? MASK : null,
    password: settings.hasPassword ? MASK : null,
  }),
  update,
}).start(REFRESH_MS);

function update(row, provider) {
  const { settings, state } = provider;
  setText(part(row, 'tag'), settings.isBackup ? 'Backup' : '');
  setText(part(row, 'state'), words.stateName(provider));
  part(row, 'state').dataset.state = words.isWell(provider) ? state : 'failing';
  setText(part(row, 'sentence'), words.stateSentence(provider));
  setText(part(row, 'figures'), words.figures(provider));
}
