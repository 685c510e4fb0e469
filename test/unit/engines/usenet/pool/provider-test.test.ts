import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderTest } from '../../../../../backend/engines/usenet/pool/provider-test.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { PoolLab, request, wanted } from '../../../../support/pool-lab.js';
import { HANG_UP } from '../../../../support/small-news-server.js';
import { startSocksProxy } from '../../../../support/socks-proxy.js';
import { createTestAuthority } from '../../../../support/test-authority.js';
import { until } from '../../../../support/until.js';

const { signal } = new AbortController();
const stages = (test: ProviderTest): string[] => test.stages.map(({ stage, ok }) => `${stage} ${ok ? 'ok' : 'failed'}`);

describe('testing a provider', () => {
  let lab: PoolLab;
  beforeEach(() => {
    lab = new PoolLab();
  });
  afterEach(() => lab.close());

  it('one that is well - passes every stage, and its connection is gone after', async () => {
    const server = await lab.server({ password: 'secret' });
    const test = await lab.pool([]).test(server.provider(), { signal });
    expect(test).toMatchObject({ ok: true, code: 'OK' });
    expect(stages(test)).toEqual(['dns ok', 'connect ok', 'greeting ok', 'login ok', 'stat ok']);
    expect(server.commands.at(-1)).toBe('QUIT');
  });

  it('TLS - is a stage of its own, with an authority from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headstart-pool-'));
    const authority = createTestAuthority();
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, authority.certificate);
    const server = await lab.server({ tls: authority.server });
    const pool = lab.pool([]);
    const trusting = server.provider({ host: 'localhost', caFile });
    expect(stages(await pool.test(trusting, { signal }))).toContain('tls ok');
    const test = await pool.test(server.provider({ host: 'localhost' }), { signal });
    expect(stages(test)).toEqual(['dns ok', 'connect ok', 'tls failed']);
    expect(test).toMatchObject({ code: 'PROVIDER_UNREACHABLE', message: expect.stringContaining('certificate') });
    await rm(folder, { recursive: true });
  });

  it('a wrong password - fails at the login', async () => {
    const server = await lab.server({ password: 'right' });
    const test = await lab.pool([]).test(server.provider({ password: 'wrong' }), { signal });
    expect(stages(test)).toEqual(['dns ok', 'connect ok', 'greeting ok', 'login failed']);
    expect(test).toMatchObject({ ok: false, code: 'PROVIDER_AUTH' });
  });

  it('a server that wants a login - is told from a wrong one', async () => {
    const server = await lab.server({ password: 'secret' });
    const { id, host, port, isTls, isBackup, isInsecure, connections, depth, priority } = server.provider();
    const stranger = { id, host, port, isTls, isBackup, isInsecure, connections, depth, priority };
    const pool = lab.pool([stranger]);
    const test = await pool.test(stranger, { signal });
    expect(test).toMatchObject({ code: 'PROVIDER_AUTH', message: expect.stringContaining('wants a login') });
    await expect(pool.fetch(request('m1'), wanted())).rejects.toMatchObject({
      code: 'PROVIDER_AUTH',
      message: expect.stringContaining('wants a login'),
    });
  });

  it('one that is full of our own connections - says so', async () => {
    const greeting = ({ number }: { number: number }): string => (number === 1 ? '200 hi' : '502 too many connections');
    const server = await lab.server({ greeting });
    const pool = lab.pool([server.provider()]);
    pool.start();
    await until('it stands', () => pool.providers()[0]?.connections.open === 1);
    expect(await pool.test(server.provider(), { signal })).toMatchObject({
      ok: false,
      code: 'PROVIDER_LIMIT',
      message: expect.stringMatching(/1 connection is in use by Headstart itself; try again when nothing plays\.$/),
    });
  });

  it('one that never greets - fails soon after it was reached', async () => {
    const server = await lab.server({ greeting: () => null });
    const clock = new ManualClock(0);
    const testing = lab.pool([], { clock }).test(server.provider(), { signal });
    let isOver = false;
    void testing.finally(() => (isOver = true));
    await until('it was reached', () => server.open === 1);
    await until('it was given up', async () => {
      await clock.advance(500);
      return isOver;
    });
    const test = await testing;
    expect(stages(test)).toEqual(['dns ok', 'connect ok', 'greeting failed']);
    expect(test.message).toContain('did not greet');
    expect(clock.now()).toBeLessThan(7000);
  });

  it('one that hangs up, or is not there - fails where it does', async () => {
    const rude = await lab.server({ greeting: () => HANG_UP });
    const gone = await lab.server();
    const nowhere = gone.provider({ id: 'nowhere', host: 'news.invalid' });
    const [noLonger, pool] = [gone.provider(), lab.pool([])];
    await gone.close();
    lab.servers.pop();
    expect(stages(await pool.test(rude.provider(), { signal })).at(-1)).toBe('greeting failed');
    for (const [provider, where] of [
      [noLonger, ['dns ok', 'connect failed']],
      [nowhere, ['dns failed']],
    ] as const) {
      const test = await pool.test(provider, { signal });
      expect(test).toMatchObject({ ok: false, code: 'PROVIDER_UNREACHABLE' });
      expect(stages(test)).toEqual(where);
    }
  });

  it('through a proxy - plain and TLS', async () => {
    const authority = createTestAuthority();
    const plain = await lab.server();
    const tls = await lab.server({ tls: authority.server });
    const names = { [`plain.test:${plain.port}`]: plain.port, [`tls.test:${tls.port}`]: tls.port };
    const proxy = await startSocksProxy({ routes: names });
    const proxyUrl = proxy.url;
    const pool = lab.pool([]);
    const both = [
      await pool.test(plain.provider({ host: 'plain.test', proxyUrl }), { signal }),
      await pool.test(tls.provider({ host: 'tls.test', proxyUrl, isInsecure: true }), { signal }),
    ];
    expect(both.map(stages)).toEqual([
      ['connect ok', 'greeting ok', 'login ok', 'stat ok'],
      ['connect ok', 'tls ok', 'greeting ok', 'login ok', 'stat ok'],
    ]);
    await proxy.close();
  });
});
