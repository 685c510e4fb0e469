import { describe, expect, it } from '@jest/globals';
import { readKeptFacts, readKeptMedia } from '../../../backend/media/index.js';

describe('kept media', () => {
  it.each([
    ['what was never looked at', null, null],
    ['text', 'matroska', null],
    ['facts without a hash', { container: 'matroska' }, null],
    ['a hash', { videoHash: '0123456789abcdef', container: 'matroska' }, '0123456789abcdef'],
    ['another spelling', { videoHash: '0123456789ABCDEF' }, null],
    ['something else', { videoHash: 5 }, null],
  ])('%s - is read as far as it goes', (_what, kept, videoHash) => {
    expect(readKeptMedia(kept)).toMatchObject({ videoHash });
  });

  it('text tracks - are those of Matroska files that are text, where they are known well enough', () => {
    const subtitles = [
      { index: 2, codec: 'subrip', language: 'eng', isText: true },
      { index: 3, codec: 'hdmv_pgs_subtitle', language: 'eng', isText: false },
      { codec: 'ass', language: null, isText: true },
      { index: 5, codec: 'ass', language: null, isText: true },
      'subrip',
    ];
    const tracks = (container: string): unknown => readKeptMedia({ container, subtitles }).textTracks;
    expect(tracks('matroska')).toEqual([
      { index: 2, language: 'eng' },
      { index: 5, language: null },
    ]);
    expect(tracks('mp4')).toEqual([]);
  });
});

describe('kept facts', () => {
  const video = { codec: 'hevc', width: 3840, height: 2160, hdr: 'DV', frameRate: 23.976 };
  const facts = {
    container: 'matroska',
    durationSeconds: 5400,
    bitrate: null,
    video,
    audio: [{ codec: 'eac3', channels: 6, language: 'eng' }],
    subtitles: [{ index: 2, codec: 'subrip', language: null, isText: true }],
  };

  it('facts - come back as they were told, the hash beside them left out', () => {
    expect(readKeptFacts({ ...facts, videoHash: '0123456789abcdef' })).toEqual(facts);
  });

  it.each([[null], [undefined], ['matroska'], [{ videoHash: '0123456789abcdef' }]])('%p - tells nothing', (kept) => {
    expect(readKeptFacts(kept)).toBeNull();
  });

  it('facts - what cannot be read of them is not known', () => {
    const broken = { container: 'mp4', durationSeconds: 'long', video: { codec: 1 }, audio: 'loud' };
    expect(readKeptFacts(broken)).toEqual({
      ...{ container: 'mp4', durationSeconds: null, bitrate: null, video: null },
      ...{ audio: [], subtitles: [] },
    });
  });
});
