// What a list says of its releases, and what more is found out of them.

import { beforeEach, describe, expect, it } from '@jest/globals';
import bencode from 'bencode';
import type { ContentId, InfoHash, NzbSource } from '../../../../backend/content/index.js';
import { ReleaseHealth, type Candidate, type Health } from '../../../../backend/discovery/index.js';
import { infoHashOf, makeCandidate, torrentOf } from '../../../support/candidates.js';

const UNKNOWN: Health = { state: 'unknown' };
const trackers = ['udp://built-in.example:80'];
const named = (names: readonly string[], more: object = {}): Candidate =>
  makeCandidate('The.Paper.Lantern.2019.1080p', { source: torrentOf('a1', { trackers: names, ...more }) });
const nzbOf = (digit: string): NzbSource => ({
  kind: 'nzb',
  contentId: digit.repeat(64) as ContentId,
  name: digit,
  passwords: [],
});
const onUsenet = (digit: string): Candidate =>
  makeCandidate(`Harbour.Lights.${digit}`, { source: nzbOf(digit), seeders: null });

describe('release health', () => {
  let tried: Map<Candidate['source'], Health>;
  let sampled: Map<ContentId, Health>;
  let counts: Map<InfoHash, { seeders: number; leechers: number }>;
  let scraped: unknown[];
  let asked: string[];
  let health: ReleaseHealth;

  beforeEach(() => {
    tried = new Map();
    sampled = new Map();
    counts = new Map();
    scraped = [];
    asked = [];
    health = new ReleaseHealth({
      tried: { healthOf: ({ source }) => tried.get(source) ?? UNKNOWN },
      swarms: { countOf: (infoHash) => counts.get(infoHash) ?? null, want: (wishes) => void scraped.push(...wishes) },
      samples: {
        healthOf: (contentId) => sampled.get(contentId) ?? UNKNOWN,
        want: (sources) => void asked.push(...sources.map(({ name }) => name)),
      },
      trackers: () => trackers,
    });
  });

  it.each([
    ['more than an indexer', 10, { seeders: 55, leechers: 3 }, { seeders: 55, leechers: 4 }],
    ['fewer than an indexer', 10, { seeders: 2, leechers: 9 }, { seeders: 10, leechers: 9 }],
    ['what no indexer told', null, { seeders: 2, leechers: 9 }, { seeders: 2, leechers: 9 }],
    ['nobody', 10, { seeders: 0, leechers: 1 }, { seeders: 0, leechers: 1 }],
    ['nothing', 10, null, { seeders: 10, leechers: 4 }],
  ])('trackers that count %s - are told so', (_what, seeders, count, expected) => {
    const candidate = { ...named(['udp://t.example:80']), seeders, leechers: 4 };
    if (count !== null) counts.set(infoHashOf('a1'), count);
    expect(health.judge(candidate)).toMatchObject({ ...expected, health: UNKNOWN });
  });

  it('a torrent still to be fetched, its infohash known - has its count', () => {
    counts.set(infoHashOf('a1'), { seeders: 55, leechers: 0 });
    const source = { kind: 'torrent-url', url: 'https://indexer.example/1', trackers: [], peers: [] } as const;
    expect(health.judge(makeCandidate('Film', { source, contentId: infoHashOf('a1') }))).toMatchObject({ seeders: 55 });
    const told = makeCandidate('Film', { source, toldInfoHash: infoHashOf('a1') });
    expect(health.judge(told)).toMatchObject({ seeders: 55 });
    const read = makeCandidate('Film', { source, contentId: infoHashOf('b1'), toldInfoHash: infoHashOf('a1') });
    expect(health.judge(read)).toMatchObject({ seeders: 10 });
    expect(health.judge(makeCandidate('Film', { source }))).toMatchObject({ seeders: 10 });
  });

  it('a release on Usenet - is as its sample says, unless it was tried', () => {
    const candidate = onUsenet('a');
    sampled.set(nzbOf('a').contentId, { state: 'alive', percent: 98 });
    expect(health.judge(candidate).health).toEqual({ state: 'alive', percent: 98 });
    tried.set(candidate.source, { state: 'dead', reason: 'ARCHIVE_PASSWORD' });
    expect(health.judge(candidate).health).toEqual({ state: 'dead', reason: 'ARCHIVE_PASSWORD' });
  });

  const publicInfo = bencode.encode({ name: 'film', private: 0 });
  const privateInfo = bencode.encode({ name: 'film', private: 1 });
  const [overHttp, overUdp] = [['https://t.example/key/announce'], ['udp://t.example:80']];

  it.each([
    ['a magnet', named(overUdp), { own: overUdp, wider: trackers }],
    ['a magnet without trackers', named([]), { own: [], wider: trackers }],
    ['a magnet that may be private', named(overHttp), { own: overHttp, wider: [] }],
    ['a public torrent', named(overHttp, { info: publicInfo }), { own: overHttp, wider: trackers }],
  ])('%s - is counted at the trackers that may know of it', (_what, candidate, where) => {
    health.follow([candidate]);
    expect(scraped).toEqual([{ infoHash: infoHashOf('a1'), ...where }]);
  });

  it.each([
    ['a private torrent', named(overUdp, { info: privateInfo })],
    ['what the library alone offers', { ...named(overUdp), foundIn: ['Library'] }],
    ['a film of the catalogue', { ...named(overUdp), foundIn: ['Open films'] }],
  ])('%s - is not counted', (_what, candidate) => {
    health.follow([candidate]);
    expect(scraped).toEqual([]);
  });

  it('the first five NZBs that are here - are asked for, not those that were tried', () => {
    const listed = ['a', 'b', 'c', 'd', 'e', 'f'].map(onUsenet);
    tried.set(listed[1]!.source, { state: 'alive', percent: 100 });
    const notHere = makeCandidate('Film', { source: { kind: 'nzb-url', url: 'https://indexer.example/1' } });
    health.follow([notHere, ...listed]);
    expect(asked).toEqual(['a', 'c', 'd', 'e']);
  });
});
