import { describe, expect, it } from '@jest/globals';
import type { Candidate } from '../../../../backend/discovery/index.js';
import { mergeDuplicates } from '../../../../backend/discovery/ranking/merge-duplicates.js';
import { runAtOnce } from '../../../../backend/platform/index.js';
import { infoHashOf, makeCandidate, makeFile, makeUsenetCandidate, torrentOf } from '../../../support/candidates.js';

const merge = (candidates: readonly Candidate[]): Candidate[] => runAtOnce(mergeDuplicates(candidates));

const NAME = 'Paper.Lantern.2019.1080p.WEB-DL';
const dead = { health: { state: 'dead', reason: 'nobody has it' } } as const;

/** The one candidate these are merged to, whichever comes first. */
function mergeToOne(...candidates: readonly Candidate[]): Candidate {
  const [merged, ...others] = merge(candidates);
  expect(others).toEqual([]);
  expect(merge([...candidates].reverse())).toEqual([merged]);
  return merged!;
}

function torrentAddress(url: string, more: Partial<Candidate> = {}): Candidate {
  return makeCandidate(NAME, { source: { kind: 'torrent-url', url, trackers: [], peers: [] }, ...more });
}

describe('duplicates of one content', () => {
  it('infohash - one candidate with the most seeders, all trackers and every place it was found', () => {
    const merged = mergeToOne(
      makeCandidate(NAME, {
        source: torrentOf('a', { trackers: ['udp://one.example', 'udp://both.example'] }),
        seeders: 3,
        foundIn: ['Harbour Index'],
      }),
      makeCandidate('Another spelling', {
        source: torrentOf('a', { trackers: ['udp://both.example', 'udp://two.example'], peers: ['10.0.0.1:1'] }),
        seeders: 40,
        leechers: 2,
        publishedAt: 1_000,
        foundIn: ['Quay Index', 'Harbour Index'],
      }),
    );
    expect(merged).toMatchObject({
      seeders: 40,
      leechers: 2,
      publishedAt: 1_000,
      foundIn: ['Quay Index', 'Harbour Index'],
      source: {
        infoHash: infoHashOf('a'),
        trackers: ['udp://both.example', 'udp://two.example', 'udp://one.example'],
        peers: ['10.0.0.1:1'],
      },
    });
  });

  it('library - its files are kept before a magnet, and a magnet before an address', () => {
    const file = makeFile('film.mkv', 900);
    const library = makeCandidate(NAME, {
      source: torrentOf('a'),
      contentId: infoHashOf('a'),
      file,
      files: [file],
      sizeBytes: 900,
      seeders: null,
      foundIn: ['Library'],
    });
    const magnet = makeCandidate(NAME, { source: torrentOf('a'), seeders: 9 });
    const address = torrentAddress('https://indexer.example/1.torrent', { contentId: infoHashOf('a'), seeders: 50 });
    expect(mergeToOne(address, magnet, library)).toMatchObject({
      file,
      files: [file],
      seeders: 50,
      foundIn: ['Library', 'Harbour Index'],
    });
    expect(mergeToOne(address, magnet).source.kind).toBe('torrent');
  });

  it('addresses - the same NZB is one, different NZBs stay two', () => {
    const one = makeUsenetCandidate(NAME, { foundIn: ['Harbour Index'] });
    const again = makeUsenetCandidate(NAME, { foundIn: ['Quay Index'], sizeBytes: 700 });
    expect(mergeToOne(one, again)).toMatchObject({ sizeBytes: 700, foundIn: ['Harbour Index', 'Quay Index'] });
    expect(merge([one, makeUsenetCandidate('Another name')])).toHaveLength(2);
  });

  it('name and size - come from the same candidate', () => {
    const unsized = makeCandidate('Short name', { source: torrentOf('a'), seeders: 99 });
    const sized = makeCandidate(NAME, { source: torrentOf('a'), sizeBytes: 700, seeders: 1 });
    expect(mergeToOne(unsized, sized)).toMatchObject({ releaseName: NAME, sizeBytes: 700, seeders: 99 });
  });

  it('health - alive if anybody counted, else dead if anybody tried', () => {
    const unknown = makeCandidate(NAME, { source: torrentOf('a') });
    const tried = makeCandidate(NAME, { source: torrentOf('a'), ...dead });
    const half = makeCandidate(NAME, { source: torrentOf('a'), health: { state: 'alive', percent: 50 } });
    const whole = makeCandidate(NAME, { source: torrentOf('a'), health: { state: 'alive', percent: 100 } });
    expect(mergeToOne(unknown, tried).health.state).toBe('dead');
    expect(mergeToOne(tried, half, unknown).health).toEqual({ state: 'alive', percent: 50 });
    expect(mergeToOne(half, whole).health).toEqual({ state: 'alive', percent: 100 });
  });

  it('trackers - are no more than 64 when merged', () => {
    const trackers = (from: number): string[] => Array.from({ length: 60 }, (_, n) => `udp://t${from + n}.example`);
    const merged = mergeToOne(
      makeCandidate(NAME, { source: torrentOf('a', { trackers: trackers(0) }) }),
      makeCandidate(NAME, { source: torrentOf('a', { trackers: trackers(40) }) }),
    );
    expect(merged.source).toMatchObject({ trackers: { length: 64 } });
  });
});

describe('duplicates of one release', () => {
  const sized = (digits: string, sizeBytes: number | null, more: Partial<Candidate> = {}): Candidate =>
    makeCandidate(NAME, { source: torrentOf(digits), sizeBytes, ...more });

  it('name and size - however spelled, and within 1 %', () => {
    const other = makeCandidate('paper lantern (2019) [1080p] WEB DL.mkv', {
      source: torrentOf('b'),
      sizeBytes: 1_010,
      seeders: 40,
    });
    expect(mergeToOne(sized('a', 1_000), other)).toMatchObject({ seeders: 40, sizeBytes: 1_010 });
  });

  it.each([
    ['more than 1 % apart', sized('b', 1_011)],
    ['no size', sized('b', null)],
    ['another name', makeCandidate(`${NAME}.PROPER`, { source: torrentOf('b'), sizeBytes: 1_000 })],
    ['Usenet', makeUsenetCandidate(NAME, { sizeBytes: 1_000 })],
  ])('%s - stay two', (_what, other) => {
    expect(merge([sized('a', 1_000), other])).toHaveLength(2);
  });

  it('names without a word - are no reason to merge', () => {
    const nameless = (digits: string): Candidate =>
      makeCandidate('...', { source: torrentOf(digits), sizeBytes: 1_000 });
    expect(merge([nameless('a'), nameless('b')])).toHaveLength(2);
  });

  it('a dead copy - gives way to one that may live, whose trackers and health stay its own', () => {
    const file = makeFile('film.mkv', 1_000);
    const gone = sized('a', 1_000, { ...dead, file, files: [file], contentId: infoHashOf('a') });
    const other = sized('b', 1_000, { source: torrentOf('b', { trackers: ['udp://b.example'] }) });
    expect(mergeToOne(gone, other)).toMatchObject({
      source: { infoHash: infoHashOf('b'), trackers: ['udp://b.example'] },
      contentId: null,
      file: null,
      health: { state: 'unknown' },
    });
  });

  it('all copies dead - stays dead', () => {
    expect(mergeToOne(sized('a', 1_000, dead), sized('b', 1_000, dead)).health.state).toBe('dead');
  });

  it('NZBs of two indexers - one is offered, found in both', () => {
    const one = makeUsenetCandidate(NAME, { sizeBytes: 1_000, publishedAt: 9, foundIn: ['Harbour Index'] });
    const url = 'https://quay.example/2.nzb';
    const two = makeUsenetCandidate(NAME, {
      source: { kind: 'nzb-url', url },
      sizeBytes: 1_000,
      publishedAt: 5,
      foundIn: ['Quay Index'],
    });
    const merged = mergeToOne(one, two);
    expect(merged.publishedAt).toBe(5);
    expect([...merged.foundIn].sort()).toEqual(['Harbour Index', 'Quay Index']);
  });

  it('what is joined through another spelling - is one as well', () => {
    const address = torrentAddress('https://indexer.example/1.torrent', { sizeBytes: 1_000 });
    const named = sized('a', 1_000);
    const internal = makeCandidate('Lantern', { source: torrentOf('a'), sizeBytes: 1_000, files: [makeFile('a', 1)] });
    expect(mergeToOne(address, named, internal).releaseName).toBe('Lantern');
  });

  const told = (url: string, more: Partial<Candidate> = {}): Candidate =>
    torrentAddress(url, { toldInfoHash: infoHashOf('a'), sizeBytes: 5_000, seeders: 999, ...more });

  it('an address told to be a torrent that is known - adds where it was found; the torrent itself is offered', () => {
    const magnet = makeCandidate('Lantern', { source: torrentOf('a'), sizeBytes: 1_000 });
    const merged = mergeToOne(magnet, told('https://quay.example/1', { foundIn: ['Quay Index'], ...dead }));
    expect(merged).toMatchObject({ source: magnet.source, sizeBytes: 1_000, health: { state: 'unknown' } });
    expect([...merged.foundIn].sort()).toEqual(['Harbour Index', 'Quay Index']);
  });

  it('what is told - hides no other address, joins nothing else, and a dead torrent not its address', () => {
    const [one, two] = [told('https://harbour.example/1'), told('https://quay.example/2', { sizeBytes: 9_000 })];
    expect(merge([one, two])).toHaveLength(2);
    const magnet = makeCandidate('Lantern', { source: torrentOf('a'), sizeBytes: 1_000 });
    const like = makeCandidate(NAME, { source: torrentOf('c'), sizeBytes: 5_000 });
    expect(merge([magnet, one, like]).map(({ source }) => source)).toEqual([magnet.source, like.source]);
    expect(merge([{ ...magnet, ...dead }, one])).toHaveLength(2);
  });

  it('an address that turned out to be another torrent than was told - is that one', () => {
    const magnet = makeCandidate('Lantern', { source: torrentOf('a'), sizeBytes: 1_000 });
    expect(merge([magnet, told('https://quay.example/1', { contentId: infoHashOf('b') })])).toHaveLength(2);
  });

  it('nothing - is nothing', () => {
    expect(merge([])).toEqual([]);
  });
});
