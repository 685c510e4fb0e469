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
  /** False with `AUTH=none`. */
  readonly needsKey: boolean;
}

/** A program, what it asks for, and what else is to be known. */
interface Program {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly hint?: Html;
}

type Field = readonly [id: string, name: string, value: string];

/** The card "Other programs". */
export function programsSection(options: ProgramsOptions): Html {
  const { origin, webdavUser, passwordUrl, keyPlace, needsKey } = options;
  const webdav: readonly Field[] = [
    ['webdav-url', 'Address', `${origin}/webdav`],
    ['webdav-user', 'User', webdavUser],
  ];
  return html`<section class="card wide" id="programs" aria-labelledby="programs-title">
    <h2 id="programs-title">Other programs</h2>
    <p class="muted">What they ask for. The key is the one you signed in with (${keyPlace}).</p>
    <div class="groups">
      ${group({ title: 'AIOStreams, as its AltMount service', fields: [['altmount-url', 'AltMount URL', origin]] })}
      ${group({ title: 'VLC and others, as a playlist', ...playlist(origin, needsKey) })}
      ${group({ title: 'Sonarr and Radarr, as SABnzbd', ...sabnzbd(origin) })}
      ${group({ title: 'rclone, Infuse, Kodi, by WebDAV', fields: webdav, hint: password(passwordUrl) })}
    </div>
  </section>`;
}

/** Each in a field of its own, as those programs have them. */
function sabnzbd(origin: string): Omit<Program, 'title'> {
  const { hostname, port, pathname, protocol } = new URL(origin);
  const path = pathname.replace(/^\/|\/$/g, '');
  const isTls = protocol === 'https:';
  return {
    fields: [
      ['sabnzbd-host', 'Host', hostname],
      ['sabnzbd-port', 'Port', port === '' ? (isTls ? '443' : '80') : port],
      ['sabnzbd-url-base', 'URL Base', path === '' ? 'sabnzbd' : `${path}/sabnzbd`],
    ],
    hint: html`<p class="hint">Use SSL: ${isTls ? 'on' : 'off'}. API Key: the key.</p>`,
  };
}

/** Players send no key of their own. The page never shows it. */
function playlist(origin: string, needsKey: boolean): Omit<Program, 'title'> {
  const url = `${origin}/api/library/playlist.m3u8`;
  if (!needsKey) return { fields: [['playlist-url', 'Address', url]] };
  return {
    fields: [['playlist-url', 'Address without the key', url]],
    hint: html`<p class="hint">
      It answers 401 until <code>?apikey=</code> and the key are added at its end. Give it to nobody then: the key opens
      everything here.
    </p>`,
  };
}

function group({ title, fields, hint = html`` }: Program): Html {
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
    ${hint}
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
      The WebDAV password is in the file <code>webdav-password</code> in the data folder. The API key works in its
      place, too.
    </p>
    <div class="buttons">
      <button class="button small" type="button" id="renew-password">Make a new WebDAV password</button>
    </div>
    <div class="row-buttons confirm" id="renew-confirm" role="group" aria-labelledby="renew-question" hidden>
      <span id="renew-question">The old password opens nothing from then on: whoever uses it needs the new one.</span>
      <button class="button small danger" type="button" id="renew-yes">Yes, make a new one</button>
      <button class="button small" type="button" id="renew-no">Keep the old one</button>
    </div>
    <p class="finding" role="status" id="renew-said"></p>
  </div>`;
}
