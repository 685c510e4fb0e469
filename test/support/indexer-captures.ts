// What the real indexers answer, written by hand in their formats, with made-up releases: caps, results, nothing, a wrong key.

import type { ServerResponse } from 'node:http';

export type IndexerDialect = 'torznab' | 'newznab' | 'nzbhydra' | 'jackett' | 'prowlarr';

/** How one of them answers. */
export interface Capture {
  /** Of its API, as people enter it. */
  readonly path: string;
  isCaps(url: URL): boolean;
  sendCaps(response: ServerResponse): void;
  sendResults(response: ServerResponse, request: { readonly origin: string; readonly url: URL }): void;
  sendNothing(response: ServerResponse): void;
  /** Sizes, counts, dates and addresses that cannot be. */
  sendLies(response: ServerResponse): void;
  sendWrongKey(response: ServerResponse): void;
}

export const LANTERN_HASH = '0123456789abcdef0123456789abcdef01234567';
const HARBOUR_HASH = 'fedcba9876543210fedcba9876543210fedcba98';
const NAMESPACES =
  'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:torznab="http://torznab.com/schemas/2015/feed" xmlns:newznab="http://www.newznab.com/DTD/2010/feeds/attributes/"';

export function captureOf(dialect: IndexerDialect): Capture {
  switch (dialect) {
    case 'torznab':
      return xmlCapture('/api', TORZNAB_CAPS, (origin) => torznabItems(origin, '', '/dl'));
    case 'jackett':
      return xmlCapture('/api/v2.0/indexers/all/results/torznab/api', JACKETT_CAPS, (origin) =>
        torznabItems(origin, '<jackettindexer id="lighthouse">Lighthouse</jackettindexer>', '/dl/lighthouse'),
      );
    case 'newznab':
      return xmlCapture('/api', NEWZNAB_CAPS, (origin) => newznabItems(origin, ''));
    case 'nzbhydra':
      return xmlCapture('/api', NEWZNAB_CAPS, (origin) =>
        newznabItems(origin, '<newznab:attr name="hydraIndexerName" value="Quayside"/>'),
      );
    case 'prowlarr':
      return prowlarrCapture();
  }
}

export function feedOf(items: string, total?: number): string {
  const response = total === undefined ? '' : `<newznab:response offset="0" total="${total}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" ${NAMESPACES}><channel><atom:link href="http://indexer/" rel="self" type="application/rss+xml"/><title>Made up</title><link>http://indexer/</link>${response}${items}</channel></rss>`;
}

const CATEGORIES = `<categories><category id="2000" name="Movies"><subcat id="2040" name="Movies/HD"/></category><category id="5000" name="TV"><subcat id="5040" name="TV/HD"/><subcat id="5070" name="TV/Anime"/></category></categories>`;

export const TORZNAB_CAPS = `<?xml version="1.0" encoding="UTF-8"?><caps><server title="Lighthouse" version="1.3"/><limits default="50" max="100"/><searching>
<search available="yes" supportedParams="q"/><tv-search available="yes" supportedParams="q,season,ep,imdbid,tvdbid"/><movie-search available="yes" supportedParams="q,imdbid,tmdbid"/><audio-search available="no" supportedParams="q"/></searching>${CATEGORIES}<tags><tag name="freeleech" description="FreeLeech"/></tags></caps>`;
export const JACKETT_CAPS = `<?xml version="1.0" encoding="UTF-8"?><caps><server title="Jackett"/><limits default="100" max="100"/><searching>
<search available="yes" supportedParams="q" searchEngine="raw"/><tv-search available="yes" supportedParams="q,season,ep" searchEngine="raw"/><movie-search available="yes" supportedParams="q,imdbid" searchEngine="raw"/></searching>${CATEGORIES}</caps>`;
export const NEWZNAB_CAPS = `<?xml version="1.0" encoding="UTF-8"?><caps><server appversion="1.0" version="0.1" title="Quayside" email="x@example.org"/><limits max="100" default="100"/><retention days="4000"/><registration available="no" open="no"/><searching>
<search available="yes" supportedParams="q"/><tv-search available="yes" supportedParams="q,tvdbid,season,ep"/><movie-search available="yes" supportedParams="q,imdbid"/></searching>${CATEGORIES}</caps>`;

function torznabItems(origin: string, site: string, path: string): string {
  return `<item><title>The.Paper.Lantern.2019.1080p.WEB.h264-LAMP</title><guid>https://lighthouse.example/torrents/1</guid>${site}<type>public</type><pubDate>Fri, 30 May 2025 22:50:38 +0000</pubDate><size>4294967296</size><grabs>22</grabs><description/>
<link>${origin}${path}/?jackett_apikey=K&amp;path=one&amp;file=lantern</link><category>2000</category><enclosure url="${origin}${path}/?jackett_apikey=K&amp;path=one&amp;file=lantern" length="4294967296" type="application/x-bittorrent"/>
<torznab:attr name="category" value="2000"/><torznab:attr name="seeders" value="55"/><torznab:attr name="peers" value="60"/><torznab:attr name="infohash" value="${LANTERN_HASH.toUpperCase()}"/><torznab:attr name="magneturl" value="magnet:?xt=urn:btih:${LANTERN_HASH}&amp;dn=The.Paper.Lantern&amp;tr=udp%3A%2F%2Ftracker.example%3A1337"/></item>
<item><title>Harbour Lights S01E02 720p HDTV x264-PIER</title><guid>https://lighthouse.example/torrents/2</guid>${site}<pubDate>Sat, 31 May 2025 08:00:00 +0200</pubDate><size>734003200</size>
<link>${origin}${path}/?path=two</link><enclosure url="${origin}${path}/?path=two" length="734003200" type="application/x-bittorrent"/><torznab:attr name="seeders" value="3"/><torznab:attr name="peers" value="3"/><torznab:attr name="infohash" value="${HARBOUR_HASH}"/></item>
<item><title>Nothing to have it from</title><guid>https://lighthouse.example/torrents/3</guid>${site}</item>`;
}

function newznabItems(origin: string, site: string): string {
  return `<item><title>The.Paper.Lantern.2019.2160p.WEB.h265-LAMP</title><guid isPermaLink="true">https://quayside.example/details/aa11</guid><link>${origin}/getnzb/aa11.nzb&amp;i=1&amp;r=K</link><comments>https://quayside.example/details/aa11#comments</comments><pubDate>Mon, 02 Jun 2025 10:00:00 +0000</pubDate><category>Movies &gt; UHD</category><description>The.Paper.Lantern</description>
<enclosure url="${origin}/getnzb/aa11.nzb&amp;i=1&amp;r=K" length="15032385536" type="application/x-nzb"/><newznab:attr name="category" value="2000"/><newznab:attr name="category" value="2045"/><newznab:attr name="size" value="15032385536"/><newznab:attr name="grabs" value="12"/><newznab:attr name="usenetdate" value="Sun, 01 Jun 2025 09:00:00 +0000"/>${site}</item>`;
}

const LYING_ITEMS = ['-5', '0', '99999999999999999999', '1e400', 'NaN', '12.5', '0x10'].map(
  (size, at) =>
    `<item><title>Harbour Lights ${at}\u202e S01E01 &#10;lying</title><guid>lie-${at}</guid><pubDate>Mon, 32 Foo 99999</pubDate><size>${size}</size><link>http://lies.example/${at}</link><enclosure url="http://lies.example/${at}" length="${size}" type="application/x-bittorrent"/><torznab:attr name="seeders" value="${size}"/><torznab:attr name="peers" value="-1"/><torznab:attr name="infohash" value="no hash"/></item>`,
);
const LIES = `${LYING_ITEMS.join('')}<item><title>A file</title><link>file:///etc/passwd</link></item><item><title>A script</title><link>javascript:alert(1)</link></item>`;

function xmlCapture(path: string, caps: string, itemsAt: (origin: string) => string): Capture {
  const send = (response: ServerResponse, text: string, status = 200): unknown =>
    response.writeHead(status, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(text);
  return {
    path,
    isCaps: (url) => url.searchParams.get('t') === 'caps',
    sendCaps: (response) => void send(response, caps),
    sendResults: (response, { origin }) => void send(response, feedOf(itemsAt(origin))),
    sendNothing: (response) => void send(response, feedOf('', 0)),
    sendLies: (response) => void send(response, feedOf(LIES, 999_999_999)),
    sendWrongKey: (response) => void send(response, '<error code="100" description="Invalid API Key"/>', 401),
  };
}

function prowlarrCapture(): Capture {
  const send = (response: ServerResponse, value: unknown, status = 200): void =>
    void response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
  return {
    path: '/',
    isCaps: () => false,
    sendCaps: (response) => send(response, {}),
    sendResults: (response, { origin, url }) =>
      send(
        response,
        url.pathname === '/api/v1/search' ? prowlarrReleases(origin) : { appName: 'Prowlarr', version: '1.30.0' },
      ),
    sendNothing: (response) => send(response, []),
    sendLies: (response) =>
      send(response, [
        { title: 'Harbour Lights', protocol: 'usenet', downloadUrl: 'http://lies.example/1', size: -1, indexer: 7 },
        { title: 'Harbour Lights', protocol: 'torrent', downloadUrl: 'file:///etc/passwd', size: 1e300, seeders: -3 },
        { title: { no: 'title' }, protocol: 'torrent' },
        null,
        'text',
      ]),
    sendWrongKey: (response) => send(response, { error: 'Unauthorized' }, 401),
  };
}

function prowlarrReleases(origin: string): readonly object[] {
  return [
    {
      guid: `magnet:?xt=urn:btih:${LANTERN_HASH}`,
      age: 12,
      size: 4_294_967_296,
      indexerId: 1,
      indexer: 'Lighthouse',
      title: 'The Paper Lantern 2019 1080p WEB h264-LAMP',
      publishDate: '2025-05-30T22:50:38Z',
      magnetUrl: `${origin}/1/download?apikey=K&link=x`,
      infoHash: LANTERN_HASH.toUpperCase(),
      seeders: 55,
      leechers: 5,
      protocol: 'torrent',
      categories: [{ id: 2000, name: 'Movies', subCategories: [] }],
    },
    {
      guid: 'https://lighthouse.example/2',
      size: 734_003_200,
      indexer: 'Lighthouse',
      title: 'Harbour Lights S01E02 720p',
      publishDate: '2025-05-31T06:00:00Z',
      downloadUrl: `${origin}/1/download?link=y`,
      infoHash: null,
      seeders: 3,
      leechers: null,
      protocol: 'torrent',
    },
    {
      guid: 'https://quayside.example/details/aa11',
      size: 15_032_385_536,
      indexer: 'Quayside',
      title: 'The.Paper.Lantern.2019.2160p',
      publishDate: '2025-06-01T09:00:00Z',
      downloadUrl: `${origin}/2/download?link=z`,
      protocol: 'usenet',
    },
  ];
}
