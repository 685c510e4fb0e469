// Whatever an indexer answers: results that keep their promises or an error with a code, soon.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadstartError } from '../../backend/content/index.js';
import { faultOfDocument, parseRetryAfter } from '../../backend/discovery/indexers/answer-faults.js';
import { parseCaps } from '../../backend/discovery/indexers/caps.js';
import { parseFeed } from '../../backend/discovery/indexers/feed.js';
import { resultOfItem } from '../../backend/discovery/indexers/feed-results.js';
import type { IndexerResult } from '../../backend/discovery/indexers/indexer.js';
import { parseProwlarrReleases } from '../../backend/discovery/indexers/prowlarr-releases.js';
import { parseXml } from '../../backend/discovery/indexers/xml-document.js';
import { planQueries } from '../../backend/discovery/indexers/plan-queries.js';
import { feedOf, TORZNAB_CAPS } from '../support/indexer-captures.js';

/** Generous: it catches loops and explosions, not slow machines. */
const BOUND_MS = 2_000;
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 300);

const ITEM =
  '<item><title>Harbour Lights</title><guid>g</guid><link>http://a.example/1</link><pubDate>Fri, 30 May 2025 22:50:38 +0000</pubDate><size>12</size><enclosure url="http://a.example/1" length="12" type="application/x-bittorrent"/><torznab:attr name="seeders" value="1"/><torznab:attr name="peers" value="2"/></item>';
const VALID = [feedOf(ITEM, 1), TORZNAB_CAPS, '<error code="500" description="Limit"/>'];

const token = fc.constantFrom(
  '<rss>', '</rss>', '<channel>', '</channel>', '<item>', '</item>', '<title>', '</title>', '<caps>', '</caps>', '<searching>', '<search available="yes"/>',
  '<torznab:attr name="size" value="-1"/>', '<attr/>', '<enclosure url="magnet:?xt=urn:btih:x"/>', '<error code="1e9"/>', '<__proto__>', '</__proto__>', '<constructor/>',
  '&amp;', '&x;', '&#0;', '&#x110000;', '<![CDATA[', ']]>', '<!--', '-->', '<?x', '?>', '<!DOCTYPE a [', '<!ENTITY a "b">', ']>', '<', '>', '"', "'", '=', '/', '\u0000', '\ufeff', '\ud800',
); // prettier-ignore

function checkResult({ name, source, sizeBytes, seeders, leechers, publishedAt, indexer }: IndexerResult): void {
  expect(name).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,300}$/u);
  expect(indexer).toMatch(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,60}$/u);
  if ('url' in source) expect(source.url).toMatch(/^https?:\/\/.{1,4096}$/);
  else expect(source.infoHash).toMatch(/^[0-9a-f]{40}$/);
  for (const number of [sizeBytes, seeders, leechers, publishedAt]) {
    expect(number === null || (Number.isSafeInteger(number) && number >= 0)).toBe(true);
  }
}

async function soon(read: () => Promise<void> | void): Promise<void> {
  const startedAt = performance.now();
  try {
    await read();
  } catch (error) {
    if (!(error instanceof HeadstartError)) throw error;
    expect(error.code).toMatch(/^INDEXER_/);
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
  }
}

async function readAll(bytes: Uint8Array): Promise<void> {
  await soon(async () => {
    const root = await parseXml(bytes);
    faultOfDocument(root, { retryAfterMs: null });
    await soon(() => {
      const caps = parseCaps(root);
      expect(caps.pageSize).toBeGreaterThan(0);
      expect(planQueries(caps, TITLE, { kind: 'torznab' }).length).toBeLessThanOrEqual(4);
    });
    for (const item of parseFeed(root).items) {
      for (const usual of ['torrent', 'nzb'] as const) {
        const result = resultOfItem(item, { indexer: 'Mine', usual });
        if (result !== null) checkResult(result);
      }
    }
  });
}

const TITLE = {
  kind: 'film',
  titles: ['The Paper Lantern'],
  year: 2019,
  lastYear: null,
  runtimeMinutes: null,
  isAnime: false,
  ids: { imdb: 'tt0000123' },
  episode: null,
} as const;

describe('answers of indexers', () => {
  it('answers of indexers - any bytes and any markup are results or a code', async () => {
    const markup = fc.array(token, { maxLength: 60 }).map((tokens) => Buffer.from(tokens.join('')));
    const inside = fc
      .array(token, { maxLength: 30 })
      .map((tokens) => Buffer.from(feedOf(`<item><title>a${tokens.join('')}</title></item>`)));
    await fc.assert(fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 500 }), markup, inside), readAll), {
      numRuns: RUNS,
    });
  });

  it('answers of indexers - a damaged one is results or a code', async () => {
    const edit = fc.record({
      at: fc.nat({ max: 2_000 }),
      removed: fc.nat({ max: 20 }),
      inserted: fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), token),
    });
    const damaged = fc
      .tuple(fc.constantFrom(...VALID), fc.array(edit, { maxLength: 3 }))
      .map(([text, edits]) =>
        edits.reduce(
          (before, { at, removed, inserted }) => before.slice(0, at) + inserted + before.slice(at + removed),
          text,
        ),
      );
    await fc.assert(
      fc.asyncProperty(damaged, (text) => readAll(Buffer.from(text))),
      { numRuns: RUNS / 10 }, // most of them are read to their end
    );
  });

  it('answers of indexers - any texts in their fields are results that keep their promises', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.integer().map(String),
      fc.constantFrom('1e9', '-0', 'NaN'),
    );
    const fields = fc.array(text, { minLength: 9, maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(
        fields,
        async ([
          title = '',
          link = '',
          guid = '',
          publishedOn = '',
          size = '',
          url = '',
          type = '',
          site = '',
          value = '',
        ]) => {
          await soon(() => {
            const names = ['seeders', 'peers', 'size', 'infohash', 'magneturl', 'usenetdate', 'hydraindexername'];
            const attributes = new Map(names.map((name) => [name, value]));
            const item = {
              title,
              link,
              guid,
              publishedOn,
              size,
              enclosure: { url, type, length: size },
              site,
              attributes,
            };
            const result = resultOfItem(item, { indexer: 'Mine', usual: 'torrent' });
            if (result !== null) checkResult(result);
          });
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('answers of Prowlarr - any text and any JSON are results or a code', async () => {
    const keys = [
      'title',
      'guid',
      'size',
      'seeders',
      'leechers',
      'infoHash',
      'magnetUrl',
      'downloadUrl',
      'indexer',
      'publishDate',
    ];
    const value = fc.oneof(
      fc.jsonValue(),
      fc.webUrl(),
      fc.constantFrom('magnet:?xt=urn:btih:', 'a'.repeat(40), -1, 1e300),
    );
    const release = fc
      .tuple(fc.dictionary(fc.constantFrom(...keys), value), fc.constantFrom('torrent', 'usenet'), fc.string())
      .map(([fields, protocol, title]) => ({ title, ...fields, protocol }));
    const list = fc
      .array(fc.oneof(release, fc.jsonValue()), { maxLength: 5 })
      .map((entries) => JSON.stringify(entries));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), list), async (text) => {
        await soon(() => parseProwlarrReleases(text, 'Mine').forEach(checkResult));
      }),
      { numRuns: RUNS },
    );
  });

  it('Retry-After - is a second to a day, or nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.date().map(String)), (text) => {
        const ms = parseRetryAfter(text, Date.UTC(2030, 0, 1));
        expect(ms === null || (ms >= 1_000 && ms <= 86_400_000)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
