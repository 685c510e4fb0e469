// What is configured, for the admin's eyes: values as people read them, secrets as dots. Pure.

import type { Config } from '../../backend/platform/index.js';
import { html, type Html } from './html.js';

const HOUR_MS = 3600e3;
const DAY_MS = 24 * HOUR_MS;
const MASK = '••••••••';

type Row = readonly [name: string, value: string];
type Group = readonly [title: string, rows: readonly Row[]];

/** The card "What is configured". */
export function settingsSection(config: Config): Html {
  return html`<section class="card wide" aria-labelledby="settings-title">
    <h2 id="settings-title">What is configured</h2>
    <p class="muted">Set by environment variables or settings.json; a change needs a restart.</p>
    ${warnings(config)}
    <div class="groups">${groups(config).map(group)}</div>
  </section>`;
}

function warnings({ warnings: sentences }: Config): Html {
  if (sentences.length === 0) return html``;
  return html`<ul class="warnings">
    ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`;
}

function group([title, rows]: Group): Html {
  return html`<div class="group">
    <h3>${title}</h3>
    <dl>
      ${rows.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
}

function groups(config: Config): readonly Group[] {
  return [
    ['Access', accessRows(config)],
    ['Playing', playingRows(config)],
    ['Torrents', torrentRows(config)],
    ['Lists and proxies', listRows(config)],
  ];
}

function accessRows(config: Config): readonly Row[] {
  return [
    ['Keys', config.auth === 'none' ? 'nobody needs one (this machine only)' : 'needed'],
    ['API key', `${MASK} ${config.apiKey === undefined ? 'in the data folder' : 'from API_KEY'}`],
    ['Secret key', `${MASK} ${config.secretKey === undefined ? 'in the data folder' : 'from SECRET_KEY'}`],
    ['Address', config.baseUrl ?? 'as each request came in'],
    ['HTTPS', config.tlsCertFile === undefined ? 'not by itself' : 'own certificate'],
    ['Trusted proxies', list(config.trustedProxies)],
  ];
}

function playingRows(config: Config): readonly Row[] {
  return [
    ['One request waits', duration(config.playHoldMs)],
    ['A player waits in all', duration(config.playDeadlineMs)],
    ['A preparation may take', duration(config.prepareTimeoutMs)],
    ['Read ahead', `${size(config.readAheadBytes)} per player`],
    ['Cache', `${size(config.cacheMaxBytes)} at most`],
    ['Library', config.libraryTtlMs === 0 ? 'kept for ever' : `kept for ${duration(config.libraryTtlMs)} unused`],
    ['Export for media servers', config.exportDir ?? 'off'],
  ];
}

function torrentRows(config: Config): readonly Row[] {
  return [
    ['Peers', `${config.connectionLimit} at most`],
    ['Download', rate(config.downloadLimitBytesPerSecond)],
    ['Upload', rate(config.uploadLimitBytesPerSecond)],
    ['DHT and peer exchange', config.disableDiscovery ? 'off' : 'on'],
    ['Port', config.torrentPort === 0 ? 'chosen by the system' : String(config.torrentPort)],
    ['Leaves a swarm after', duration(config.torrentIdleMs)],
  ];
}

/** Lists and proxies may carry passkeys: only whether they are set, and on which host. */
function listRows(config: Config): readonly Row[] {
  return [
    ['Trackers added', String(config.trackers.length)],
    ['Tracker list', hostOf(config.trackersUrl)],
    ['Tracker blacklist', hostOf(config.trackerBlacklistUrl)],
    ['Peer blocklist', hostOf(config.ipBlocklistUrl)],
    ['Torrent proxy', hostOf(config.torrentProxy)],
    ['Private addresses', privateFetch(config.allowPrivateFetch)],
  ];
}

function hostOf(url: string | undefined): string {
  if (url === undefined) return 'not set';
  return URL.canParse(url) ? `${new URL(url).host} ${MASK}` : `set ${MASK}`;
}

function privateFetch(allowed: boolean | readonly string[]): string {
  if (typeof allowed === 'boolean') return allowed ? 'may be fetched' : 'refused';
  return list(allowed);
}

function list(values: readonly string[]): string {
  return values.length === 0 ? 'none' : values.join(', ');
}

function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`;
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / 6000) / 10} min`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / (HOUR_MS / 10)) / 10} h` : `${Math.round(ms / (DAY_MS / 10)) / 10} days`;
}

function size(bytes: number): string {
  if (bytes >= 1e9) return `${Math.round(bytes / 1e8) / 10} GB`;
  return bytes >= 1e6 ? `${Math.round(bytes / 1e5) / 10} MB` : `${bytes} bytes`;
}

function rate(bytesPerSecond: number): string {
  return bytesPerSecond === 0 ? 'unlimited' : `${size(bytesPerSecond)}/s`;
}
