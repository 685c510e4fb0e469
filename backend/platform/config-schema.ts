// Every variable there is: its name, form, default and meaning, in one table. The README's table and the sample file are
// printed from it. Knows nothing of where the texts come from.

import type { z } from 'zod';
import {
  addonUrl,
  apiKey,
  baseUrl,
  bindAddress,
  duration,
  hostName,
  indexerAddresses,
  networks,
  nntpProviders,
  oneOf,
  origins,
  path,
  privateFetch,
  rate,
  secretKey,
  size,
  socksUrl,
  trackers,
  userName,
  webUrl,
  wholeNumber,
  yesNo,
} from './config-forms.js';
import type { Form } from './config-forms.js';
import type { Settings } from './settings.js';

/** One variable. `schema` turns its text into its value; an issue's message never repeats the text. */
export interface Variable<Value> {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly schema: z.ZodType<Value, string>;
  /** Text that is parsed when nothing is set; undefined when the value is then absent. */
  readonly default: string | undefined;
  /** What stands in the documentation as default, where that is not `default` itself. */
  readonly defaultNote: string | undefined;
  /** Which values can be given, as the end of a sentence. */
  readonly allowed: string;
  readonly meaning: string;
  /** Its value is never repeated in a message. */
  readonly isSecret: boolean;
}

/** Less could not hold the head, the tail and the window of one film with large pieces. */
const MIN_CACHE_BYTES = 64e6;
/** Less could not hold the articles under way of one provider with many connections. */
const MIN_MEMORY_CACHE_BYTES = 16e6;
/** Well-known public trackers: enough to find a swarm whose magnet names none, few enough not to be a nuisance. */
const DEFAULT_TRACKERS = [
  'udp://tracker.opentrackr.org:1337/announce',
  'udp://open.demonii.com:1337/announce',
  'udp://open.stealth.si:80/announce',
  'udp://exodus.desync.com:6969/announce',
  'udp://tracker.torrent.eu.org:451/announce',
  'http://tracker.opentrackr.org:1337/announce',
];

interface VariableOptions {
  readonly default?: string;
  readonly defaultNote?: string;
  readonly aliases?: readonly string[];
  readonly isSecret?: boolean;
}

function variable<Value>(
  name: string,
  form: Form<Value>,
  meaning: string,
  options: VariableOptions = {},
): Variable<Value> {
  const { aliases = [], isSecret = false, defaultNote } = options;
  return {
    name,
    aliases,
    schema: form.schema,
    default: options.default,
    defaultNote,
    allowed: form.allowed,
    meaning,
    isSecret,
  };
}

/** All variables, in the order of the documentation, by the key of the setting they become. */
export const variables: { readonly [Key in keyof Settings]-?: Variable<Required<Settings>[Key]> } = {
  port: variable('PORT', wholeNumber(0, 65535), 'port it listens on; 0 lets the system choose', { default: '7000' }),
  host: variable('HOST', hostName, 'address it listens on', { default: '0.0.0.0' }),
  auth: variable(
    'AUTH',
    oneOf('key', 'none'),
    '`key`: everything but the manifest, signed URLs, `/health` and the sign-in page needs a key; `none`: nothing does, allowed only with a loopback `HOST`',
    { default: 'key' },
  ),
  tlsCertFile: variable('TLS_CERT', path, 'certificate chain (PEM file), to serve HTTPS itself'),
  tlsKeyFile: variable('TLS_KEY', path, 'its private key (PEM file)'),
  baseUrl: variable('BASE_URL', baseUrl, 'the address handed out to clients', { defaultNote: 'from the request' }),
  trustedProxies: variable('TRUSTED_PROXIES', networks, 'whose `X-Forwarded-*` is believed', {
    default: '',
    defaultNote: 'none',
  }),
  dataDir: variable('DATA_DIR', path, 'state: keys, library, jobs', { default: './data' }),
  cacheDir: variable('CACHE_DIR', path, 'disposable bytes', { defaultNote: '`$DATA_DIR/cache`' }),
  cacheMaxBytes: variable('CACHE_MAX_BYTES', size(MIN_CACHE_BYTES, '64MB'), 'hard limit of the disposable bytes', {
    default: '20GB',
  }),
  apiKey: variable('API_KEY', apiKey, 'the admin key; a short one is warned about', {
    defaultNote: 'made at first start, shown once, kept in `DATA_DIR`',
    isSecret: true,
  }),
  secretKey: variable('SECRET_KEY', secretKey, 'seals secrets at rest and signs URLs (also `SOURCE_SECURITY_KEY`)', {
    defaultNote: 'made at first start, kept in `DATA_DIR`',
    aliases: ['SOURCE_SECURITY_KEY'],
    isSecret: true,
  }),
  webdavUser: variable('WEBDAV_USER', userName, 'who mounts the library by WebDAV', { default: 'headstart' }),
  webdavPassword: variable('WEBDAV_PASSWORD', apiKey, 'with which password; a short one is warned about', {
    defaultNote: 'made at first start, shown once, kept in `DATA_DIR`',
    isSecret: true,
  }),
  logLevel: variable('LOG_LEVEL', oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'), 'what is logged', {
    default: 'info',
  }),
  logFormat: variable('LOG_FORMAT', oneOf('pretty', 'json'), 'for people or for machines', {
    defaultNote: '`pretty` on a terminal, else `json`',
  }),
  linkGenerationTimeoutMs: variable(
    'LINK_GENERATION_TIMEOUT',
    duration(1),
    'a job that nobody polls, reads or plays for this long is forgotten',
    {
      default: '300000',
    },
  ),
  progressUpdateIntervalMs: variable('PROGRESS_UPDATE_INTERVAL', duration(1), 'how often progress is reported', {
    default: '5000',
  }),
  maxWaitMs: variable('MAX_WAIT', duration(0), 'no request of the preparation API waits longer without an answer', {
    default: '25s',
  }),
  playHoldMs: variable(
    'PLAY_HOLD',
    duration(0),
    'how long the play address holds one request before it redirects to itself',
    {
      default: '8s',
    },
  ),
  playDeadlineMs: variable(
    'PLAY_DEADLINE',
    duration(0),
    'how long it does so in all before it shows the failure clip',
    { default: '50s' },
  ),
  prepareTimeoutMs: variable(
    'PREPARE_TIMEOUT',
    duration(1),
    'a preparation that is not streamable by then has failed',
    {
      default: '2m',
    },
  ),
  streamStallTimeoutMs: variable(
    'STREAM_STALL_TIMEOUT',
    duration(1),
    'a stream without a byte for this long is ended',
    { default: '30s' },
  ),
  connectionLimit: variable('CONTENT_CONNECTION_LIMIT', wholeNumber(1, 10000), 'peers', { default: '100' }),
  downloadLimitBytesPerSecond: variable('CONTENT_DOWNLOAD_LIMIT', rate, 'from peers, MB/s; 0 is unlimited', {
    default: '0',
  }),
  uploadLimitBytesPerSecond: variable('CONTENT_UPLOAD_LIMIT', rate, 'to peers, MB/s; 0 is unlimited', { default: '1' }),
  disableDiscovery: variable('DISABLE_DISCOVERY', yesNo, 'no DHT, peer exchange or local discovery', {
    default: 'false',
  }),
  torrentPort: variable('TORRENT_PORT', wholeNumber(0, 65535), 'where peers connect; 0 lets the system choose', {
    default: '0',
    defaultNote: 'random',
  }),
  torrentHost: variable('TORRENT_HOST', bindAddress, 'address on which connections of peers are accepted', {
    default: '0.0.0.0',
  }),
  trackers: variable('TRACKERS', trackers, 'added to every torrent that is not private', {
    default: DEFAULT_TRACKERS.join(' '),
    defaultNote: 'built-in list',
    isSecret: true,
  }),
  trackersUrl: variable('TRACKERS_URL', webUrl, 'list of trackers to fetch; `TRACKERS` serve when it cannot be had', {
    isSecret: true,
  }),
  trackerBlacklistUrl: variable('TRACKER_BLACKLIST_URL', webUrl, 'list of trackers never to use', { isSecret: true }),
  ipBlocklistUrl: variable(
    'IP_BLOCKLIST_URL',
    webUrl,
    'list of peers never to connect to (P2P, CIDR or DAT, also gzip)',
    {
      isSecret: true,
    },
  ),
  torrentProxy: variable('TORRENT_PROXY', socksUrl, 'SOCKS5 proxy for connections to peers and trackers', {
    isSecret: true,
  }),
  torrentIdleMs: variable(
    'TORRENT_IDLE',
    duration(0),
    'an unused torrent leaves its swarm after this; its files stay',
    { default: '5m' },
  ),
  torrentPortMapping: variable('TORRENT_PORT_MAPPING', yesNo, 'ask the router for a port (UPnP, NAT-PMP)', {
    default: 'false',
  }),
  libraryTtlMs: variable(
    'LIBRARY_TTL',
    duration(0, { ms: 10 * 365 * 86_400e3, text: '3650d' }),
    'what nobody used for so long leaves the library; favourites stay; 0 keeps everything for ever',
    { default: '0' },
  ),
  exportDir: variable(
    'EXPORT_DIR',
    path,
    'folder for media servers that read `.strm` files (Jellyfin, Emby, Kodi): one for every film of the library, at `BASE_URL`, or else at this machine’s own address; without it nothing is written',
    { defaultNote: 'off' },
  ),
  readAheadBytes: variable('READ_AHEAD', size(1, '1'), 'how far each reader is fetched ahead of', { default: '32MB' }),
  memoryCacheBytes: variable(
    'MEMORY_CACHE',
    size(MIN_MEMORY_CACHE_BYTES, '16MB'),
    'Usenet articles held in memory, for all readers together',
    { default: '128MB' },
  ),
  nntpProviders: variable(
    'NNTP_PROVIDERS',
    nntpProviders,
    'news servers beside those of the configure page; `nntp://` is without TLS, lower `priority` is asked first, `backup=1` only for what the others do not have, `insecure=1` skips the check of the certificate, `ca` adds an authority',
    { default: '', defaultNote: 'none', isSecret: true },
  ),
  indexers: variable(
    'INDEXERS',
    indexerAddresses,
    'where releases are searched, each its API address as it stands with the kind in front; for Prowlarr, Jackett and NZBHydra2 the address of its start page will do',
    { default: '', defaultNote: 'none', isSecret: true },
  ),
  searchTimeoutMs: variable(
    'SEARCH_TIMEOUT',
    duration(1000, { ms: 30_000, text: '30s' }),
    'how long a list waits for indexers; what comes later is there next time',
    { default: '5s' },
  ),
  prefetchNext: variable('PREFETCH_NEXT', yesNo, 'prepare the first bytes of the next episode while one plays', {
    default: 'true',
  }),
  failover: variable(
    'FAILOVER',
    oneOf('none', 'next'),
    'when a release turns out dead: `next` plays the next best one, `none` says so',
    { default: 'next' },
  ),
  metadataUrl: variable(
    'METADATA_URL',
    addonUrl,
    'root under which `/meta/movie/tt….json` and `/meta/series/tt….json` answer: titles, years, episodes',
    { default: 'https://v3-cinemeta.strem.io', isSecret: true },
  ),
  allowPrivateFetch: variable(
    'ALLOW_PRIVATE_FETCH',
    privateFetch,
    'addresses given by users, trackers and peers that may be private or loopback: all, none, or these networks; cloud metadata addresses never',
    { default: 'false' },
  ),
  corsOrigins: variable('CORS_ORIGINS', origins, 'pages of these origins may call the APIs', {
    default: '',
    defaultNote: 'none',
  }),
};

/** The variable of this name or alias. */
export function variableFor(name: string): Variable<unknown> | undefined {
  return Object.values<Variable<unknown>>(variables).find((one) => one.name === name || one.aliases.includes(name));
}
