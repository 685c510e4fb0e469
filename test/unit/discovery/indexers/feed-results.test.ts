// What the formats of real indexers become.

import { describe, expect, it } from '@jest/globals';
import { parseFeed } from '../../../../backend/discovery/indexers/feed.js';
import { resultOfItem } from '../../../../backend/discovery/indexers/feed-results.js';
import type { IndexerResult } from '../../../../backend/discovery/indexers/indexer.js';
import { parseProwlarrReleases } from '../../../../backend/discovery/indexers/prowlarr-releases.js';
import { parseXml } from '../../../../backend/discovery/indexers/xml-document.js';
import { feedOf, LANTERN_HASH } from '../../../support/indexer-captures.js';

async function resultsOf(items: string, usual: 'torrent' | 'nzb' = 'torrent'): Promise<IndexerResult[]> {
  const feed = parseFeed(await parseXml(Buffer.from(feedOf(items))));
  return feed.items.flatMap((item) => resultOfItem(item, { indexer: 'Mine', usual }) ?? []);
}

const title = '<title>The Paper Lantern</title>';

describe('results of a feed', () => {
  it('a magnet link - is taken wherever it stands, before any address', async () => {
    const magnet = `magnet:?xt=urn:btih:${LANTERN_HASH}`;
    const items = [
      `<link>${magnet}</link>`,
      `<guid>${magnet}</guid><link>http://a.example/1</link>`,
      `<enclosure url="${magnet}" type="application/x-bittorrent"/>`,
      `<link>http://a.example/1</link><torznab:attr name="magneturl" value="${magnet}"/>`,
      `<torznab:attr name="magneturl" value="magnet:?broken"/><guid>${magnet}</guid>`,
    ];
    for (const item of items) {
      expect(await resultsOf(`<item>${title}${item}</item>`)).toMatchObject([
        { source: { kind: 'torrent', infoHash: LANTERN_HASH }, infoHash: LANTERN_HASH, indexer: 'Mine' },
      ]);
    }
  });

  it('an address - is a torrent or an NZB by its type, else by what is usual there', async () => {
    const at = (rest: string): string => `<item>${title}<link>http://a.example/1</link>${rest}</item>`;
    const kindOf = async (item: string, usual: 'torrent' | 'nzb') => (await resultsOf(item, usual))[0]?.source.kind;
    expect(await kindOf(at(''), 'torrent')).toBe('torrent-url');
    expect(await kindOf(at(''), 'nzb')).toBe('nzb-url');
    expect(await kindOf(at('<torznab:attr name="seeders" value="1"/>'), 'nzb')).toBe('torrent-url');
    expect(await kindOf(at('<enclosure url="http://a.example/2" type="application/x-nzb"/>'), 'torrent')).toBe(
      'nzb-url',
    );
  });

  it('a hash alone - is a torrent without trackers', async () => {
    const [result] = await resultsOf(`<item>${title}<torznab:attr name="infohash" value="${LANTERN_HASH}"/></item>`);
    expect(result?.source).toEqual({ kind: 'torrent', infoHash: LANTERN_HASH, trackers: [], webSeeds: [], peers: [] });
  });

  it('an item without a name, or without a place - is left out', async () => {
    expect(await resultsOf(`<item><link>http://a.example/1</link></item><item>${title}</item>`)).toEqual([]);
    expect(await resultsOf(`<item>${title}<link>ftp://a.example/1</link></item>`)).toEqual([]);
    expect(await resultsOf(`<item>${title}<link>http://a.example/${'x'.repeat(5_000)}</link></item>`)).toEqual([]);
  });

  it('names - are one line, and end', async () => {
    const [result] = await resultsOf(
      `<item><title>The\n Paper &#x202E;Lantern&#9;${'n'.repeat(10_000)}</title><link>http://a.example/1</link></item>`,
    );
    expect(result?.name).toMatch(/^The Paper Lantern n+$/);
    expect(result?.name.length).toBeLessThanOrEqual(300);
  });

  it('numbers that cannot be - are not told', async () => {
    for (const size of ['-1', '0', '1e9', '9'.repeat(30), '200000000000000', 'big', '']) {
      const [result] = await resultsOf(
        `<item>${title}<link>http://a.example/1</link><size>${size}</size><pubDate>${size}</pubDate><torznab:attr name="seeders" value="-${size}"/></item>`,
      );
      expect(result).toMatchObject({ sizeBytes: null, seeders: null, leechers: null, publishedAt: null });
    }
  });

  it('leechers - are peers without seeders, where nobody counted them apart', async () => {
    const item = (attributes: string): string => `<item>${title}<link>http://a.example/1</link>${attributes}</item>`;
    const attr = (name: string, value: number): string => `<torznab:attr name="${name}" value="${value}"/>`;
    const leechersOf = async (attributes: string) => (await resultsOf(item(attributes)))[0]?.leechers;
    expect(await leechersOf(attr('seeders', 5) + attr('peers', 8))).toBe(3);
    expect(await leechersOf(attr('seeders', 5) + attr('peers', 2))).toBe(0);
    expect(await leechersOf(attr('seeders', 5) + attr('peers', 8) + attr('leechers', 1))).toBe(1);
    expect(await leechersOf(attr('peers', 8))).toBeNull();
  });

  it('the site behind an aggregator - is named, however it is told', async () => {
    const sites = [
      '<jackettindexer id="q">Quayside</jackettindexer>',
      '<prowlarrindexer id="3" type="private">Quayside</prowlarrindexer>',
      '<newznab:attr name="hydraIndexerName" value="Quayside"/>',
    ];
    for (const site of sites) {
      const [result] = await resultsOf(`<item>${title}<link>http://a.example/1</link>${site}</item>`);
      expect(result?.indexer).toBe('Quayside');
    }
  });
});

describe('results of Prowlarr', () => {
  const parse = (list: unknown) => parseProwlarrReleases(JSON.stringify(list), 'Mine');
  const release = { title: 'The Paper Lantern', protocol: 'torrent' };

  it('its own address for a magnet link - is fetched when it is played', () => {
    expect(
      parse([{ ...release, magnetUrl: 'http://p.example/1/download?link=x', infoHash: LANTERN_HASH }]),
    ).toMatchObject([
      {
        source: { kind: 'torrent-url', url: 'http://p.example/1/download?link=x' },
        infoHash: LANTERN_HASH,
        indexer: 'Mine',
      },
    ]);
  });

  it('a hash alone - is a torrent', () => {
    expect(parse([{ ...release, infoHash: LANTERN_HASH }])).toMatchObject([{ source: { kind: 'torrent' } }]);
  });

  it('what is no release - is left out, the rest stays', () => {
    const odd = [
      null,
      1,
      'a',
      {},
      { ...release, title: 7 },
      { ...release, protocol: 'pigeon', downloadUrl: 'http://a.example' },
    ];
    expect(parse([...odd, { ...release, downloadUrl: 'http://a.example/1', size: 'much', seeders: {} }])).toMatchObject(
      [{ name: 'The Paper Lantern', sizeBytes: null, seeders: null }],
    );
  });

  it.each(['', '{}', '"a"', '<html>', '[', 'null'])('%j - is no answer', (text) => {
    expect(() => parseProwlarrReleases(text, 'Mine')).toThrow(expect.objectContaining({ code: 'INDEXER_INVALID' }));
  });
});
