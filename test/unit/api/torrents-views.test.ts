// Torrents in the words of rqbit's clients.

import { describe, expect, it } from '@jest/globals';
import type { TorrentEntry, TorrentProgress } from '../../../backend/api/torrents-deps.js';
import { countPieces, formatDetails, formatStats } from '../../../backend/api/torrents-views.js';
import type { ContentId } from '../../../backend/content/index.js';

const HASH = '08ada5a7a6183aae1e09d831df6748d566095a10' as ContentId;
const file = (index: number, path: string, sizeBytes: number, isPadding = false) => ({
  index,
  path,
  name: path.slice(path.lastIndexOf('/') + 1),
  sizeBytes,
  isPadding,
});
const ENTRY: TorrentEntry = {
  contentId: HASH,
  name: 'Show',
  torrentId: 4,
  isPaused: false,
  included: [],
  files: [file(0, 'a/one.mkv', 1_000), file(1, '.pad/24', 24, true), file(2, 'two.mkv', 3_000)],
  source: { kind: 'torrent-url', url: 'http://files.example/a', trackers: [], peers: [] },
};
const WORKING: TorrentProgress = {
  state: 'live',
  error: null,
  haveBytes: 2_000,
  totalBytes: 4_024,
  fileHaveBytes: [1_000, 24, 976],
  receivedBytes: 2_000,
  uploadedBytes: 0,
  downloadBytesPerSecond: 1,
  uploadBytesPerSecond: 0,
  peers: { connected: 1, queued: 0, seen: 1 },
  included: [],
};

describe('torrent views', () => {
  it('torrent views - leave padding out of the files, and keep the index of each', () => {
    const { files } = formatDetails({ ...ENTRY, included: [2] }, { totalPieces: 1 });
    expect(files.map(({ index, components, included }) => [index, components, included])).toEqual([
      [0, ['a', 'one.mkv'], false],
      [2, ['two.mkv'], true],
    ]);
  });

  it('torrent views - count the whole torrent while no file is included', () => {
    expect(formatStats(ENTRY, WORKING, 8)).toMatchObject({
      progress_bytes: 2_000,
      total_bytes: 4_024,
      finished: false,
      live: { snapshot: { downloaded_and_checked_pieces: 3 }, time_remaining: { human_readable: '33m 44s' } },
    });
  });

  it('torrent views - are finished when every included file is here', () => {
    expect(formatStats(ENTRY, { ...WORKING, included: [0] }, 8)).toMatchObject({
      progress_bytes: 1_000,
      total_bytes: 1_000,
      finished: true,
      live: { time_remaining: null },
    });
  });

  it.each([
    [40, '40s'],
    [61, '1m 1s'],
    [7_260, '2h 1m'],
  ])('torrent views - write %i seconds to go as %s', (seconds, text) => {
    const progress = { ...WORKING, haveBytes: 0, totalBytes: seconds * 10, downloadBytesPerSecond: 10 };
    expect(formatStats(ENTRY, progress, 1).live?.time_remaining).toEqual({
      duration: { secs: seconds, nanos: 0 },
      human_readable: text,
    });
  });

  it('torrent views - of what the engine does not hold are idle, or paused', () => {
    expect(formatStats(ENTRY, null, 0)).toMatchObject({ state: 'live', progress_bytes: 0, file_progress: [0, 0, 0] });
    expect(formatStats({ ...ENTRY, isPaused: true }, null, 0)).toMatchObject({ state: 'paused', live: null });
  });

  it('torrent views - are not finished before the engine knows the metadata', () => {
    const starting: TorrentProgress = {
      ...WORKING,
      state: 'initializing',
      haveBytes: 0,
      totalBytes: 0,
      fileHaveBytes: [],
    };
    expect(formatStats(ENTRY, starting, 0)).toMatchObject({
      state: 'initializing',
      total_bytes: 4_024,
      finished: false,
    });
  });

  it('torrent views - tell an error even of what is paused', () => {
    const broken: TorrentProgress = { ...WORKING, state: 'error', error: 'The disk is full.' };
    expect(formatStats({ ...ENTRY, isPaused: true }, broken, 0)).toMatchObject({
      state: 'error',
      error: 'The disk is full.',
      live: null,
    });
  });

  it('torrent views - count no pieces before the metadata is known', () => {
    expect(countPieces(ENTRY)).toBe(0);
  });
});
