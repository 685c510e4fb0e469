// The news servers: live figures and a test of each, filled by assets/providers.js from `/api/providers`. Set elsewhere, so
// there is nothing to change here. Pure.

import { html, type Html } from './html.js';

const EXAMPLE = 'NNTP_PROVIDERS=nntps://user:password@news.example.org/?connections=20';

/** The card "News servers". `url` is the API's. */
export function providersSection(url: string): Html {
  return html`<section class="card" id="news-servers" aria-labelledby="providers-title" data-url="${url}">
    <h2 id="providers-title">News servers</h2>
    <p class="muted">
      For Usenet. They are set by <code>NNTP_PROVIDERS</code>, in the environment or in settings.json, and are not
      changed on this page; a change needs a restart.
    </p>
    <noscript><p class="hint warn">This part needs JavaScript.</p></noscript>
    <p class="empty" id="providers-empty" hidden>No news server is set: torrents play, Usenet does not.</p>
    <p class="problem" role="alert" id="providers-problem" hidden></p>
    <ul class="rows" id="provider-list"></ul>
    <label class="field" for="providers-example">A line to start from</label>
    <div class="copy">
      <input id="providers-example" type="text" readonly value="${EXAMPLE}" spellcheck="false" autocomplete="off" />
      <button class="button" type="button" data-copy="providers-example" data-what="Line">Copy line</button>
    </div>
    <template id="provider-row">
      <li class="row">
        <div class="row-head"><strong data-part="name"></strong><span class="state" data-part="state"></span></div>
        <p class="detail" data-part="sentence"></p>
        <p class="detail" data-part="figures"></p>
        <p class="finding" role="status" data-part="said"></p>
        <div class="row-buttons">
          <button class="button small" type="button" data-act="test">Test</button>
        </div>
      </li>
    </template>
  </section>`;
}
