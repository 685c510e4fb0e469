import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { InputError, TimeoutError, TooLargeError } from '../../../../backend/content/index.js';
import type { NzbSource } from '../../../../backend/content/index.js';
import { NzbIntake } from '../../../../backend/engines/usenet/intake.js';
import type { NzbIntakeOptions } from '../../../../backend/engines/usenet/intake.js';
import { makePost, sourceOfBytes } from '../../../../scripts/lab/index.js';
import { NotedLog } from '../../../support/noted-log.js';
import { until } from '../../../support/until.js';

const { nzb } = makePost([{ name: 'x.mkv', content: sourceOfBytes(new Uint8Array(100)) }], {
  seed: 'intake',
  isObfuscated: true,
});

/** An intake whose every address gives the NZB, with these headers. */
function openIntake(
  headers: Readonly<Record<string, string>> = {},
  status = 200,
  more: Partial<NzbIntakeOptions> = {},
): { intake: NzbIntake; fetched: string[]; kept: Map<string, Uint8Array>; log: NotedLog } {
  const log = new NotedLog();
  const fetched: string[] = [];
  const known = new Map<string, NzbSource>();
  const kept = new Map<string, Uint8Array>();
  const intake = new NzbIntake({
    documents: {
      keep: async (contentId, bytes) => void kept.set(contentId, bytes),
      read: async (contentId) => kept.get(contentId) ?? null,
      has: async (contentId) => kept.has(contentId),
    },
    urls: {
      remember: (url, source) => void known.set(url, source),
      find: (url) => known.get(url) ?? null,
    },
    http: {
      get: async (url) => {
        fetched.push(url);
        return { status, headers, body: Buffer.from(nzb), url };
      },
    },
    log,
    ...more,
  });
  return { intake, fetched, kept, log };
}

describe('NzbIntake', () => {
  const signal = new AbortController().signal;

  it.each([
    ['attachment; filename="Named.By.Header.2021.nzb"', 'Named.By.Header.2021', []],
    ["attachment; filename*=UTF-8''F%C3%ADlm.2021.nzb", 'Fílm.2021', []],
    ['attachment; filename="Film.2021{{secret}}.nzb"', 'Film.2021', ['secret']],
    ['attachment; filename="download.nzb"', 'Address.2020', []],
    ['attachment; filename=', 'Address.2020', []],
    ['attachment', 'Address.2020', []],
  ])('Content-Disposition %s - names it %s', async (disposition, name, passwords) => {
    const { intake } = openIntake({ 'content-disposition': disposition });
    const source = await intake.fetch('http://indexer.example/Address.2020.nzb', { signal });
    expect(source).toMatchObject({ name, passwords });
  });

  it('an address that gives none - is its server’s fault', async () => {
    const { intake } = openIntake({}, 404);
    const fetching = intake.fetch('http://a.example/x', { signal });
    await expect(fetching).rejects.toMatchObject({ name: 'UpstreamError', code: 'NZB_UNFETCHABLE' });
  });

  it('an address - is fetched once', async () => {
    const { intake, fetched } = openIntake();
    const [one, other] = [
      await intake.fetch('http://a.example/x', { signal }),
      await intake.fetch('http://a.example/x', { signal }),
    ];
    expect(other).toEqual(one);
    expect(fetched).toHaveLength(1);
  });

  it.each([
    ['a refused address', new InputError('Not there.', { code: 'FETCH_REFUSED' }), 'FETCH_REFUSED'],
    ['an NZB too large', new TooLargeError('Too large.'), 'TOO_LARGE'],
    ['a server that does not answer', new TimeoutError('Too late.'), 'NZB_UNFETCHABLE'],
  ])('%s - is told with its reason', async (_what, failure, code) => {
    const { intake } = openIntake({}, 200, { http: { get: () => Promise.reject(failure) } });
    await expect(intake.fetch('http://a.example/x', { signal })).rejects.toMatchObject({ code });
  });

  it('several who want an address at once - make one request; their own passwords come first', async () => {
    const { intake, fetched } = openIntake({ 'content-disposition': 'attachment; filename="F.2021{{named}}.nzb"' });
    const both = ['one', 'other'].map((password) =>
      intake.fetch('http://a.example/x', { signal, passwords: [password, 'named'] }),
    );
    expect((await Promise.all(both)).map(({ passwords }) => passwords)).toEqual([
      ['one', 'named'],
      ['other', 'named'],
    ]);
    expect(fetched).toHaveLength(1);
  });

  it('a document that went - is fetched again by its address, and gone for who only has the source', async () => {
    const { intake, fetched, kept } = openIntake();
    const source = await intake.fetch('http://a.example/x', { signal });
    kept.clear();
    const { intake: later } = openIntake();
    await expect(later.load(source, { signal })).rejects.toMatchObject({ code: 'GONE' });
    await intake.fetch('http://a.example/x', { signal });
    expect([fetched.length, kept.size]).toEqual([2, 1]);
    expect((await intake.load(source, { signal })).contentId).toBe(source.contentId);
  });

  it('an address that cannot be remembered - plays all the same', async () => {
    const remember = (): never => {
      throw new Error('disk full');
    };
    const { intake, log } = openIntake({}, 200, { urls: { remember, find: () => null } });
    expect(await intake.fetch('http://a.example/Film.2020', { signal })).toMatchObject({ name: 'Film.2020' });
    expect(log.messages).toEqual(['The address of an NZB could not be remembered']);
  });

  it('what is no NZB - is refused and not kept', async () => {
    const { intake, kept } = openIntake();
    await expect(intake.accept(Buffer.from('<html></html>'))).rejects.toMatchObject({ code: 'NZB_INVALID' });
    await expect(intake.accept(Buffer.alloc(0))).rejects.toMatchObject({ name: 'InputError' });
    expect(kept.size).toBe(0);
  });

  describe('in their turns', () => {
    const numbered = (place: number, padding = ''): Buffer =>
      Buffer.from(
        `<nzb><head>${padding}</head><file subject="a (1/1)"><segments><segment number="1">${place}@x</segment></segments></file></nzb>`,
      );
    /** 21 MB. */
    const padding = `<a b="${'x'.repeat(10_000)}"/>`.repeat(2_100);

    /** An intake that stops at keeping; how many stand there at once, and the way on. */
    function gated(): { intake: NzbIntake; state: { keeping: number; most: number }; goOn: () => void } {
      const state = { keeping: 0, most: 0 };
      let goOn = (): void => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      const keep = async (): Promise<void> => {
        state.keeping += 1;
        state.most = Math.max(state.most, state.keeping);
        await gate;
        state.keeping -= 1;
      };
      const documents = { keep, read: async () => null, has: async () => false };
      return { intake: openIntake({}, 200, { documents }).intake, state, goOn };
    }

    it('small documents - two are read and kept at once; who waits may go', async () => {
      const { intake, state, goOn } = gated();
      const going = new AbortController();
      const all = [1, 2, 3, 4, 5].map((place) => intake.accept(numbered(place)));
      const gone = intake.accept(numbered(6), { signal: going.signal });
      await until('two are being kept', () => state.keeping === 2);
      going.abort(new Error('gone'));
      await expect(gone).rejects.toThrow('gone');
      goOn();
      await Promise.all(all);
      expect(state.most).toBe(2);
    });

    it.each([
      ['a large document', numbered(1, padding)],
      [
        'a large document that seems small',
        Buffer.concat([gzipSync(numbered(1, padding), { level: 0 }), gzipSync('\n')]),
      ],
    ])('%s - is read alone', async (_what, large) => {
      const { intake, state, goOn } = gated();
      const first = intake.accept(large);
      await until('it is being kept', () => state.keeping === 1);
      const second = intake.accept(numbered(2));
      goOn();
      await Promise.all([first, second]);
      expect(state.most).toBe(1);
    });

    it('addresses - eight are asked at once, and too many are refused', async () => {
      let goOn = (): void => undefined;
      const gate = new Promise<void>((resolve) => (goOn = resolve));
      let asked = 0;
      const get = async (url: string) => {
        asked += 1;
        await gate;
        return { status: 200, headers: {}, body: Buffer.from(nzb), url };
      };
      const { intake } = openIntake({}, 200, { http: { get } });
      const all = Array.from({ length: 209 }, (_, place) =>
        intake.fetch(`http://a.example/${place}`, { signal }).catch((error: unknown) => error),
      );
      await expect(all[208]).resolves.toMatchObject({ code: 'BUSY' });
      expect(asked).toBe(8);
      goOn();
      expect((await Promise.all(all)).filter((error) => error instanceof Error)).toHaveLength(1);
    });
  });
});
