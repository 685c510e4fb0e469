import { describe, expect, it } from '@jest/globals';
import bencode from 'bencode';
import type { TorrentUrlSource } from '../../../../../backend/content/index.js';
import { InputError } from '../../../../../backend/content/index.js';
import { fetchTorrent } from '../../../../../backend/engines/torrent/host/fetch-torrent.js';

const source: TorrentUrlSource = {
  kind: 'torrent-url',
  url: 'http://indexer.example/1.torrent',
  trackers: ['http://tracker.example/announce'],
  peers: ['192.0.2.1:6881'],
};
const torrent = bencode.encode({
  announce: 'http://own.example/announce',
  info: { length: 3, name: 'film.mkv', 'piece length': 16_384, pieces: new Uint8Array(20) },
});
const { signal } = new AbortController();

function answering(status: number, body: Uint8Array, headers: Record<string, string> = {}) {
  const asked: { url: string; maxBytes: number }[] = [];
  const get = (url: string, { maxBytes }: { maxBytes: number }) => {
    asked.push({ url, maxBytes });
    return Promise.resolve({ status, headers, body, url });
  };
  return { asked, http: { get } };
}

describe('fetch torrent', () => {
  it('fetch torrent - gives what the file says, and the ways that the source knew', async () => {
    const { asked, http } = answering(200, torrent);
    const fetched = await fetchTorrent(source, { http, signal });
    expect(fetched).toMatchObject({ kind: 'torrent', peers: source.peers });
    expect(fetched.trackers).toEqual(['http://own.example/announce', 'http://tracker.example/announce']);
    expect(asked).toMatchObject([{ url: source.url }]);
    expect(asked[0]!.maxBytes).toBeLessThan(100 * 1024 * 1024);
  });

  it('fetch torrent - takes a redirect to a magnet link for the torrent it names', async () => {
    const infoHash = 'a'.repeat(40);
    const location = `magnet:?xt=urn:btih:${infoHash}&tr=udp%3A%2F%2Fmagnet.example%3A1337`;
    const { http } = answering(301, new Uint8Array(), { location });
    expect(await fetchTorrent(source, { http, signal })).toMatchObject({
      infoHash,
      trackers: ['udp://magnet.example:1337', 'http://tracker.example/announce'],
      peers: source.peers,
    });
  });

  it('fetch torrent - refuses a redirect to anything else', async () => {
    const { http } = answering(302, new Uint8Array(), { location: 'ftp://files.example/1.torrent' });
    await expect(fetchTorrent(source, { http, signal })).rejects.toThrow(InputError);
  });

  it('fetch torrent - refuses whatever is no torrent', async () => {
    for (const [status, body] of [
      [404, torrent],
      [200, Buffer.from('<html>')],
      [200, new Uint8Array()],
    ] as const) {
      const { http } = answering(status, body);
      await expect(fetchTorrent(source, { http, signal })).rejects.toThrow(InputError);
    }
  });
});
