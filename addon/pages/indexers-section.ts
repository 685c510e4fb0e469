// The indexers: a list, one form for adding and changing, a template of a row. Filled and served by assets/indexers.js
// from `/api/indexers`. Pure; holds no indexer itself, so no secret either.

import { html, type Html } from './html.js';

/** The card "Indexers". `url` is the API's. */
export function indexersSection(url: string): Html {
  return html`<section class="card" id="indexers" aria-labelledby="indexers-title" data-url="${url}">
    <div class="card-head">
      <h2 id="indexers-title" tabindex="-1">Indexers</h2>
      <button class="button small" type="button" id="indexer-add">Add an indexer</button>
    </div>
    <p class="muted">Where releases are searched. None comes with Headstart, and without one nothing is searched.</p>
    <noscript><p class="hint warn">This part needs JavaScript.</p></noscript>
    ${form()}
    <p class="empty" id="indexers-empty" hidden>
      No indexer yet. Add yours: Prowlarr, Jackett, NZBHydra2, or a site’s own API.
    </p>
    <p class="problem" role="alert" id="indexers-problem" hidden></p>
    <ul class="rows" id="indexer-list"></ul>
    ${rowTemplate()}
  </section>`;
}

function form(): Html {
  return html`<form class="inset" id="indexer-form" aria-labelledby="indexer-form-title" hidden novalidate>
    <h3 id="indexer-form-title">Add an indexer</h3>
    <div class="control">
      <label for="indexer-kind">Kind</label>
      <select id="indexer-kind" name="kind">
        <option value="prowlarr">Prowlarr</option>
        <option value="jackett">Jackett</option>
        <option value="nzbhydra">NZBHydra2</option>
        <option value="torznab">Torznab (torrents)</option>
        <option value="newznab">Newznab (Usenet)</option>
      </select>
    </div>
    <div class="control">
      <label for="indexer-url">Address</label>
      <input
        id="indexer-url"
        name="url"
        type="url"
        required
        maxlength="2048"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="indexer-url-help"
        placeholder="http://192.168.1.10:9696"
      />
      <p class="help" id="indexer-url-help">
        Of Prowlarr, Jackett and NZBHydra2 the start page will do; of others the API’s own address.
      </p>
    </div>
    <div class="control">
      <label for="indexer-key">API key</label>
      <input
        id="indexer-key"
        name="apiKey"
        type="password"
        maxlength="256"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="indexer-key-help"
      />
      <p class="help" id="indexer-key-help">Kept sealed, and never shown again.</p>
    </div>
    <div class="control">
      <label for="indexer-name">Name <span class="optional">(optional)</span></label>
      <input
        id="indexer-name"
        name="name"
        type="text"
        maxlength="100"
        autocomplete="off"
        aria-describedby="indexer-name-help"
      />
      <p class="help" id="indexer-name-help">As lists show it. Empty: the address’s host.</p>
    </div>
    <p class="finding" role="status" id="indexer-form-said"></p>
    <div class="buttons">
      <button class="button primary" type="submit">Save</button>
      <button class="button" type="button" id="indexer-form-test">Test</button>
      <button class="button" type="button" id="indexer-form-cancel">Cancel</button>
    </div>
  </form>`;
}

function rowTemplate(): Html {
  return html`<template id="indexer-row">
    <li class="row">
      <div class="row-head">
        <strong data-part="name"></strong><span class="tag" data-part="kind"></span
        ><span class="state" data-part="state"></span>
      </div>
      <p class="detail"><code data-part="url"></code></p>
      <p class="detail" data-part="sentence"></p>
      <p class="detail" data-part="origin" hidden></p>
      <p class="finding" role="status" data-part="said"></p>
      <div class="row-buttons" data-part="buttons">
        <button class="button small" type="button" data-act="test">Test</button>
        <button class="button small" type="button" data-act="edit">Edit</button>
        <button class="button small" type="button" data-act="toggle"></button>
        <button class="button small" type="button" data-act="remove">Remove</button>
      </div>
      <div class="row-buttons confirm" data-part="confirm" role="group" hidden>
        <span data-part="question"></span>
        <button class="button small danger" type="button" data-act="confirm">Yes, remove</button>
        <button class="button small" type="button" data-act="keep">Keep it</button>
      </div>
    </li>
  </template>`;
}
