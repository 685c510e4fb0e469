import { afterEach, describe, expect, it } from '@jest/globals';
import type { MediaFile, Release } from '../../../../backend/content/index.js';
import { HttpEngine, urlContentId } from '../../../../backend/engines/http/index.js';
import type { Engine, StageReport } from '../../../../backend/jobs/index.js';
import { AddressPolicy, createHttpClient, systemClock, type Clock } from '../../../../backend/platform/index.js';
import { NotedLog } from '../../../support/noted-log.js';
import { pseudoRandomBytes } from '../../../support/pseudo-random.js';
import { RangeServer, type RangeServerOptions } from '../../../support/range-server.js';

const bytes = pseudoRandomBytes('http engine', 300_000);
const signal = new AbortController().signal;
/** Delays between attempts are noted, not waited for. */
const delays: number[] = [];
const hastyClock: Clock = {
  ...systemClock,
  sleep: (ms, options = {}) => {
    delays.push(ms);
    options.signal?.throwIfAborted();
    return Promise.resolve();
  },
};

let servers: RangeServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
  delays.length = 0;
});

async function serve(options: Partial<RangeServerOptions> = {}): Promise<{ server: RangeServer; origin: string }> {
  const server = new RangeServer({ bytes, ...options });
  servers.push(server);
  return { server, origin: await server.start() };
}

function createEngine(): Engine {
  const client = createHttpClient({ policy: new AddressPolicy(true), log: new NotedLog() });
  return new HttpEngine({ client, clock: hastyClock });
}

async function resolve(url: string, engine = createEngine()): Promise<Release> {
  return engine.resolve({ kind: 'http', url }, { signal, report: () => undefined });
}

async function openAt(url: string): Promise<MediaFile> {
  const engine = createEngine();
  const release = await resolve(url, engine);
  const [file] = release.files;
  if (file === undefined) throw new Error('no file');
  return engine.open(release, file, { signal });
}

async function read(file: MediaFile, start = 0, end = file.sizeBytes): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of file.open({ start, end }, { signal })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('http engine, looking a file up', () => {
  it('http engine - takes name and size from the server', async () => {
    const { origin } = await serve({
      headers: { 'Content-Disposition': `attachment; filename*=UTF-8''f%C3%AFlm.mkv` },
    });
    const release = await resolve(`${origin}/download?id=5`);
    expect(release).toMatchObject({
      contentId: urlContentId(`${origin}/download?id=5`),
      name: 'fïlm.mkv',
      files: [{ index: 0, name: 'fïlm.mkv', sizeBytes: bytes.length }],
    });
  });

  const names: [string, Record<string, string>, string][] = [
    ['/a/film%20one.mkv?x=1', {}, 'film one.mkv'],
    ['/a/%2e%2e%2fetc%2fpasswd.mkv', {}, 'passwd.mkv'],
    ['/a/%zz.mkv', {}, '%zz.mkv'],
    ['/watch', { 'Content-Type': 'video/mp4' }, 'watch.mp4'],
    ['/', { 'Content-Type': 'text/html' }, 'file'],
    ['/x.mkv', { 'Content-Disposition': 'attachment; filename="..\\\\..\\\\evil.mkv"' }, 'evil.mkv'],
  ];
  it.each(names)('http engine - names %s', async (path, headers, name) => {
    const { origin } = await serve({ headers });
    expect((await resolve(origin + path)).name).toBe(name);
  });

  const refusals: [string, (server: RangeServer) => void, string, string][] = [
    ['no ranges', (server) => (server.hasRanges = false), 'UpstreamError', 'RANGE_UNSUPPORTED'],
    ['not there', (server) => (server.status = 404), 'UnplayableError', 'FILE_MISSING'],
    ['forbidden', (server) => (server.status = 403), 'UpstreamError', 'HTTP_REFUSED'],
    ['broken', (server) => (server.status = 500), 'UpstreamError', 'UPSTREAM'],
    ['empty', (server) => (server.bytes = new Uint8Array()), 'UnplayableError', 'FILE_EMPTY'],
  ];
  it.each(refusals)('http engine - %s', async (_title, misbehave, name, code) => {
    const { server, origin } = await serve();
    misbehave(server);
    await expect(resolve(`${origin}/film.mkv`)).rejects.toMatchObject({ name, code });
  });

  it('http engine - refuses what the guard refuses', async () => {
    const client = createHttpClient({ policy: new AddressPolicy(false), log: new NotedLog() });
    const engine = new HttpEngine({ client, clock: hastyClock });
    const asked = engine.resolve({ kind: 'http', url: 'http://127.0.0.1:9/x' }, { signal, report: () => undefined });
    await expect(asked).rejects.toMatchObject({ code: 'FETCH_REFUSED' });
  });

  it('http engine - one content for one address, however it is written', () => {
    expect(urlContentId('HTTP://Example.com:80/a?b#c')).toBe(urlContentId('http://example.com/a?b'));
    expect(urlContentId('http://example.com/a?b')).not.toBe(urlContentId('http://example.com/a?c'));
    expect(() => urlContentId('ftp://example.com/a')).toThrow();
    expect(() => urlContentId('nonsense')).toThrow();
  });

  it('http engine - is streamable once its first bytes came, and says how far it is', async () => {
    const { server, origin } = await serve();
    const engine = createEngine();
    const release = await resolve(`${origin}/film.mkv`, engine);
    const [file] = release.files;
    const reports: StageReport[] = [];
    const options = { signal, priority: 'prepare', report: (report: StageReport) => reports.push(report) } as const;
    const prepared = await engine.prepare(release, file!, options);
    await prepared.completed;
    expect(prepared.method).toBe('http-download');
    expect(reports.at(-1)).toMatchObject({ stage: 'downloading', fraction: 1 });
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=0-0', 'bytes=0-65535']);
  });

  it('http engine - keeps its identity over restarts, and not over a change', async () => {
    const { server, origin } = await serve();
    const first = await openAt(`${origin}/film.mkv`);
    expect((await openAt(`${origin}/film.mkv`)).id).toBe(first.id);
    server.etag = '"two"';
    expect((await openAt(`${origin}/film.mkv`)).id).not.toBe(first.id);
  });

  it('http engine - a file of another size than is known is not opened', async () => {
    const { server, origin } = await serve();
    const release = await resolve(`${origin}/film.mkv`);
    server.bytes = bytes.subarray(0, 1_000);
    const opening = createEngine().open(release, release.files[0]!, { signal });
    await expect(opening).rejects.toMatchObject({ code: 'CONTENT_CHANGED' });
  });
});

describe('http engine, reading', () => {
  const boundaries: [string, number][] = [
    ['before the first byte', 0],
    ['after the first byte', 1],
    ['in the middle', 150_000],
    ['before the last byte', bytes.length - 1],
  ];
  it.each(boundaries)('http engine - goes on where the transfer was cut %s', async (_title, before) => {
    const { server, origin } = await serve();
    const file = await openAt(`${origin}/film.mkv`);
    server.cut = (start) => (start === 0 ? before : null);
    let isFirst = true;
    if (before === 0) {
      server.cut = (start) => {
        const cut = isFirst && start === 0 ? 0 : null;
        isFirst = false;
        return cut;
      };
    }
    expect((await read(file)).equals(bytes)).toBe(true);
    expect(server.requests.at(-1)?.range).toBe(`bytes=${before}-${bytes.length - 1}`);
    expect(server.requests.at(-1)?.ifRange).toBe('"one"');
  });

  it('http engine - survives many cuts as long as something comes each time', async () => {
    const { server, origin } = await serve();
    const file = await openAt(`${origin}/film.mkv`);
    server.cut = () => 20_000;
    expect((await read(file)).equals(bytes)).toBe(true);
    expect(new Set(delays)).toEqual(new Set([250]));
  });

  it('http engine - gives up after a few attempts without a byte, waiting longer each time', async () => {
    const { server, origin } = await serve();
    const file = await openAt(`${origin}/film.mkv`);
    server.cut = () => 0;
    await expect(read(file)).rejects.toMatchObject({ name: 'UpstreamError' });
    expect(delays).toEqual([250, 1_000, 4_000]);
  });

  it('http engine - never mixes two versions of a file', async () => {
    const { server, origin } = await serve();
    const file = await openAt(`${origin}/film.mkv`);
    server.cut = (start) => {
      server.etag = '"two"';
      return start === 0 ? 1_000 : null;
    };
    await expect(read(file)).rejects.toMatchObject({ code: 'CONTENT_CHANGED' });
  });

  it('http engine - without a validator, a change of size is noticed all the same', async () => {
    const { server, origin } = await serve({ etag: null, lastModified: null });
    const file = await openAt(`${origin}/film.mkv`);
    server.bytes = Buffer.concat([bytes, bytes]);
    await expect(read(file)).rejects.toMatchObject({ code: 'CONTENT_CHANGED' });
  });

  it('http engine - a reader that leaves lets the connection go', async () => {
    const { server, origin } = await serve({ bytes: pseudoRandomBytes('large', 8_000_000) });
    const file = await openAt(`${origin}/film.mkv`);
    for await (const chunk of file.open({ start: 0, end: file.sizeBytes }, { signal })) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    let open = await server.connections();
    while (open > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      open = await server.connections();
    }
    expect(open).toBe(0);
  });
});
