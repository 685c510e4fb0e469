import { describe, expect, it } from '@jest/globals';
import { TimeoutError, UpstreamError } from '../../../../../backend/content/index.js';
import { ProviderHealth } from '../../../../../backend/engines/usenet/pool/provider-health.js';
import { ProviderNumbers } from '../../../../../backend/engines/usenet/pool/provider-numbers.js';
import type { NntpProvider } from '../../../../../backend/platform/index.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { NotedLog } from '../../../../support/noted-log.js';

function sick(options: Partial<NntpProvider> = {}): { health: ProviderHealth; clock: ManualClock; log: NotedLog } {
  const flags = { isTls: false, isBackup: false, isInsecure: false };
  const provider = {
    id: 'a',
    host: 'news.test',
    port: 119,
    connections: 4,
    depth: 3,
    priority: 0,
    ...flags,
    ...options,
  };
  const [clock, log] = [new ManualClock(), new NotedLog()];
  return { health: new ProviderHealth({ provider, numbers: new ProviderNumbers(), clock, log }), clock, log };
}

const down = new UpstreamError('down', 'PROVIDER_UNREACHABLE');
const spent = new UpstreamError('spent', 'PROVIDER_LIMIT');

describe('health of a provider', () => {
  it('one that cannot be reached - serves on over what stands, and is dialled by a single probe', async () => {
    const { health, clock } = sick();
    for (const pauseMs of [250, 1000, 0]) {
      health.failed(down);
      expect(health.dialling).toBe('later');
      await clock.advance(pauseMs);
    }
    expect([health.readiness(true), health.readiness(false)]).toEqual(['ready', 'off']);
    await clock.advance(5000);
    expect([health.dialling, health.readiness(false), health.state(false)]).toEqual(['probe', 'hopeful', 'cooling']);
    health.loggedIn();
    expect([health.dialling, health.readiness(false), health.fault]).toEqual(['free', 'ready', null]);
  });

  it('one that lets in and gives nothing - is off until it answers, logins notwithstanding', async () => {
    const { health, clock, log } = sick();
    for (const pauseMs of [250, 1000, 0]) {
      health.refused(spent);
      health.loggedIn();
      await clock.advance(pauseMs);
    }
    expect([health.readiness(true), health.state(true)]).toEqual(['off', 'limit']);
    health.answered();
    expect([health.readiness(true), health.state(true)]).toEqual(['ready', 'ok']);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'info']);
    expect(log.lines[0]?.fields).toEqual({ provider: 'a', code: 'PROVIDER_LIMIT', reason: 'spent' });
  });

  it('connections lost five times in a row - are a failure; an article between them is not', () => {
    const { health } = sick();
    const lost = new TimeoutError('late');
    for (let count = 0; count < 4; count += 1) health.broke(lost);
    health.answered();
    for (let count = 0; count < 4; count += 1) health.broke(lost);
    expect(health.fault).toBeNull();
    health.broke(lost);
    expect(health.fault).toMatchObject({ code: 'PROVIDER_UNREACHABLE', cause: lost });
  });

  it('one that lets in and falls silent - is left alone, logins notwithstanding, until it answers', () => {
    const { health } = sick();
    for (let count = 0; count < 5; count += 1) health.broke(new TimeoutError('late'));
    health.loggedIn();
    expect([health.readiness(true), health.state(true)]).toEqual(['off', 'cooling']);
    health.answered();
    expect([health.readiness(true), health.state(true)]).toEqual(['ready', 'ok']);
  });

  it('a spent quota - is told as such', () => {
    const { health } = sick({ quotaBytes: 10 });
    health.received(10);
    expect([health.readiness(true), health.dialling, health.state(true)]).toEqual(['off', 'never', 'quota']);
    expect(health.fault).toMatchObject({ code: 'PROVIDER_LIMIT' });
  });
});
