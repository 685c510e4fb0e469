// What other programs ask for when they are told of this server: addresses, users, where the key is. Pure.

import { html, type Html } from './html.js';

export interface ProgramsOptions {
  /** Of this server as the browser called it, path prefix included, no trailing slash. */
  readonly origin: string;
  readonly webdavUser: string;
  /** Null where the settings give the password: it is changed there. */
  readonly passwordUrl: string | null;
  /** Where the API key can be read. */
  readonly keyPlace: string;
}

type Field = readonly [id: string, name: string, value: string];

/** The card "Other programs". */
export function programsSection({ origin, webdavUser, passwordUrl, keyPlace }: ProgramsOptions): Html {
  const { hostname, port, pathname, protocol } = new URL(origin);
  const path = pathname.replace(/^\/|\/$/g, '');
  const scheme = protocol === 'https:' ? 443 : 80;
  const urlBase = path === '' ? 'sabnzbd' : `${path}/sabnzbd`;
  const sabnzbd = `host ${hostname}, port ${port === '' ? scheme : port}, URL base ${urlBase}`;
  return html`<section class="card wide" id="programs" aria-labelledby="programs-title">
    <h2 id="programs-title">Other programs</h2>
    <p class="muted">What they ask for. The key is the one you signed in with (${keyPlace}).</p>
    <div class="groups">
      ${group('AIOStreams, as its AltMount service', [['altmount-url', 'AltMount URL', origin]])}
      ${group('Sonarr and Radarr, as SABnzbd', [['sabnzbd-address', 'Host, port, URL base', sabnzbd]])}
      ${group('rclone, Infuse, Kodi, by WebDAV', [
        ['webdav-url', 'Address', `${origin}/webdav`],
        ['webdav-user', 'User', webdavUser],
      ])}
      ${group('VLC and others, as a playlist', [['playlist-url', 'Address', `${origin}/api/library/playlist.m3u8`]])}
    </div>
    ${password(passwordUrl)}
  </section>`;
}

function group(title: string, fields: readonly Field[]): Html {
  return html`<div class="group">
    <h3>${title}</h3>
    ${fields.map(
      ([id, name, value]) =>
        html`<label class="field" for="${id}">${name}</label>
          <div class="copy">
            <input id="${id}" type="text" readonly value="${value}" spellcheck="false" autocomplete="off" />
            <button
              class="button small"
              type="button"
              data-copy="${id}"
              data-what="${name}"
              aria-label="Copy: ${title}, ${name}"
            >
              Copy
            </button>
          </div>`,
    )}
  </div>`;
}

function password(passwordUrl: string | null): Html {
  if (passwordUrl === null) {
    return html`<p class="hint">
      The WebDAV password is the one in WEBDAV_PASSWORD. The API key works in its place, too.
    </p>`;
  }
  return html`<div id="webdav-password" data-url="${passwordUrl}">
    <p class="hint">
      The WebDAV password was shown at the first start. A new one is shown here once, and the former opens nothing from
      then on. The API key works in its place, too.
    </p>
    <div class="buttons">
      <button class="button" type="button" id="renew-password">Make a new WebDAV password</button>
      <output id="new-password" for="renew-password" class="said" aria-live="polite"></output>
    </div>
  </div>`;
}
