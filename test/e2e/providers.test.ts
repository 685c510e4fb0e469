// News servers of the built server: their live figures, what a test says is wrong with each, failures that are not the
// release's fault, and no secret anywhere. And a server without any.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { makePost, pseudoRandomSource, startNntpServer } from '../../scripts/lab/index.js';
import { startHeadstart, type HeadstartProcess } from '../support/headstart-process.js';
import { ask, askHash, askJson } from '../support/http.js';
import { startIndexer } from '../support/indexer.js';
import { nzbAnswer, nzbFailure, submitNzb } from '../support/nzb-client.js';
import { Resources } from '../support/resources.js';
import { createTestAuthority } from '../support/test-authority.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';

const [user, password] = ['user-4b7d@mail.example', 'pass-word/9c1e'];
const secrets = [user, password, encodeURIComponent(user), encodeURIComponent(password), 'indexer-key-77aa'];
const count = z.number().nonnegative();
const providersForm = z.strictObject({
  providers: z.array(
    z.strictObject({
      id: z.string().min(1),
      host: z.string().min(1),
      port: z.int().positive(),
      tls: z.boolean(),
      state: z.enum(['idle', 'ok', 'cooling', 'auth', 'limit', 'quota']),
      connections: z.strictObject({ open: count, busy: count, limit: count, configured: count }),
      ...{ speedBytesPerSecond: count, articles: count, bytes: count, misses: count, errors: count },
      lastError: z.strictObject({ code: z.string(), message: z.string(), at: z.iso.datetime() }).nullable(),
      origin: z.literal('environment'),
      settings: z.strictObject({
        ...{ name: z.string().min(1), host: z.string().min(1), port: z.int().positive() },
        ...{ isTls: z.boolean(), isInsecure: z.boolean(), connections: count, priority: count, isBackup: z.boolean() },
        ...{ hasUser: z.boolean(), hasPassword: z.boolean() },
      }),
    }),
  ),
});
const testForm = z.strictObject({
  id: z.string(),
  ok: z.boolean(),
  code: z.string(),
  message: z.string(),
  stages: z.array(z.strictObject({ stage: z.string(), ok: z.boolean(), ms: count, message: z.string().optional() })),
});

describe('providers', () => {
  let lab: UsenetLab;
  let answers = '';
  beforeAll(async () => {
    const resources = new Resources();
    const authority = createTestAuthority();
    const { server: tls } = authority;
    const start = async (options: Parameters<typeof startNntpServer>[0]): Promise<number> =>
      resources.use(await startNntpServer(options)).port;
    const closed = await startNntpServer();
    await closed.close();
    const caFile = join(await resources.folder(), 'ca.pem');
    await writeFile(caFile, authority.certificate);
    const at = (port: number, scheme = 'nntp', more = ''): string =>
      `${scheme}://${login}127.0.0.1:${String(port)}/?backup=1&connections=2${more}`;
    const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
    const secure = await start({ tls, user, password });
    const moreProviders = [
      at(secure, 'nntps', `&ca=${encodeURIComponent(caFile)}`),
      at(secure, 'nntps'),
      at(await start({ user, password: 'another' })),
      at(await start({ user, password, maxConnections: 0 })),
      at(await start({ greeting: () => '400 Closed for repairs' })),
      at(closed.port),
      `nntps://${login}news.invalid/?backup=1`,
    ];
    lab = await openUsenetLab({ server: 'scripted', scripted: { user, password }, moreProviders });
    lab.resources.defer(() => resources.close());
  });
  afterAll(async () => {
    const { logs } = lab.headstart;
    await lab.close();
    for (const secret of secrets) expect([logs.includes(secret), answers.includes(secret)]).toEqual([false, false]);
  });

  const ids = {
    ...{ good: '127.0.0.1', trusted: '127.0.0.1-2', untrusted: '127.0.0.1-3', login: '127.0.0.1-4' },
    ...{ limit: '127.0.0.1-5', closed: '127.0.0.1-6', refused: '127.0.0.1-7', unknown: 'news.invalid' },
  };
  const figures = async (): Promise<z.infer<typeof providersForm>['providers']> => {
    const { json } = await lab.headstart.get('/api/providers');
    answers += JSON.stringify(json);
    return providersForm.parse(json).providers;
  };

  it('figures - are those of the moment, of every provider in the order they are asked', async () => {
    const before = await figures();
    expect(before.map(({ id }) => id)).toEqual(Object.values(ids));
    expect(before.map(({ tls }) => tls)).toEqual([false, true, true, false, false, false, false, true]);
    const name = 'Counted.Film.2020.1080p';
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 400_000) }];
    const { nzbUrl } = await lab.post(name, files, { partBytes: 20_000 });
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, { nzb_url: nzbUrl }));
    expect((await askHash(streams[0]?.url ?? '')).sizeBytes).toBe(400_000);
    const [first, ...others] = await figures();
    expect(first).toMatchObject({ state: 'ok', lastError: null, misses: before[0]?.misses, errors: 0 });
    expect(first?.connections).toMatchObject({ configured: 4, limit: 4 });
    expect(first?.connections.open).toBeGreaterThan(0);
    expect(first?.connections.open).toBeLessThanOrEqual(4);
    expect((first?.articles ?? 0) - (before[0]?.articles ?? 0)).toBe(20);
    expect(first?.bytes).toBeGreaterThan(400_000);
    expect(first?.speedBytesPerSecond).toBeGreaterThan(0);
    expect(others.map(({ articles }) => articles)).toEqual(others.map(() => 0));
  });

  it.each([
    [ids.good, 'OK', ['dns', 'connect', 'greeting', 'login', 'stat'], /answers/],
    [ids.trusted, 'OK', ['dns', 'connect', 'tls', 'greeting', 'login', 'stat'], /answers/],
    [ids.untrusted, 'PROVIDER_UNREACHABLE', ['dns', 'connect', 'tls'], /certificate/i],
    [ids.login, 'PROVIDER_AUTH', ['dns', 'connect', 'greeting', 'login'], /password|login|account|refuse/i],
    [ids.limit, 'PROVIDER_LIMIT', ['dns', 'connect', 'greeting'], /connections/i],
    [ids.closed, 'PROVIDER_UNREACHABLE', ['dns', 'connect', 'greeting'], /127\.0\.0\.1/],
    [ids.refused, 'PROVIDER_UNREACHABLE', ['dns', 'connect'], /refuse|connect/i],
    [ids.unknown, 'PROVIDER_UNREACHABLE', ['dns'], /news\.invalid/],
  ])(
    'test of %s - is %s, found at the stage it happens',
    async (id, code, stages, message) => {
      const { status, json } = await lab.headstart.post(`/api/providers/${id}/test`);
      answers += JSON.stringify(json);
      expect(status).toBe(200);
      const findings = testForm.parse(json);
      expect([findings.id, findings.ok, findings.code]).toEqual([id, code === 'OK', code]);
      expect(findings.stages.map(({ stage }) => stage)).toEqual(stages);
      expect(findings.stages.map(({ ok }) => ok)).toEqual(
        stages.map((_, at) => code === 'OK' || at < stages.length - 1),
      );
      expect(findings.message).toMatch(message);
    },
    25_000,
  );

  it('access - is the admin’s; an unknown provider is 404', async () => {
    expect((await ask(lab.headstart.url('/api/providers'))).status).toBe(401);
    expect((await ask(lab.headstart.url(`/api/providers/${ids.good}/test`), { method: 'POST' })).status).toBe(401);
    expect((await lab.headstart.post('/api/providers/nobody/test')).status).toBe(404);
  });

  it('secrets - are in no answer, not even to what fails at every provider', async () => {
    const indexer = lab.resources.use(await startIndexer());
    const files = [{ name: 'a.mkv', content: pseudoRandomSource('dead', 40_000) }];
    const { nzb } = await lab.post('Dead.2020', files, { partBytes: 20_000, isMissing: () => true });
    const nzbUrl = `${indexer.serve('/dead.nzb', nzb)}?apikey=indexer-key-77aa`;
    const answer = await submitNzb(lab.headstart, { nzb_url: nzbUrl });
    answers += JSON.stringify(answer.json);
    expect(nzbFailure(answer)).toEqual([502, 'PROVIDER_AUTH']);
    const faults = (await figures()).map(({ lastError, misses }) => lastError?.code ?? misses > 0);
    const unreachable = 'PROVIDER_UNREACHABLE';
    expect(faults.slice(0, 2)).toEqual([true, true]);
    expect(faults.slice(2)).toEqual([
      ...[unreachable, 'PROVIDER_AUTH', 'PROVIDER_LIMIT'],
      ...[unreachable, unreachable, unreachable],
    ]);
    expect(indexer.asked[0]).toContain('indexer-key-77aa');
  });
});

describe('trouble with the only provider', () => {
  const resources = new Resources();
  afterAll(() => resources.close());

  it.each([
    ['a wrong password', { user, password }, 502, 'PROVIDER_AUTH'],
    ['too many connections', { maxConnections: 0 }, 503, 'PROVIDER_LIMIT'],
    ['a server that is closed', { greeting: () => '400 Closed for repairs' }, 502, 'PROVIDER_UNREACHABLE'],
  ])('%s - is said as such, soon, and not held against the release', async (_what, trouble, status, code) => {
    const name = `Innocent.Film.${code}`;
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 40_000) }];
    const post = makePost(files, { seed: name, partBytes: 20_000 });
    const ill = resources.use(await startNntpServer(trouble));
    const dataDir = await resources.folder();
    const env = { NNTP_PROVIDERS: `nntp://127.0.0.1:${String(ill.port)}/?connections=2` };
    const headstart = resources.use(await startHeadstart({ dataDir, env }));
    const file = { name: `${name}.nzb`, bytes: Buffer.from(post.nzb) };
    const answer = await submitNzb(headstart, {}, { file });
    expect(nzbFailure(answer)).toEqual([status, code]);
    expect(Boolean(answer.headers['retry-after'])).toBe(status === 503);
    expect(answer.tookMs).toBeLessThan(20_000);
    await headstart.stop();
    const well = resources.use(await startNntpServer());
    for (const article of post.articles) well.post(article);
    const next = { NNTP_PROVIDERS: `nntp://127.0.0.1:${String(well.port)}/?connections=2` };
    const repaired = resources.use(await startHeadstart({ dataDir, env: next }));
    expect(nzbAnswer(await submitNzb(repaired, {}, { file })).streams).toHaveLength(1);
  });
});

describe('a server without providers', () => {
  let headstart: HeadstartProcess;
  const resources = new Resources();
  beforeAll(async () => {
    headstart = resources.use(await startHeadstart({ dataDir: await resources.folder() }));
  });
  afterAll(() => resources.close());

  it('NZBs - are refused with the setting that is missing, in each dialect', async () => {
    const nzb_url = 'http://127.0.0.1/a.nzb';
    const file = { name: 'a.nzb', bytes: Buffer.from(makePost([], { seed: 'none' }).nzb) };
    for (const answer of [await submitNzb(headstart, { nzb_url }), await submitNzb(headstart, {}, { file })]) {
      expect(nzbFailure(answer)).toEqual([503, 'USENET_UNAVAILABLE']);
      expect(answer.headers['retry-after']).toBeDefined();
      expect(JSON.stringify(answer.json)).toContain('NNTP_PROVIDERS');
    }
    expect(nzbFailure(await submitNzb(headstart, { nzb_url }, { headers: {} }))).toEqual([401, 'UNAUTHORIZED']);
    expect(await headstart.post('/stream/prepare', { nzb_url })).toMatchObject({
      status: 501,
      json: { success: false, code: 'USENET_UNAVAILABLE', error: expect.stringContaining('NNTP_PROVIDERS') },
    });
  });

  it('the rest - is unaffected', async () => {
    expect(await headstart.get('/api/providers')).toMatchObject({ status: 200, json: { providers: [] } });
    expect((await headstart.post('/api/providers/nobody/test')).status).toBe(404);
    expect((await headstart.get('/api/queue/1')).status).toBe(404);
    expect((await askJson(headstart.url('/health'))).status).toBe(200);
    expect((await askJson(headstart.manifestUrl)).status).toBe(200);
    const file = headstart.url('/api/files/stream?path=%2Fcomplete%2Fa%2Fb%2Fc.mkv');
    expect((await ask(file, { headers: { 'x-api-key': headstart.apiKey } })).status).toBe(404);
    const magnet = `magnet:?xt=urn:btih:${'a'.repeat(40)}`;
    expect((await headstart.post(`/stream/prepare/${'a'.repeat(40)}`, { magnet })).status).toBe(200);
  });
});
