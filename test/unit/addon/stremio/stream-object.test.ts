import { describe, expect, it } from '@jest/globals';
import { createStreamObject, formatSize } from '../../../../addon/stremio/stream-object.js';
import { candidateOfFile, type Candidate } from '../../../../backend/discovery/index.js';
import { makeRelease } from '../../../support/stremio-harness.js';

function candidate(
  name: string,
  files: readonly (readonly [string, number])[],
  changes: Partial<Candidate> = {},
): Candidate {
  const release = makeRelease(name, files);
  return { ...candidateOfFile({ ...release, titleId: 'tt1' }, release.files[0]!), ...changes };
}

const url = 'https://tv.example/stremio/k/play/s/0/film.mkv';
const film = candidate('Film.2021.1080p.BluRay.HDR10.DTS-HD.x265-GRP', [['film.mkv', 8_200_000_000]], {
  seeders: 55,
  foundIn: ['An indexer'],
});

const options = { url, isReady: false, subtitles: [], videoHash: null, hasAioStreamsName: false };

describe('stream object', () => {
  it('name - one glance: does it play at once, and how good is the picture', () => {
    expect(createStreamObject(film, { ...options, isReady: true }).name).toBe('Headstart ⚡\n1080p');
    expect(createStreamObject(film, { ...options, isReady: false }).name).toBe('Headstart ⏳\n1080p');
    const unknown = candidate('Film', [['Film.mkv', 5]]);
    expect(createStreamObject(unknown, { ...options, isReady: false }).name).toBe('Headstart ⏳');
  });

  it('description - release, file where it differs, the marks aggregators read, the picture', () => {
    expect(createStreamObject(film, { ...options, isReady: true }).description.split('\n')).toEqual([
      'Film.2021.1080p.BluRay.HDR10.DTS-HD.x265-GRP',
      'film.mkv',
      '💾 8.20 GB 👤 55 🔍 An indexer',
      expect.stringMatching(/^BluRay · H\.265 · /),
    ]);
    const same = createStreamObject(candidate('Film', [['Film.mkv', 5]]), { ...options, isReady: true });
    expect(same.description).toBe('Film\n💾 1 KB 🔍 Library');
  });

  it('shape - never a title beside name, no null anywhere, whole numbers', () => {
    const stream = createStreamObject(film, { ...options, isReady: true });
    expect(stream).not.toHaveProperty('title');
    expect(JSON.stringify(stream)).not.toContain('null');
    expect(stream.behaviorHints).toMatchObject({ filename: 'film.mkv', videoSize: 8_200_000_000, notWebReady: true });
    expect(stream.streamData).toMatchObject({ type: 'p2p', cached: true, seeders: 55, torrent: { fileIdx: 0 } });
  });

  it('video hash - is told where it is known', () => {
    const videoHash = '0123456789abcdef';
    expect(createStreamObject(film, options).behaviorHints).not.toHaveProperty('videoHash');
    expect(createStreamObject(film, { ...options, videoHash }).behaviorHints).toMatchObject({ videoHash });
  });

  it('unknown file - is told by the name of the release, without a size', () => {
    const stream = createStreamObject({ ...film, file: null, files: [] }, { ...options, isReady: false });
    expect(stream.behaviorHints).not.toHaveProperty('videoSize');
    expect(stream.behaviorHints.filename).toBe(film.releaseName);
  });

  it.each([
    ['https://tv.example/a.mp4', 'a.mp4', true],
    ['http://127.0.0.1:7000/a.mp4', 'a.mp4', true],
    ['http://192.168.0.5:7000/a.mp4', 'a.mp4', false],
    ['https://tv.example/a.mkv', 'a.mkv', false],
  ])('web - %s plays in a browser by itself: %s %s', (address, name, isWebReady) => {
    const stream = createStreamObject(candidate('F', [[name, 5]]), { ...options, isReady: true, url: address });
    expect(stream.behaviorHints.notWebReady).toBe(isWebReady ? undefined : true);
  });

  it('size - is written as shops write it', () => {
    expect([8_200_000_000, 129_241_752, 900, 1_500].map(formatSize)).toEqual(['8.20 GB', '129 MB', '1 KB', '2 KB']);
  });
});
