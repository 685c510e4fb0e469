import { beforeEach, describe, expect, it } from '@jest/globals';
import { NzbArrivals } from '../../../backend/api/nzb-arrivals.js';
import { nzbAt } from '../../../backend/api/nzb-request.js';
import { UpstreamError, type NzbSource } from '../../../backend/content/index.js';
import { Deferred } from '../../../backend/jobs/deferred.js';
import { ManualClock } from '../../support/manual-clock.js';
import { FakeUsenet, nzbSource } from '../../support/nzb-lab.js';

const addressOf = (name: string) => nzbAt(`http://indexer.example/get/${name}`);
let clock: ManualClock;
let usenet: FakeUsenet;
let arrivals: NzbArrivals;

beforeEach(() => {
  clock = new ManualClock();
  usenet = new FakeUsenet();
  arrivals = new NzbArrivals({ clock });
});

/** Upload and whether its room was given back. */
function upload(text: string): { readonly nzb: Parameters<NzbArrivals['take']>[0]; readonly released: () => boolean } {
  let isReleased = false;
  const file = { name: 'a.nzb', bytes: Buffer.from(text), release: () => void (isReleased = true) };
  return { nzb: { kind: 'file', file }, released: () => isReleased };
}

describe('nzb arrivals', () => {
  it('nzb arrivals - an address that is asked for by many is fetched once, and again later', async () => {
    const all = await Promise.all(Array.from({ length: 200 }, () => arrivals.take(addressOf('Film'), usenet)));
    expect(new Set(all)).toEqual(new Set([nzbSource('Film')]));
    expect(usenet.fetched).toHaveLength(1);
    await arrivals.take(addressOf('Film'), usenet);
    expect(usenet.fetched).toHaveLength(2);
  });

  it('nzb arrivals - when full, a further address is refused, one that is on its way is not', async () => {
    const fetching = new Deferred<void>();
    usenet.fetching = fetching.promise;
    const first: Promise<NzbSource>[] = [];
    for (let number = 1; number <= 64; number += 1) first.push(arrivals.take(addressOf(`Film ${number}`), usenet));
    await expect(arrivals.take(addressOf('Film 65'), usenet)).rejects.toMatchObject({ code: 'BUSY' });
    const refused = upload('<nzb>Film</nzb>');
    await expect(arrivals.take(refused.nzb, usenet)).rejects.toMatchObject({ code: 'BUSY' });
    expect(refused.released()).toBe(true);
    const joined = arrivals.take(addressOf('Film 1'), usenet);
    fetching.resolve();
    expect(await joined).toEqual(await first[0]);
    await Promise.all(first);
    expect(await arrivals.take(addressOf('Film 65'), usenet)).toMatchObject({ name: 'Film 65' });
  });

  it('nzb arrivals - what cannot be had is the caller’s fault, and was not joined for ever', async () => {
    usenet.fetching = Promise.reject(new UpstreamError('Nobody answers.', 'NZB_UNFETCHABLE'));
    await expect(arrivals.take(addressOf('Film'), usenet)).rejects.toMatchObject({
      name: 'InputError',
      code: 'NZB_UNFETCHABLE',
    });
    usenet.fetching = Promise.resolve();
    expect(await arrivals.take(addressOf('Film'), usenet)).toMatchObject({ name: 'Film' });
  });

  it('nzb arrivals - one that does not come is given up after five minutes', async () => {
    const fetching = new Deferred<void>();
    usenet.fetching = fetching.promise;
    const taking = arrivals.take(addressOf('Film'), usenet);
    await clock.advance(300_000);
    fetching.resolve();
    await expect(taking).rejects.toMatchObject({ code: 'NZB_UNFETCHABLE' });
  });

  it('nzb arrivals - uploads are taken in under their file’s name, and released whatever becomes of them', async () => {
    const [good, bad] = [upload('<nzb>Film</nzb>'), upload('no NZB')];
    expect(await arrivals.take(good.nzb, usenet)).toMatchObject({ name: 'Film' });
    await expect(arrivals.take(bad.nzb, usenet)).rejects.toMatchObject({ code: 'NZB_INVALID' });
    expect([good.released(), bad.released(), usenet.uploaded]).toEqual([true, true, ['a.nzb', 'a.nzb']]);
  });
});
