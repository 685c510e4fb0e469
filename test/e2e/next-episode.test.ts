// While an episode plays, the next one of the same binge group becomes streamable on the built server without being pressed,
// whatever the episodes come in; where that is switched off it does not.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';

import { tellSeries, type ListedStream } from '../support/discovery-lab.js';
import { open, readSome, sha256 } from '../support/http.js';
import { openPlayLab, type PlayLab } from '../support/play-lab.js';
import { until } from '../support/until.js';

interface JobRow {
  readonly jobId: string;
  readonly status: string;
  readonly fileName: string | null;
  readonly startedAt: string;
}

type Kind = 'magnet' | 'torrent-url' | 'magnet-url' | 'NZB';

/** A next episode that does not come is told sooner than a hang. */
const WAIT_MS = 60_000;
const EPISODE_BYTES = 1_500_000;

describe('the next episode', () => {
  let lab: PlayLab;
  let quietLab: PlayLab;
  beforeAll(async () => {
    [lab, quietLab] = await Promise.all([openPlayLab(), openPlayLab({ PREFETCH_NEXT: 'false' })]);
  });
  afterAll(async () => {
    await lab.close();
    await quietLab.close();
  });

  it.each([
    ['pack', 'magnet'],
    ['pack', 'torrent-url'],
    ['pack', 'magnet-url'],
    ['pack', 'NZB'],
    ['single episodes', 'magnet'],
    ['single episodes', 'NZB'],
  ] as const)('a %s as %s - is streamable before half of the one before was read', async (form, kind) => {
    const { id, sha256Of } = await offerSeries(lab, `Far Shore ${form.length} ${kind.length}`, form, kind);
    const [pressed] = await lab.list(`${id}:1:1`);
    const playing = await openPlaying(pressed?.url ?? '');
    const read = await readSome(playing, EPISODE_BYTES / 10);
    const next = await lab.list(`${id}:1:2`);
    const following = await until(
      'the next episode is streamable',
      async () => {
        const [stream] = await lab.list(`${id}:1:2`);
        return stream?.name.includes('⚡') === true ? stream : null;
      },
      { timeoutMs: WAIT_MS },
    );
    expect(read.length).toBeLessThan(EPISODE_BYTES / 2);
    expect(groupOf(next[0])).toBe(groupOf(pressed));
    expect(groupOf(following)).toBe(groupOf(pressed));
    const rest: Buffer[] = [];
    for await (const chunk of playing) rest.push(chunk as Buffer);
    expect(sha256(Buffer.concat([read, ...rest]))).toBe(sha256Of(1));
    const second = await openPlaying(following.url);
    const bytes: Buffer[] = [];
    for await (const chunk of second) bytes.push(chunk as Buffer);
    expect(sha256(Buffer.concat(bytes))).toBe(sha256Of(2));
  });

  it('PREFETCH_NEXT=false - nothing is prepared before it is pressed', async () => {
    const { id } = await offerSeries(quietLab, 'Still Water', 'pack', 'NZB');
    const [pressed] = await quietLab.list(`${id}:1:1`);
    const playing = await openPlaying(pressed?.url ?? '');
    const [next] = await quietLab.list(`${id}:1:2`);
    playing.destroy();
    await once(playing, 'close');
    expect(next?.name).toContain('⏳');
    const pressedAt = Date.now();
    (await openPlaying(next?.url ?? '')).destroy();
    const { json } = await quietLab.server.get('/api/admin/jobs');
    const second = (json.jobs as readonly JobRow[]).find(({ fileName }) => fileName?.includes('S01E02'));
    expect(Date.parse(second?.startedAt ?? '')).toBeGreaterThanOrEqual(pressedAt);
  });
});

let series = 0;

/** A series of three episodes, offered as one pack or one by one. */
async function offerSeries(
  lab: PlayLab,
  name: string,
  form: 'pack' | 'single episodes',
  kind: Kind,
): Promise<{ readonly id: string; readonly sha256Of: (episode: number) => string }> {
  const id = `tt94000${String(++series).padStart(2, '0')}`;
  tellSeries(lab.metadata, { id, name });
  const prefix = name.replaceAll(' ', '.');
  const release = (part: string): string => `${prefix}.${part}.720p.WEB.x264-LAMP`;
  const files = ['S01E01', 'S01E02', 'S01E03'].map((part) => [`${release(part)}.mkv`, EPISODE_BYTES] as const);
  const offer = async (called: string, sizes: typeof files): Promise<readonly { readonly sha256: string }[]> =>
    kind === 'NZB' ? lab.offerNzb(called, sizes) : (await lab.offerTorrent(called, sizes, { as: kind })).files;
  const offered =
    form === 'pack'
      ? await offer(release('S01'), files)
      : (
          await Promise.all(files.map((file) => offer(file[0].replace(/\.mkv$/, kind === 'NZB' ? '' : '.mkv'), [file])))
        ).flat();
  return { id, sha256Of: (episode) => offered[episode - 1]?.sha256 ?? '' };
}

/** Follows the redirects of a held request. */
async function openPlaying(url: string): ReturnType<typeof open> {
  const response = await open(url);
  if (response.statusCode !== 307) return response;
  response.destroy();
  return openPlaying(new URL(response.headers.location ?? '', url).href);
}

function groupOf(stream: ListedStream | undefined): string | undefined {
  return stream?.behaviorHints.bingeGroup;
}
