// How to get the addon into Stremio: two buttons and an address. Pure.

import { formatInstallUrl, formatManifestUrl, formatWebInstallUrl, type Caller } from '../links.js';
import { html, type Html } from './html.js';

/** The card with Install, Install in Stremio Web and Copy URL. */
export function installSection(caller: Caller): Html {
  const manifestUrl = formatManifestUrl(caller);
  return html`<section class="card install" aria-labelledby="install-title">
    <h2 id="install-title">Install in Stremio</h2>
    <p class="muted">Once, on one device: Stremio carries it to the others where you are signed in.</p>
    <div class="buttons">
      <a class="button primary" id="install" href="${formatInstallUrl(caller)}">Install</a>
      <a class="button" id="install-web" href="${formatWebInstallUrl(caller)}" target="_blank" rel="noopener noreferrer"
        >Install in Stremio Web</a
      >
    </div>
    <label class="field" for="manifest-url">Or paste this address into Stremio’s search for addons</label>
    <div class="copy">
      <input id="manifest-url" type="text" readonly value="${manifestUrl}" spellcheck="false" autocomplete="off" />
      <button class="button" type="button" id="copy" data-copy="manifest-url" data-what="Address">Copy URL</button>
    </div>
    ${hint(caller.origin)}
  </section>`;
}

/** Stremio takes plain http from the same machine only. */
function hint(origin: string): Html {
  const { protocol, hostname } = new URL(origin);
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (protocol === 'https:') return html``;
  if (isLocal) {
    return html`<p class="hint">
      This address works on this machine only. For other devices, open this page under an address they can reach, with
      https.
    </p>`;
  }
  return html`<p class="hint warn">
    Stremio’s apps take addons from other machines over https only. Put a certificate or a tunnel in front, and open
    this page there.
  </p>`;
}
