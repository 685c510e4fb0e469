// The news servers: what the form asks of one, what a row shows of one. Filled by assets/providers.js from `/api/providers`.
// Pure.

import { NNTP_DEFAULTS, NNTP_MAXIMA } from '../../backend/platform/index.js';
import { entriesSection } from './entries-section.js';
import { FormFields } from './form-fields.js';
import { html, type Html } from './html.js';

const MAX_PORT = 65_535;

const fields = new FormFields('provider');

/** The card "News servers". `url` is the API's. */
export function providersSection(url: string): Html {
  return entriesSection({
    name: 'provider',
    id: 'news-servers',
    title: 'News servers',
    addLabel: 'Add a news server',
    url,
    intro: 'For Usenet: with an account on one, NZBs play. What is changed here counts at once.',
    empty: 'No news server is set: torrents play, Usenet does not.',
    fields: html`${server()} ${account()} ${use()}`,
    details: html`<p class="detail" data-part="sentence"></p>
      <p class="detail" data-part="figures"></p>`,
    canBeTurnedOff: false,
  });
}

function server(): Html {
  return html`<div class="pair">
      ${fields.text(
        { name: 'host', label: 'Server' },
        { maxLength: 253, example: 'news.example.org', isRequired: true },
      )}
      ${fields.count({ name: 'port', label: 'Port' }, { min: 1, max: MAX_PORT, whenEmpty: '563, without TLS 119' })}
    </div>
    ${fields.flag(
      { name: 'isTls', label: 'TLS', help: 'Without it, user and password can be read on the way.' },
      { isOn: true },
    )}
    ${fields.flag({
      name: 'isInsecure',
      label: 'Accept any certificate',
      help: 'Only for a server of your own: whoever stands in between could pass for it.',
    })}`;
}

function account(): Html {
  const help = 'Kept sealed, and never shown again.';
  return html`<div class="pair roomy">
    ${fields.secret({ name: 'user', label: 'User', help }, { maxLength: NNTP_MAXIMA.text, isSeen: true })}
    ${fields.secret({ name: 'password', label: 'Password', help }, { maxLength: NNTP_MAXIMA.text })}
  </div>`;
}

function use(): Html {
  const { connections, priority } = NNTP_DEFAULTS;
  return html`<div class="pair">
      ${fields.count(
        { name: 'connections', label: 'Connections', help: 'At once, as the account allows.' },
        { min: 1, max: NNTP_MAXIMA.connections, value: connections },
      )}
      ${fields.count(
        { name: 'priority', label: 'Priority', help: 'The lowest is asked first.' },
        { min: 0, max: NNTP_MAXIMA.priority, value: priority },
      )}
    </div>
    ${fields.flag({
      name: 'isBackup',
      label: 'Backup',
      help: 'Asked only for what the others do not have: for accounts that pay by the gigabyte.',
    })}
    ${fields.text({ name: 'name', label: 'Name', isOptional: true }, { maxLength: 100 })}`;
}
