import { describe, expect, it } from '@jest/globals';
import { parseCaps } from '../../../../backend/discovery/indexers/caps.js';
import { parseFeed } from '../../../../backend/discovery/indexers/feed.js';
import { parseXml } from '../../../../backend/discovery/indexers/xml-document.js';
import { feedOf, JACKETT_CAPS, NEWZNAB_CAPS, TORZNAB_CAPS } from '../../../support/indexer-captures.js';

const read = (text: string) => parseXml(Buffer.from(text));

describe('XML of indexers', () => {
  it('XML - is read whatever its prefixes, case, byte order mark and order', async () => {
    const root = await read(
      '\uFEFF  <?xml version="1.0"?><!-- a --><RSS><t:Channel A="1">x<![CDATA[<b>]]></t:Channel></RSS>',
    );
    expect(root.name).toBe('rss');
    expect(root.children('channel')).toMatchObject([{ attributes: { a: '1' }, text: 'x<b>' }]);
    expect(root.children('other')).toEqual([]);
  });

  it('XML - is decoded as it says', async () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>caf\u00e9</a>', 'latin1');
    expect((await parseXml(latin)).text).toBe('café');
    expect((await read('<?xml version="1.0" encoding="klingon"?><a>café</a>')).text).toBe('café');
  });

  it('names of the language itself - are names like others', async () => {
    const root = await read('<rss><__proto__><x/></__proto__><constructor a="1"/></rss>');
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(root.children('constructor').at(-1)).toMatchObject({ attributes: { a: '1' } });
    expect(root.children('tostring')).toEqual([]);
  });

  it.each([
    ['nothing', ' \n'],
    ['a web page', '<!DOCTYPE html><html><body>Sign in</body></html>'],
    ['a web page that is XML', '<?xml version="1.0"?><html xmlns="x"><p/></html>'],
    ['JSON', '{"error":"x"}'],
    ['a document type', '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>'],
    ['entities', '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'],
    ['an unknown entity', '<r>&a;</r>'],
    ['what is cut off in text', '<rss><channel>'],
    ['what is cut off in a tag', '<rss><channel a="'],
    ['what is cut off in a comment', '<rss><!-- '],
    ['what is nested too deeply', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`],
    ['what has too many parts', `<rss>${'<a/>'.repeat(100_001)}</rss>`],
    ['what has an endless tag', `<rss a="${'x'.repeat(100_000)}"/>`],
    ['what is crossed', '<a><b></a></b>'],
  ])('%s - is no answer', async (_what, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'INDEXER_INVALID' });
  });

  it('ten megabytes of anything - are read or refused in bounded time', async () => {
    const size = 10 * 1024 * 1024;
    for (const part of ['<', '<a', '<a>', '<!--', '<![CDATA[', '"', '&', '<a b="', '<?', ' ', '<a/>', '&#1;']) {
      const startedAt = performance.now();
      await read(`<rss>${part.repeat(size / part.length)}`).catch(() => undefined);
      expect(performance.now() - startedAt).toBeLessThan(20_000);
    }
  });
});

describe('caps', () => {
  it('caps - of Torznab, Newznab and Jackett are understood', async () => {
    const torznab = parseCaps(await read(TORZNAB_CAPS));
    expect(torznab).toMatchObject({ server: 'Lighthouse 1.3', pageSize: 100 });
    expect([...(torznab.tvSearch ?? [])]).toEqual(['q', 'season', 'ep', 'imdbid', 'tvdbid']);
    expect([...torznab.categories]).toEqual([2000, 2040, 5000, 5040, 5070]);
    expect(parseCaps(await read(NEWZNAB_CAPS)).server).toBe('Quayside 0.1');
    expect(parseCaps(await read(JACKETT_CAPS)).tvSearch?.has('tvdbid')).toBe(false);
  });

  it('caps - that leave things open are those of the first Newznab', async () => {
    const caps = parseCaps(
      await read(
        '<caps><limits max="5000"/><searching><search available="yes"/><movie-search available="yes"/><tv-search available="no"/></searching></caps>',
      ),
    );
    expect(caps).toMatchObject({ server: null, tvSearch: null, pageSize: 1000 });
    expect([...(caps.movieSearch ?? [])]).toEqual(['q', 'imdbid']);
    expect(parseCaps(await read('<caps/>'))).toMatchObject({ movieSearch: null, pageSize: 100 });
  });

  it('caps - are nothing else', async () => {
    const feed = await read(feedOf(''));
    expect(() => parseCaps(feed)).toThrow(expect.objectContaining({ code: 'INDEXER_INVALID' }));
    const caps = await read('<caps/>');
    expect(() => parseFeed(caps)).toThrow(expect.objectContaining({ code: 'INDEXER_INVALID' }));
  });
});
