// Input made to hurt: clear errors with codes, within bounds of time and memory, and a server that is still there.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import bencode from 'bencode';

import { pseudoRandomBytes, randomNumbers, startLibtorrentPeer } from '../../scripts/lab/index.js';
import { ask, askJson, askRange, sha256 } from '../support/http.js';
import { originalRange } from '../support/originals.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';

const mebibyte = 1024 * 1024;

describe('hostile input', () => {
  let lab: TorrentLab;
  beforeAll(async () => {
    lab = await startTorrentLab();
  });
  afterAll(async () => {
    const { status } = await ask(lab.server.url('/health'));
    await lab.close();
    expect(status).toBe(200);
    expect(lab.server.logs).not.toMatch(/unhandled|uncaught/i);
  });

  const postTorrent = (bytes: string | Uint8Array): ReturnType<typeof askJson> =>
    askJson(lab.server.url('/torrents'), { method: 'POST', headers: { 'x-api-key': lab.server.apiKey }, body: bytes });

  it.each([
    ['a hash that is none', '/stream/prepare/zzzz'],
    ['a traversal in place of a hash', '/stream/prepare/..%2f..%2fetc%2fpasswd'],
    ['a bad escape', '/stream/prepare/%zz'],
    ['a negative index', `/stream/prepare/${'a'.repeat(40)}?fileIndex=-1`],
    ['an index that is a word', `/stream/prepare/${'a'.repeat(40)}?fileIndex=first`],
    ['an index beyond all numbers', `/stream/prepare/${'a'.repeat(40)}?fileIndex=99999999999999999999`],
  ])('prepare - %s is answered 400', async (_label, path) => {
    const { status, json } = await lab.server.post(path);
    expect(status).toBe(400);
    expect(typeof json.error).toBe('string');
  });

  it('prepare - a magnet of 10 MB is refused at once', async () => {
    const magnet = `magnet:?xt=urn:btih:${'b'.repeat(40)}&dn=${'x'.repeat(10 * mebibyte)}`;
    const { status } = await lab.server.post('/stream/prepare', { magnet });
    expect([400, 413]).toContain(status);
  });

  it('prepare - a magnet with ten thousand trackers does not announce to them all', async () => {
    const trackers = Array.from(
      { length: 10_000 },
      (_, at) => `&tr=http%3A%2F%2F127.0.0.1%3A1%2F${String(at)}%2Fannounce`,
    );
    const { status } = await lab.server.post('/stream/prepare', {
      magnet: `magnet:?xt=urn:btih:${'c'.repeat(40)}${trackers.join('')}`,
    });
    expect([200, 400, 413]).toContain(status);
  });

  it('prepare - magnets that point into the file system or elsewhere are not followed', async () => {
    for (const link of [
      'xs=file%3A%2F%2F%2Fetc%2Fpasswd',
      'as=%2Fetc%2Fpasswd',
      'ws=http%3A%2F%2F169.254.169.254%2F',
      'x.pe=169.254.169.254:80',
    ]) {
      const { status } = await lab.server.post('/stream/prepare', {
        magnet: `magnet:?xt=urn:btih:${'d'.repeat(40)}&${link}`,
      });
      expect([200, 400]).toContain(status);
    }
  });

  it('prepare - a torrent at a forbidden address is refused without a request to it', async () => {
    for (const url of [
      'http://169.254.169.254/latest/meta-data',
      'http://10.0.0.1/a.torrent',
      'file:///etc/passwd',
      'gopher://127.0.0.1/',
    ]) {
      const { status, json } = await lab.server.post('/stream/prepare', { torrent_url: url });
      expect([200, 400, 403]).toContain(status);
      if (status === 200) continue; // found out while resolving; the job says so
      expect(typeof json.error).toBe('string');
    }
  });

  it('torrents - a torrent that only knows BitTorrent v2 is a clear error', async () => {
    const folder = await lab.resources.folder();
    const source = join(folder, 'v2.mkv');
    await writeFile(source, pseudoRandomBytes('v2', 200_000));
    const maker = lab.resources.use(await startLibtorrentPeer());
    const target = join(folder, 'v2.torrent');
    await maker.make({ source, target, pieceLength: 16_384, version: 'v2' });
    const { status, json } = await postTorrent(await readFile(target));
    expect(status).toBe(400);
    expect(json.human_readable).toMatch(/v2/i);
  });

  it('torrents - sizes and counts no disk could hold are refused', async () => {
    const bombs = [
      { name: 'a', 'piece length': 1, pieces: new Uint8Array(20), length: 2 ** 52 },
      { name: 'a', 'piece length': 16_384, pieces: new Uint8Array(20), length: Number.MAX_SAFE_INTEGER },
      { name: 'a', 'piece length': 0, pieces: new Uint8Array(20), length: 5 },
      { name: 'a', 'piece length': 16_384, pieces: new Uint8Array(19), length: 5 },
      { name: 'a', 'piece length': 16_384, pieces: new Uint8Array(20), length: -5 },
      { name: 'a', 'piece length': 2 ** 40, pieces: new Uint8Array(20), length: 2 ** 39 },
      { name: 'a', 'piece length': 16_384, pieces: new Uint8Array(20), files: [] },
    ];
    for (const info of bombs) {
      const { status, json } = await postTorrent(bencode.encode({ info }));
      expect(status).toBe(400);
      expect(json).toMatchObject({ status: 400, error_kind: expect.any(String), human_readable: expect.any(String) });
    }
  });

  it('torrents - a pack of a million empty files is refused or bounded', async () => {
    const files = Array.from({ length: 300_000 }, (_, at) => ({ length: 0, path: [String(at)] }));
    const info = {
      name: 'many',
      'piece length': 16_384,
      pieces: new Uint8Array(20),
      files: [...files, { length: 9, path: ['x'] }],
    };
    const before = await lab.server.residentBytes();
    const { status } = await postTorrent(bencode.encode({ info }));
    expect([400, 413]).toContain(status);
    expect((await lab.server.residentBytes()) - before).toBeLessThan(300 * mebibyte);
  });

  it('torrents - damaged torrents are errors, never crashes', async () => {
    const torrent = await lab.make({
      name: 'Fuzz.mkv',
      pieceLength: 16_384,
      files: [{ path: [], sizeBytes: 100_000 }],
      isSeeded: false,
    });
    const random = randomNumbers(7);
    for (let round = 0; round < 150; round++) {
      const bytes = Uint8Array.from(torrent.torrentBytes);
      for (let hits = 1 + Math.floor(random() * 6); hits > 0; hits--) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const cut = random() < 0.3 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      const { status } = await askJson(lab.server.url('/torrents?list_only=true'), {
        method: 'POST',
        headers: { 'x-api-key': lab.server.apiKey },
        body: cut,
      });
      expect([200, 400]).toContain(status);
    }
  });

  it('ranges - whatever is sent is answered 200, 206 or 416, with the bytes that were named', async () => {
    const torrent = await lab.make({
      name: 'Ranges.mkv',
      pieceLength: 16_384,
      files: [{ path: [], sizeBytes: 100_000 }],
    });
    const { streamUrl } = await lab.ready(torrent);
    const random = randomNumbers(11);
    const alphabet = [
      'bytes',
      '=',
      '-',
      ',',
      ' ',
      '0',
      '1',
      '99',
      '50000',
      '100000',
      '999999999999999999999',
      'x',
      '\t',
      '--',
      '+5',
      '1.5',
    ];
    for (let round = 0; round < 200; round++) {
      const range = Array.from(
        { length: 1 + Math.floor(random() * 8) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
      const { status } = await ask(streamUrl, { headers: { range: random() < 0.7 ? `bytes=${range}` : range } });
      expect([200, 206, 416]).toContain(status);
    }
    const answer = await askRange(streamUrl, 99_990, 100_500);
    const [file] = torrent.files;
    expect(sha256(answer.body)).toBe(sha256(await originalRange(file?.diskPath ?? '', 99_990, 100_000)));
  });
});
