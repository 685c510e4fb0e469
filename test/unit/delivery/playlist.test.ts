import { describe, expect, it } from '@jest/globals';

import { formatPlaylist } from '../../../backend/delivery/playlist.js';

describe('playlist', () => {
  it('playlist - one line of what it is, one of where it is', () => {
    const text = formatPlaylist([
      { name: 'Film é.mkv', url: 'http://a/1/stream/0/Film%20%C3%A9.mkv', durationSeconds: 90.6 },
      { name: 'Song.mp3', url: 'http://a/1/stream/1/Song.mp3' },
    ]);
    expect(text).toBe(
      '#EXTM3U\n#EXTINF:91,Film é.mkv\nhttp://a/1/stream/0/Film%20%C3%A9.mkv\n#EXTINF:-1,Song.mp3\nhttp://a/1/stream/1/Song.mp3\n',
    );
  });

  it('playlist - nothing is a playlist too', () => expect(formatPlaylist([])).toBe('#EXTM3U\n'));

  it('playlist - a name cannot write lines of its own', () => {
    const text = formatPlaylist([{ name: 'a\r\nhttp://evil/\u2028b', url: 'http://a/b\nhttp://evil c' }]);
    expect(text.split('\n')).toEqual(['#EXTM3U', '#EXTINF:-1,a http://evil/ b', 'http://a/b%20http://evil%20c', '']);
  });
});
