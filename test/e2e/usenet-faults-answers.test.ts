// Providers that are down for a while: submissions say whose fault it is, nothing is remembered against the release, and it plays
// as soon as they are back.

import { afterEach, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource } from '../../scripts/lab/index.js';

import type { HeadstartProcess } from '../support/headstart-process.js';
import { askHash } from '../support/http.js';
import { until } from '../support/until.js';
import { openUsenetLab, type PostedNzb, type UsenetLab, type UsenetLabOptions } from '../support/usenet-lab.js';
import { hashOfSource, startAnother, submitTo } from '../support/usenet-server.js';

let lab: UsenetLab | null = null;
afterEach(async () => {
  await lab?.close();
  lab = null;
});

async function start(options: Partial<UsenetLabOptions> = {}): Promise<UsenetLab> {
  lab = await openUsenetLab({ server: 'scripted', ...options });
  return lab;
}

describe('trouble with providers', () => {
  const content = pseudoRandomSource('trouble', 2_000_000);
  const posted = (): Promise<PostedNzb> => lab!.post('Trouble', [{ name: 'Trouble.mkv', content }]);

  async function plays(server: HeadstartProcess, nzbUrl: string): Promise<void> {
    const { json } = await until(
      'it plays',
      async () => {
        const answer = await submitTo(server, nzbUrl);
        return answer.status === 200 ? answer : null;
      },
      { everyMs: 250 },
    );
    const [{ url }] = json.streams as [{ url: string }];
    expect(await askHash(url)).toMatchObject({ status: 200, sha256: hashOfSource(content) });
  }

  it('a wrong password - is 502, and no fault of the release: it plays as soon as it is right', async () => {
    await start({ scripted: { user: 'me', password: 'right' } });
    const { nzbUrl } = await posted();
    await lab!.headstart.stop();
    const wrong = await startAnother(lab!, {
      NNTP_PROVIDERS: `nntp://me:wrong@127.0.0.1:${String(lab!.scripted.port)}/`,
    });
    for (let times = 0; times < 2; times += 1) {
      expect(await submitTo(wrong, nzbUrl)).toMatchObject({
        status: 502,
        json: { success: false, error: { code: 'PROVIDER_AUTH' } },
      });
    }
    expect(lab!.scripted.counts.failedLogins).toBeLessThanOrEqual(3);
    await wrong.stop();
    await lab!.headstart.start();
    await plays(lab!.headstart, nzbUrl);
  });

  it('a provider that turns everybody away - is 502; it plays when it is back', async () => {
    let isDown = true;
    await start({ scripted: { greeting: () => (isDown ? '400 Going down' : '200 Hello') } });
    const { nzbUrl } = await posted();
    const answer = await lab!.submit(nzbUrl);
    expect(answer).toMatchObject({ status: 502, json: { error: { code: 'PROVIDER_UNREACHABLE' } } });
    isDown = false;
    await plays(lab!.headstart, nzbUrl);
  });

  it('a provider where nobody listens - is 502', async () => {
    await start();
    const { nzbUrl } = await posted();
    await lab!.scripted.close();
    const answer = await lab!.submit(nzbUrl);
    expect(answer).toMatchObject({ status: 502, json: { error: { code: 'PROVIDER_UNREACHABLE' } } });
  });

  it('no connection free - is 503 with Retry-After; it plays when there is one', async () => {
    await start({ scripted: { maxConnections: 0 } });
    const { nzbUrl } = await posted();
    const answer = await lab!.submit(nzbUrl);
    expect(answer).toMatchObject({ status: 503, json: { error: { code: 'PROVIDER_LIMIT' } } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    lab!.scripted.set({ maxConnections: 4 });
    await plays(lab!.headstart, nzbUrl);
    expect(lab!.scripted.counts.highestOpen).toBeLessThanOrEqual(4);
  });
});
