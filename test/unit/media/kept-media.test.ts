import { describe, expect, it } from '@jest/globals';
import { readKeptMedia } from '../../../backend/media/index.js';

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
