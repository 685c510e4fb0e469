// Items of an indexer's feed for releases that tests make up: torrents and NZBs, as Torznab and Newznab list them.

/** One release, as an indexer offers it. */
export interface OfferedRelease {
  readonly name: string;
  /** Where the `.torrent` or NZB lies, or a magnet link. */
  readonly url: string;
  readonly sizeBytes: number;
}

export interface OfferedTorrent extends OfferedRelease {
  readonly seeders?: number;
  readonly infoHash?: string;
}

/** A `magnet:` address is told as `magneturl`, with a page of nowhere as its link. */
export function torrentItem({ name, url, sizeBytes, seeders = 5, infoHash }: OfferedTorrent): string {
  const isMagnet = url.startsWith('magnet:');
  const place = escapeXml(isMagnet ? 'https://lighthouse.example/nowhere' : url);
  const told = { seeders: String(seeders), ...(infoHash === undefined ? {} : { infohash: infoHash }) };
  return itemOf({ name, sizeBytes, place, type: 'application/x-bittorrent' }, 'torznab', {
    ...told,
    ...(isMagnet ? { magneturl: url } : {}),
  });
}

export function nzbItem({ name, url, sizeBytes }: OfferedRelease): string {
  const place = escapeXml(url);
  return itemOf({ name, sizeBytes, place, type: 'application/x-nzb' }, 'newznab', { size: String(sizeBytes) });
}

interface Item {
  readonly name: string;
  readonly sizeBytes: number;
  readonly place: string;
  readonly type: string;
}

function itemOf(
  { name, sizeBytes, place, type }: Item,
  namespace: 'torznab' | 'newznab',
  told: Readonly<Record<string, string>>,
): string {
  const attributes = Object.entries(told).map(
    ([key, value]) => `<${namespace}:attr name="${key}" value="${escapeXml(value)}"/>`,
  );
  return `<item><title>${escapeXml(name)}</title><guid>${escapeXml(name)} at ${place}</guid><pubDate>Fri, 30 May 2025 22:50:38 +0000</pubDate><size>${sizeBytes}</size><link>${place}</link><enclosure url="${place}" length="${sizeBytes}" type="${type}"/>${attributes.join('')}</item>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
