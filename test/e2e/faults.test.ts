// What goes wrong in a swarm or inside the server, and what the viewer gets then.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { ask, askHash, open, readSome } from '../support/http.js';
import { seed, seedAlso } from '../support/libtorrent-seeder.js';
import { prepare, pollStatus, untilReady } from '../support/prepare.js';
import { pseudoRandomBytes, startTcpRelay } from '../../scripts/lab/index.js';
import { startTorrentLab, type TorrentLab } from '../support/torrent-lab.js';
import { until } from '../support/until.js';

const megabyte = 1_000_000;

describe('faults', () => {
  let lab: TorrentLab | null = null;
  afterEach(async () => {
    await lab?.close();
    lab = null;
  });

  it('dead torrent - fails with a reason at the deadline, and a new try starts at once and finds who came meanwhile', async () => {
    lab = await startTorrentLab({ env: { PREPARE_TIMEOUT: '15s' } });
    const torrent = await lab.make({
      name: 'Dead.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: megabyte }],
      isSeeded: false,
    });
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    const failed = await until('it fails', async () => {
      const status = await pollStatus(prepared.statusUrl);
      return status.status === 'failed' ? status : null;
    });
    expect(failed).toMatchObject({ success: true, progress: 0 });
    expect(failed.error).toMatch(/peer|metadata/i);
    expect((await ask(prepared.streamUrl)).status).toBe(502);
    const again = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    expect(again.jobId).not.toBe(prepared.jobId);
    await seedAlso(lab.seeder, torrent);
    await untilReady(again);
    expect(await askHash(again.streamUrl)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('worker killed in the middle of a film - the reader goes on and gets every byte', async () => {
    lab = await startTorrentLab({ canKillWorkers: true });
    const torrent = await lab.make({
      name: 'Worker.mkv',
      pieceLength: 131_072,
      files: [{ path: [], sizeBytes: 16 * megabyte }],
      uploadLimit: 3 * megabyte,
    });
    const { streamUrl } = await lab.ready(torrent);
    const whole = askHash(streamUrl);
    const { seeder, server } = lab;
    await until('a part is here', async () => (await seeder.stats(torrent.infoHash)).uploadedBytes > 5 * megabyte);
    server.killWorkers();
    await until('the worker is killed', () => /terminating [1-9]/.test(server.logs));
    expect(await whole).toMatchObject({ sizeBytes: 16 * megabyte, sha256: torrent.files[0]?.sha256 });
  });

  it('kill -9 and start - jobs, ids and stream addresses are what they were', async () => {
    lab = await startTorrentLab();
    const torrent = await lab.make({
      name: 'Survivor.mkv',
      pieceLength: 131_072,
      files: [{ path: [], sizeBytes: 10 * megabyte }],
      uploadLimit: 4 * megabyte,
    });
    const before = await lab.ready(torrent);
    const idBefore = await torrentId(lab, torrent.infoHash);
    const response = await open(before.streamUrl);
    await readSome(response, 2 * megabyte);
    response.on('error', () => undefined);
    await lab.server.kill();
    await lab.server.start();
    const path = (url: string): string => new URL(url).pathname + new URL(url).search;
    const status = await untilReady({ ...before, statusUrl: lab.server.url(path(before.statusUrl)) });
    expect(status.jobId).toBe(before.jobId);
    expect(await askHash(lab.server.url(path(before.streamUrl)))).toMatchObject({ sha256: torrent.files[0]?.sha256 });
    expect(await torrentId(lab, torrent.infoHash)).toBe(idBefore);
  });

  it('kill -9 during preparation - the same job goes on after the start', async () => {
    lab = await startTorrentLab();
    const torrent = await lab.make({
      name: 'Interrupted.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 2 * megabyte }],
      isSeeded: false,
    });
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet });
    await lab.server.kill();
    const late = lab.resources.use(await seed([torrent]));
    expect(late.port).toBeGreaterThan(0);
    await lab.server.start();
    const statusUrl = lab.server.url(new URL(prepared.statusUrl).pathname + new URL(prepared.statusUrl).search);
    expect(await untilReady({ ...prepared, statusUrl })).toMatchObject({ jobId: prepared.jobId });
  });

  it('clean stop and start - what was complete is served with no swarm at all', async () => {
    lab = await startTorrentLab();
    const torrent = await lab.make({
      name: 'Kept.mkv',
      pieceLength: 131_072,
      files: [{ path: [], sizeBytes: 5 * megabyte }],
    });
    const { streamUrl } = await lab.ready(torrent);
    await askHash(streamUrl);
    expect(await lab.server.stop()).toBe(0);
    await lab.seeder.close();
    await lab.server.start();
    const url = lab.server.url(new URL(streamUrl).pathname + new URL(streamUrl).search);
    expect(await askHash(url)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('peer cut off and back again - the reader waits and goes on', async () => {
    lab = await startTorrentLab();
    const torrent = await lab.make({
      name: 'Cut.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 8 * megabyte }],
      trackers: [],
      uploadLimit: 2 * megabyte,
    });
    const relay = lab.resources.use(await startTcpRelay(lab.seeder.port));
    const prepared = await prepare(lab.server, torrent.infoHash, {
      magnet: torrent.magnet,
      initial_peers: relay.address,
    });
    await untilReady(prepared);
    const whole = askHash(prepared.streamUrl);
    await until('a part is here', () => relay.downstreamBytes() > 3 * megabyte);
    relay.cut();
    expect(await whole).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('peer that lies - no wrong byte reaches the viewer, and an honest peer is enough', async () => {
    lab = await startTorrentLab();
    const torrent = await lab.make({
      name: 'Lied.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 3 * megabyte }],
      trackers: [],
      uploadLimit: megabyte,
    });
    const lies = await lab.resources.folder();
    await writeFile(join(lies, '0'), pseudoRandomBytes('lies', 3 * megabyte));
    const liar = lab.resources.use(await seed([{ ...torrent, folder: lies }]));
    const peers = `${liar.address},${lab.seeder.address}`;
    const prepared = await prepare(lab.server, torrent.infoHash, { magnet: torrent.magnet, initial_peers: peers });
    await untilReady(prepared);
    expect(await askHash(prepared.streamUrl)).toMatchObject({ sha256: torrent.files[0]?.sha256 });
  });

  it('peer gone for good - the answer is cut off after the stall limit, never ended as if whole', async () => {
    lab = await startTorrentLab({ env: { STREAM_STALL_TIMEOUT: '2s' } });
    const torrent = await lab.make({
      name: 'Stalled.mkv',
      pieceLength: 65_536,
      files: [{ path: [], sizeBytes: 30 * megabyte }],
      uploadLimit: 3 * megabyte,
    });
    const { streamUrl } = await lab.ready(torrent);
    const whole = askHash(streamUrl);
    const { seeder } = lab;
    await until('a part is here', async () => (await seeder.stats(torrent.infoHash)).uploadedBytes > 6 * megabyte);
    await seeder.close();
    await expect(whole).rejects.toThrow();
  });
});

async function torrentId(lab: TorrentLab, infoHash: string): Promise<unknown> {
  const { json } = await lab.server.get(`/torrents/${infoHash}`);
  return json.id;
}
