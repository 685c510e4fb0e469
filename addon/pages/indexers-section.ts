// The indexers: what the form asks of one, what a row shows of one. Filled by assets/indexers.js from `/api/indexers`. Pure.

import { entriesSection } from './entries-section.js';
import { FormFields } from './form-fields.js';
import { html, type Html } from './html.js';

const MAX_REQUESTS_PER_MINUTE = 1000;

const fields = new FormFields('indexer');

/** The card "Indexers". `url` is the API's. */
export function indexersSection(url: string): Html {
  return entriesSection({
    name: 'indexer',
    id: 'indexers',
    title: 'Indexers',
    addLabel: 'Add an indexer',
    url,
    intro: 'Where releases are searched. None comes with Headstart, and without one nothing is searched.',
    empty: 'No indexer yet. Add yours: Prowlarr, Jackett, NZBHydra2, or a site’s own API.',
    fields: html`${where()} ${how()}`,
    details: html`<p class="detail"><code data-part="url"></code></p>
      <p class="detail" data-part="sentence"></p>`,
    canBeTurnedOff: true,
  });
}

function where(): Html {
  return html`${fields.choice({ name: 'kind', label: 'Kind' }, [
    ['prowlarr', 'Prowlarr'],
    ['jackett', 'Jackett'],
    ['nzbhydra', 'NZBHydra2'],
    ['torznab', 'Torznab (torrents)'],
    ['newznab', 'Newznab (Usenet)'],
  ])}
  ${fields.text(
    {
      name: 'url',
      label: 'Address',
      help: 'Of Prowlarr, Jackett and NZBHydra2 the start page will do; of others the API’s own address.',
    },
    { type: 'url', maxLength: 2048, example: 'http://192.168.1.10:9696', isRequired: true },
  )}
  ${fields.secret(
    { name: 'apiKey', label: 'API key', help: 'Kept sealed, and never shown again.' },
    { maxLength: 256 },
  )}`;
}

function how(): Html {
  return html`<div class="pair roomy">
    ${fields.text(
      { name: 'name', label: 'Name', isOptional: true, help: 'As lists show it. Empty: the address’s host.' },
      { maxLength: 100 },
    )}
    ${fields.count(
      {
        name: 'requestsPerMinute',
        label: 'Requests a minute',
        isOptional: true,
        help: 'The most it is asked. A search may take several.',
      },
      { min: 1, max: MAX_REQUESTS_PER_MINUTE, whenEmpty: 'as is usual' },
    )}
  </div>`;
}
