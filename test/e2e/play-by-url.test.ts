// An NZB played by its address on the built server, as AltMount's clients ask: led to a play address that keeps no secret; a dead
// one ends in a clip; what is not an indexer's is refused and not fetched.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { play } from '../support/discovery-lab.js';
import { startFileServer } from '../support/file-server.js';
import { ask, sha256 } from '../support/http.js';
import { openPlayLab, type PlayLab } from '../support/play-lab.js';

describe('an NZB by its address', () => {
  let lab: PlayLab;
  beforeAll(async () => {
    lab = await openPlayLab();
  });
  afterAll(() => lab.close());

  const nzbUrl = (name: string): string => `${lab.newznab.origin}/get/${name}.nzb?apikey=secret`;
  const playUrl = (query: Readonly<Record<string, string>>, key?: string): string => {
    const base = lab.server.manifestUrl.replace('/manifest.json', '');
    const address = key === undefined ? base : base.replace(/[^/]+$/, key);
    return `${address}/play?${new URLSearchParams(query).toString()}`;
  };

  it('a film - is led to its address once it is streamable, and plays there', async () => {
    const name = 'Open.Door.2008.1080p.WEB-QUAY';
    const [posted] = await lab.offerNzb(name, [[`${name}.mkv`, 300_011]]);
    const asked = playUrl({ url: nzbUrl(name), title: name, type: 'movie' });
    const answer = await ask(asked);
    expect(answer.status).toBe(302);
    const { location = '' } = answer.headers;
    expect(location.startsWith(lab.server.manifestUrl.replace('manifest.json', 'play/'))).toBe(true);
    expect(location).not.toContain('secret');
    expect(location).not.toContain(new URL(lab.newznab.origin).port);
    const bodies = await Promise.all([play(asked), play(location)]);
    expect(bodies.map(({ body }) => sha256(body))).toEqual([posted?.sha256, posted?.sha256]);
    expect(lab.newznab.asked.filter(({ pathname }) => pathname.includes(name))).toHaveLength(1);
  });

  it('an episode - is the one that was asked for', async () => {
    const name = 'Open.Door.Nights.S01.720p.WEB-QUAY';
    const sizes = [1, 2, 3].map((number) => [`Open.Door.Nights.S01E0${number}.720p.mkv`, 100_000 + number] as const);
    const posted = await lab.offerNzb(name, sizes);
    const played = await Promise.all(
      ['2', '3'].map((episode) => {
        return play(playUrl({ url: nzbUrl(name), title: name, type: 'series', season: '1', episode }));
      }),
    );
    expect(played.map(({ body }) => sha256(body))).toEqual([posted[1]?.sha256, posted[2]?.sha256]);
  });

  it('a dead one - ends in the clip that says why', async () => {
    const name = 'Open.Window.2008.1080p.WEB-QUAY';
    await lab.offerNzb(name, [[`${name}.mkv`, 200_000]], { isMissing: true });
    const shown = await play(playUrl({ url: nzbUrl(name), title: name }));
    expect([shown.status, shown.headers['content-type']]).toEqual([200, 'video/mp4']);
    const clip = await readFile(join(process.cwd(), 'addon', 'clips', 'articles-missing.mp4'));
    expect(shown.body.equals(clip)).toBe(true);
  });

  it('HEAD - is answered at once; nothing is fetched, nothing is kept, until somebody wants to play it', async () => {
    const name = 'Open.Gate.2008.1080p.WEB-QUAY';
    await lab.offerNzb(name, [[`${name}.mkv`, 100_000]]);
    const asked = playUrl({ url: nzbUrl(name), title: name });
    const before = await ask(asked, { method: 'HEAD' });
    expect([before.status, before.headers['content-type']]).toEqual([200, 'video/x-matroska']);
    expect(lab.newznab.asked.filter(({ pathname }) => pathname.includes(name))).toEqual([]);
    const { location = '' } = (await ask(asked)).headers;
    const after = await ask(asked, { method: 'HEAD' });
    expect([after.status, after.headers.location]).toEqual([302, location]);
    expect((await ask(location, { method: 'HEAD' })).status).toBe(200);
  });

  it('other places, no addresses and wrong keys - are refused, and nobody is asked', async () => {
    const elsewhere = lab.resources.use(await startFileServer({ '/a.nzb': Buffer.from('<nzb/>') }));
    const statuses = await Promise.all(
      [
        playUrl({ url: `${elsewhere.origin}/a.nzb` }),
        playUrl({ url: 'file:///etc/passwd' }),
        playUrl({ url: 'no address' }),
        playUrl({}),
        playUrl({ url: nzbUrl('any'), season: 'one', episode: '1' }),
        playUrl({ url: nzbUrl('any') }, 'wrong'),
      ].map(async (url) => {
        const { status, headers } = await ask(url);
        expect(headers['access-control-allow-origin']).toBe('*');
        return status;
      }),
    );
    expect(statuses).toEqual([403, 400, 400, 400, 400, 401]);
    expect(elsewhere.asked).toEqual([]);
    expect(lab.server.logs).not.toContain('apikey=secret');
  });
});
