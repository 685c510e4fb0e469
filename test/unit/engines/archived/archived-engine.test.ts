import { describe, expect, it } from '@jest/globals';
import { ArchivedEngine } from '../../../../backend/engines/archived/archived-engine.js';
import type { WrappedEngine } from '../../../../backend/engines/archived/archived-engine.js';
import type { Release, ReleaseFile, TorrentSource } from '../../../../backend/content/index.js';
import { chooseFile } from '../../../../backend/naming/index.js';
import { archiveFixture, fixtureBytes, originalFilm, readAll } from '../../../support/archive-fixtures.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { MemoryMediaFile } from '../../../support/memory-media-file.js';

const FILM = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
const INFO_HASH = 'a'.repeat(40) as TorrentSource['infoHash'];
const source: TorrentSource = { kind: 'torrent', infoHash: INFO_HASH, trackers: [], webSeeds: [], peers: [] };
const signal = new AbortController().signal;
const quiet = { signal, report: () => undefined };

/** A release of these files, an engine that has them, and the one around it. */
function around(contents: Readonly<Record<string, Uint8Array>>) {
  const medias = Object.entries(contents).map(([path, bytes]) => new MemoryMediaFile(bytes, { name: path }));
  const files = medias.map(({ name, sizeBytes }, index): ReleaseFile => {
    return { index, path: `Release/${name}`, name, sizeBytes, isPadding: false };
  });
  const release: Release = { contentId: INFO_HASH, name: 'Release', files, source };
  const learnt: unknown[] = [];
  const inner: WrappedEngine = {
    kinds: ['torrent', 'torrent-url'],
    method: 'p2p',
    resolve: async () => release,
    prepare: async (_release, file) => ({ file: medias[file.index]!, method: 'cache', completed: Promise.resolve() }),
    open: async (opened, file) => {
      expect(opened.files).toEqual(files);
      return medias[file.index]!;
    },
    learn: (more) => learnt.push(more),
  };
  return { engine: new ArchivedEngine({ inner, clock: new ManualClock() }), release, medias, learnt };
}

function volumesOf(set: string): Record<string, Uint8Array> {
  return Object.fromEntries(archiveFixture(set).volumes.map((name) => [name, fixtureBytes(set, name)]));
}

describe('archived engine', () => {
  it('archived engine - appends the members of an archive to the files', async () => {
    const { engine, release } = around({ 'info.nfo': Buffer.from('about'), ...volumesOf('rar5-volumes') });
    const resolved = await engine.resolve(source, quiet);
    expect(resolved.files.slice(0, 6)).toEqual(release.files);
    expect(resolved.files.slice(6)).toEqual([
      {
        index: 6,
        path: `Release/open.film.part1.rar/${FILM}`,
        name: FILM,
        sizeBytes: originalFilm().length,
        isPadding: false,
        isMember: true,
      },
    ]);
    expect(await engine.resolve(source, quiet)).toEqual(resolved);
  });

  it('archived engine - prepares and opens a member byte for byte', async () => {
    const { engine, medias } = around(volumesOf('rar4-old-names'));
    const resolved = await engine.resolve(source, quiet);
    const film = chooseFile(resolved.files)!;
    const stages: string[] = [];
    const report = ({ stage }: { readonly stage: string }): unknown => stages.push(stage);
    const prepared = await engine.prepare(resolved, film, { signal, report, priority: 'play' });
    await prepared.completed;
    expect(stages).toContain('downloading');
    const range = { start: 0, end: film.sizeBytes };
    expect((await readAll(prepared.file, range)).equals(originalFilm())).toBe(true);
    const opened = await engine.open(resolved, film, { signal });
    expect(opened.id).toBe(prepared.file.id);
    expect(opened.modifiedAt).toEqual(medias[0]!.modifiedAt);
    expect(medias.reduce((sum, { openReaders }) => sum + openReaders, 0)).toBe(0);
  });

  it('archived engine - opens a member that it was not asked to resolve', async () => {
    const { engine: first } = around(volumesOf('rar5-volumes'));
    const resolved = await first.resolve(source, quiet);
    const { engine } = around(volumesOf('rar5-volumes'));
    const file = await engine.open(resolved, resolved.files.at(-1)!, { signal });
    const range = { start: 150_000, end: 150_100 };
    expect((await readAll(file, range)).equals(originalFilm().subarray(150_000, 150_100))).toBe(true);
    const stranger = { ...resolved.files.at(-1)!, path: 'elsewhere' };
    await expect(engine.open(resolved, stranger, { signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('archived engine - leaves alone an archive smaller than a video beside it', async () => {
    const { engine, release, medias, learnt } = around({
      'film.mkv': new Uint8Array(900_000),
      ...volumesOf('rar5-single'),
    });
    const resolved = await engine.resolve(source, quiet);
    expect(resolved).toBe(release);
    expect(medias.flatMap(({ readers }) => readers)).toEqual([]);
    expect((await engine.prepare(resolved, resolved.files[0]!, { ...quiet, priority: 'play' })).file).toBe(medias[0]);
    expect(await engine.open(resolved, resolved.files[0]!, { signal })).toBe(medias[0]);
    engine.learn(source);
    expect(learnt).toEqual([source]);
    expect({ kinds: engine.kinds, method: engine.method }).toEqual({
      kinds: ['torrent', 'torrent-url'],
      method: 'p2p',
    });
  });

  it.each([
    ['rar5-compressed', 'ARCHIVE_COMPRESSED'],
    ['zip-deflated', 'ARCHIVE_COMPRESSED'],
    ['rar5-password', 'ARCHIVE_PASSWORD'],
    ['rar5-encrypted-headers', 'ARCHIVE_PASSWORD'],
  ])('archived engine - a release of nothing but %s fails with %s', async (set, code) => {
    await expect(around(volumesOf(set)).engine.resolve(source, quiet)).rejects.toMatchObject({ code });
  });

  it('archived engine - says that volumes are missing', async () => {
    const { 'open.film.part3.rar': _missing, ...others } = volumesOf('rar5-volumes');
    const { engine } = around(others);
    await expect(engine.resolve(source, quiet)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
  });

  it('archived engine - plays the video beside an archive that it cannot read', async () => {
    const { engine, release } = around({ 'film.mkv': new Uint8Array(1000), ...volumesOf('rar5-compressed') });
    expect((await engine.resolve(source, quiet)).files).toEqual(release.files);
  });
});
