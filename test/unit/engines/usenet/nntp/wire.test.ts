import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openWire } from '../../../../../backend/engines/usenet/nntp/wire.js';
import type { NntpEndpoint, WireStage } from '../../../../../backend/engines/usenet/nntp/wire.js';
import { systemClock } from '../../../../../backend/platform/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { SmallNewsServer } from '../../../../support/small-news-server.js';
import { createTestAuthority } from '../../../../support/test-authority.js';
import { until } from '../../../../support/until.js';

describe('wire to a news server', () => {
  const authority = createTestAuthority();
  const other = createTestAuthority();
  let server: SmallNewsServer;
  beforeAll(async () => {
    server = await SmallNewsServer.start({ tls: authority.server });
  });
  afterAll(() => server.close());

  async function greeted(options: Partial<NntpEndpoint>): Promise<{ text: string; stages: WireStage[] }> {
    const endpoint = { host: 'localhost', port: server.port, isTls: true, isInsecure: false, ...options };
    const stages: WireStage[] = [];
    let text = '';
    const socket = await openWire(endpoint, {
      receive: (bytes) => (text += Buffer.from(bytes).toString()),
      signal: new AbortController().signal,
      clock: systemClock,
      timeoutMs: 10_000,
      onStage: (stage) => stages.push(stage),
    });
    await until('the greeting is there', () => text !== '');
    socket.destroy();
    return { text, stages };
  }

  it('TLS - is verified against the given authority, by name or address', async () => {
    expect(await greeted({ ca: authority.certificate })).toEqual({
      text: '200 ready\r\n',
      stages: ['dns', 'connect', 'tls'],
    });
    expect((await greeted({ ca: authority.certificate, host: '127.0.0.1' })).text).toBe('200 ready\r\n');
  });

  it('TLS - with an unknown authority is refused, and says why', async () => {
    for (const options of [{}, { ca: other.certificate }])
      await expect(greeted(options)).rejects.toMatchObject({
        code: 'PROVIDER_UNREACHABLE',
        message: expect.stringContaining('certificate'),
      });
  });

  it('TLS - without verification is taken only when asked for', async () => {
    expect((await greeted({ isInsecure: true })).text).toBe('200 ready\r\n');
  });

  it('TLS - to a port without it says what to do', async () => {
    const plain = await SmallNewsServer.start();
    await expect(greeted({ port: plain.port })).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
      message: expect.stringContaining(
        'no TLS is spoken there; try port 563, or turn TLS off (nntp:// in NNTP_PROVIDERS)',
      ),
    });
    await plain.close();
  });

  it('nobody there - is unreachable', async () => {
    const gone = await SmallNewsServer.start();
    const { port } = gone;
    await gone.close();
    await expect(greeted({ port, isTls: false })).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('a server that never finishes its handshake - is given up on the clock', async () => {
    const silent = await SmallNewsServer.start({ greeting: () => null });
    const clock = new ManualClock();
    const endpoint = { host: '127.0.0.1', port: silent.port, isTls: true, isInsecure: true };
    const { signal } = new AbortController();
    const options = { receive: () => undefined, signal, clock, timeoutMs: 8000 };
    const dial = openWire(endpoint, options).catch((error: unknown) => error);
    await until('it is connected', () => silent.sessions.length === 1);
    await clock.advance(8000);
    expect(await dial).toMatchObject({ code: 'TIMEOUT' });
    expect(clock.pending).toBe(0);
    await silent.close();
  });

  it('whoever leaves - gets their own reason', async () => {
    const leaver = new AbortController();
    leaver.abort(new Error('left'));
    const endpoint = { host: 'localhost', port: server.port, isTls: true, isInsecure: true };
    const options = { receive: () => undefined, signal: leaver.signal, clock: systemClock, timeoutMs: 8000 };
    await expect(openWire(endpoint, options)).rejects.toThrow('left');
  });
});
