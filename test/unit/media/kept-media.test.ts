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
});
