// From the list to the picture on the built server: what indexers lead to plays byte for byte, the right episode of a pack, again
// after a restart; and where the first release is dead the next one plays, or a clip says why nothing does.

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { makePost, pseudoRandomSource, startNntpServer, type NntpServer, type Post } from '../../scripts/lab/index.js';
import { listOf, namesOf, play, streamOf, tellFilm, tellSeries, type ListedStream } from '../support/discovery-lab.js';
import { startHeadstart } from '../support/headstart-process.js';
import { ask, askRange, sha256 } from '../support/http.js';
import { openPlayLab, type PlayLab } from '../support/play-lab.js';
import { until } from '../support/until.js';

/** From the press to the bytes of the second release. */
const FAILOVER_MS = 15_000;

describe('playing from the list', () => {
  let lab: PlayLab;
  beforeAll(async () => {
    lab = await openPlayLab({ PLAY_HOLD: '3s', PLAY_DEADLINE: '40s', PREPARE_TIMEOUT: '10s' });
  });
  afterAll(() => lab.close());

  let count = 0;
  /** A film nobody else has; the id in lists. */
  const film = (name: string): string => {
    const id = `tt92000${String(++count).padStart(2, '0')}`;
    tellFilm(lab.metadata, { id, name, year: 2008 });
    return id;
  };
  const first = (list: readonly ListedStream[]): ListedStream => streamOf(list, namesOf(list)[0] ?? '');
  const clipOf = (reason: string): Promise<Buffer> => readFile(join(process.cwd(), 'addon', 'clips', `${reason}.mp4`));

  it.each(['magnet', 'torrent-url', 'magnet-url'] as const)('a torrent - found as %s plays', async (as) => {
    const id = film(`Amber Coast ${as.length}`);
    const release = `Amber.Coast.${as.length}.2008.1080p.WEB.x264-LAMP`;
    const offer = { as, title: `${release} [lighthouse]` };
    const torrent = await lab.offerTorrent(`${release}.mkv`, [[`${release}.mkv`, 700_001]], offer);
    const stream = first(await lab.list(id));
    expect(stream.name).toContain('⏳');
    const head = await ask(stream.url, { method: 'HEAD' });
    expect([head.status, head.headers['content-type']]).toEqual([200, 'video/x-matroska']);
    const played = await play(stream.url);
    expect([played.status, sha256(played.body)]).toEqual([200, torrent.files[0]?.sha256]);
    const later = await lab.list(id);
    expect(later.map(({ name }) => name)).toEqual([expect.stringContaining('⚡')]);
  });

  it('an NZB - found at its address plays, and is asked for once', async () => {
    const id = film('Borrowed Sky');
    const release = 'Borrowed.Sky.2008.1080p.WEB.x264-QUAY';
    const [posted] = await lab.offerNzb(release, [[`${release}.mkv`, 300_007]]);
    const stream = first(await lab.list(id));
    const bodies = await Promise.all([play(stream.url), play(stream.url), play(stream.url)]);
    expect(new Set(bodies.map(({ body }) => sha256(body)))).toEqual(new Set([posted?.sha256]));
    const again = first(await lab.list(id));
    expect(again.name).toContain('⚡');
    expect(sha256((await play(again.url)).body)).toBe(posted?.sha256);
    expect(lab.newznab.asked.filter(({ pathname }) => pathname.includes(release))).toHaveLength(1);
  });

  it.each(['magnet', 'torrent', 'NZB'])(
    'a season pack as %s - each episode plays from an address of its own',
    async (kind) => {
      const id = `tt93000${String(kind.length).padStart(2, '0')}`;
      const show = `Copper Hill ${kind}`;
      tellSeries(lab.metadata, { id, name: show });
      const prefix = show.replaceAll(' ', '.');
      const sizes = [1, 2, 3].map(
        (number) => [`${prefix}.S01E0${number}.720p.WEB.x264-LAMP.mkv`, 150_000 + number] as const,
      );
      const release = `${prefix}.S01.720p.WEB.x264-LAMP`;
      const files =
        kind === 'NZB'
          ? await lab.offerNzb(release, sizes)
          : (await lab.offerTorrent(release, sizes, { as: kind === 'magnet' ? 'magnet' : 'torrent-url' })).files;
      const streams = await Promise.all([2, 3].map(async (number) => first(await lab.list(`${id}:1:${number}`))));
      expect(new Set(streams.map(({ url }) => url)).size).toBe(2);
      for (const [at, stream] of streams.entries()) {
        expect(sha256((await play(stream.url)).body)).toBe(files[at + 1]?.sha256);
      }
      const heads = await Promise.all(streams.map(({ url }) => ask(url, { method: 'HEAD' })));
      expect(heads.map(({ headers }) => headers['content-length'])).toEqual(['150002', '150003']);
    },
  );

  it('addresses that were kept - play after a restart, and after the cache was emptied', async () => {
    const [torrentId, nzbId] = [film('Distant Bell'), film('Early Frost')];
    const torrent = await lab.offerTorrent('Distant.Bell.2008.1080p.WEB-LAMP.mkv', [['a', 500_003]]);
    const [posted] = await lab.offerNzb('Early.Frost.2008.1080p.WEB-QUAY', [
      ['Early.Frost.2008.1080p.WEB-QUAY.mkv', 250_003],
    ]);
    const kept = [first(await lab.list(torrentId)), first(await lab.list(nzbId))].map(
      ({ url }) => new URL(url).pathname,
    );
    expect(sha256((await play(lab.server.url(kept[0] ?? ''))).body)).toBe(torrent.files[0]?.sha256);
    await lab.server.stop();
    await rm(join(lab.server.dataDir, 'cache'), { recursive: true });
    await lab.server.start();
    const played = await Promise.all(kept.map((path) => play(lab.server.url(path))));
    expect(played.map(({ body }) => sha256(body))).toEqual([torrent.files[0]?.sha256, posted?.sha256]);
  });

  const dead: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    'a torrent without peers': (name) => lab.offerTorrent(`${name}.mkv`, [[name, 600_000]], { isSeeded: false }),
    'a torrent at an address, without peers': (name) =>
      lab.offerTorrent(`${name}.mkv`, [[`${name}.mkv`, 600_000]], {
        as: 'torrent-url',
        title: `${name} [site]`,
        isSeeded: false,
      }),
    'an NZB with missing articles': (name) => lab.offerNzb(name, [[`${name}.mkv`, 200_000]], { isMissing: true }),
    'an archive with a password': (name) => lab.offerLocked(name, 'rar4-password'),
  };

  const givesWay = async (what: string): Promise<void> => {
    const name = `Golden Reed ${what.length}`;
    const id = film(name);
    const prefix = `${name.replaceAll(' ', '.')}.2008`;
    await dead[what]?.(`${prefix}.2160p.WEB-DEAD`);
    const release = `${prefix}.720p.WEB-LAMP`;
    const [alive] = what.includes('NZB')
      ? (await lab.offerTorrent(`${release}.mkv`, [[release, 400_009]])).files
      : await lab.offerNzb(release, [[`${release}.mkv`, 400_009]]);
    const list = await lab.list(id);
    expect(namesOf(list).map((one) => /\d+p/.exec(one)?.[0])).toEqual(['2160p', '720p']);
    const { url } = first(list);
    const pressedAt = Date.now();
    const played = await play(url);
    const elapsedMs = Date.now() - pressedAt;
    expect([played.status, sha256(played.body)]).toEqual([200, alive?.sha256]);
    expect(elapsedMs).toBeLessThan(FAILOVER_MS);
    const seek = await askRange(url, 100_000, 200_000);
    expect([seek.status, seek.body.equals(played.body.subarray(100_000, 200_000))]).toEqual([206, true]);
    const head = await ask(url, { method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, '400009']);
    const later = await until('the list knows', async () => {
      const now = await lab.list(id);
      return now.some(({ name: mark }) => mark.includes('☠️')) ? now : null;
    });
    expect(namesOf(later).map((one) => /\d+p/.exec(one)?.[0])).toEqual(['720p', '2160p']);
    expect(later.filter(({ name: mark }) => mark.includes('☠️'))).toHaveLength(1);
    expect(streamOf(later, namesOf(later)[1] ?? '').description).toMatch(
      /❌ (?:nobody has it|articles missing|needs a password)/,
    );
  };

  it.each([
    ['torrents without peers', ['a torrent without peers', 'a torrent at an address, without peers']],
    ['an NZB with missing articles', ['an NZB with missing articles']],
    ['an archive with a password', ['an archive with a password']],
  ])('%s - give way to the next one, on which seeks stay; the list knows', async (_what, all) => {
    await Promise.all(all.map(givesWay));
  });

  it('a torrent nobody has - is left because its tracker says so, not because time ran out', async () => {
    const id = film('Grey Lantern');
    await lab.offerTorrent('Grey.Lantern.2008.2160p.WEB-DEAD.mkv', [['grey', 600_000]], { isSeeded: false });
    const [alive] = await lab.offerNzb('Grey.Lantern.2008.720p.WEB-LAMP', [['Grey.Lantern.2008.mkv', 300_000]]);
    const before = lab.server.logs.length;
    expect(sha256((await play(first(await lab.list(id)).url)).body)).toBe(alive?.sha256);
    expect(lab.server.logs.slice(before)).toContain('"because":"deserted"');
  });

  it('nothing alive - shows the clip of what was pressed, which no player keeps', async () => {
    const id = film('Hollow Oak');
    await lab.offerNzb('Hollow.Oak.2008.2160p.WEB-ONE', [['Hollow.Oak.2008.mkv', 200_000]], { isMissing: true });
    await lab.offerLocked('Hollow.Oak.2008.1080p.WEB-TWO', 'rar5-password');
    const shown = await play(first(await lab.list(id)).url);
    expect(shown).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4' } });
    expect(shown.headers['cache-control']).toMatch(/no-store/);
    expect(shown.body.equals(await clipOf('articles-missing'))).toBe(true);
  });

  it('articles that are missing - are looked for again once there is another news server', async () => {
    const id = film('Jade Harbour');
    const release = 'Jade.Harbour.2008.1080p.WEB-QUAY';
    const name = `${release}.mkv`;
    const [posted] = await lab.offerNzb(release, [[name, 250_003]], { isMissing: true });
    const { url } = first(await lab.list(id));
    expect((await play(url)).headers['content-type']).toBe('video/mp4');
    expect(first(await lab.list(id)).name).toContain('☠️');

    const other = lab.resources.use(await startNntpServer());
    for (const article of articlesOf(release, [name, 250_003])) other.post(article);
    const added = { host: '127.0.0.1', port: other.port, isTls: false };
    expect((await lab.server.post('/api/providers', added)).status).toBe(201);
    expect(first(await lab.list(id)).name).not.toContain('☠️');
    expect(sha256((await play(url)).body)).toBe(posted?.sha256);
  });

  it('an episode that is found later in its pack - plays, and the others stay where they were', async () => {
    const id = 'tt9300099';
    tellSeries(lab.metadata, { id, name: 'Kelp Bay' });
    const release = 'Kelp.Bay.S01.720p.WEB.x264-QUAY';
    const sizes = [1, 2, 3].map(
      (number) => [`${release.replace('S01', `S01E0${number}`)}.mkv`, 150_000 + number] as const,
    );
    const posted = await lab.offerNzb(release, sizes);
    const addressOf = async (episode: number): Promise<string> =>
      new URL(first(await lab.list(`${id}:1:${episode}`)).url).pathname;
    const hashAt = async (path: string): Promise<string> => sha256((await play(lab.server.url(path))).body);
    const second = articlesOf(release, sizes[1]!);
    const unopened = await addressOf(2);
    const news = lab.usenet.news as NntpServer;
    for (const { messageId } of second) news.remove(messageId);
    await hashAt(await addressOf(1));
    const third = await addressOf(3);
    expect(await hashAt(third)).toBe(posted[2]?.sha256);

    for (const article of second) news.post(article);
    await lab.server.stop();
    await rm(join(lab.server.dataDir, 'cache'), { recursive: true });
    await lab.server.start();
    expect(await hashAt(unopened)).toBe(posted[1]?.sha256);
    expect(await hashAt(third)).toBe(posted[2]?.sha256);
    expect(await hashAt(await addressOf(2))).toBe(posted[1]?.sha256);
  });

  it('what was ready before a restart and is not to be had any more - answers HEAD, and the next best plays', async () => {
    const id = film('Linden Quay');
    const release = 'Linden.Quay.2008.2160p.WEB-ONE';
    const gone = [`${release}.mkv`, 250_003] as const;
    await lab.offerNzb(release, [gone]);
    const torrent = await lab.offerTorrent('Linden.Quay.2008.720p.WEB-LAMP.mkv', [['linden', 400_009]]);
    const { pathname } = new URL(first(await lab.list(id)).url);
    await play(lab.server.url(pathname));
    for (const { messageId } of articlesOf(release, gone)) (lab.usenet.news as NntpServer).remove(messageId);
    await lab.server.stop();
    await rm(join(lab.server.dataDir, 'cache'), { recursive: true });
    await lab.server.start();
    const { headers, status } = await ask(lab.server.url(pathname), { method: 'HEAD' });
    expect([status, headers['content-type']]).toEqual([200, 'video/x-matroska']);
    expect(sha256((await play(lab.server.url(pathname))).body)).toBe(torrent.files[0]?.sha256);
  });

  it('without failover - a dead release shows its clip although another one would play', async () => {
    const id = film('Iron Gate');
    await lab.offerNzb('Iron.Gate.2008.2160p.WEB-ONE', [['Iron.Gate.2008.mkv', 200_000]], { isMissing: true });
    await lab.offerNzb('Iron.Gate.2008.1080p.WEB-TWO', [['Iron.Gate.2008.1080p.mkv', 200_000]]);
    const other = lab.resources.use(
      await startHeadstart({ dataDir: await lab.resources.folder(), env: { ...lab.env, FAILOVER: 'none' } }),
    );
    const shown = await play(first(await listOf(other, id)).url);
    expect(shown.body.equals(await clipOf('articles-missing'))).toBe(true);
    await other.close();
  });
});

/** What `offerNzb` posts of one file. */
function articlesOf(release: string, [name, sizeBytes]: readonly [string, number]): Post['articles'] {
  const content = pseudoRandomSource(`${release}/${name}`, sizeBytes);
  return makePost([{ name, content }], { seed: release, partBytes: 20_000 }).articles;
}
