import { describe, expect, it } from '@jest/globals';
import { NzbIntake } from '../../../../backend/engines/usenet/intake.js';
import type { NzbSource } from '../../../../backend/content/index.js';
import { makePost, sourceOfBytes } from '../../../../scripts/lab/index.js';
import { NotedLog } from '../../../support/noted-log.js';

const { nzb } = makePost([{ name: 'x.mkv', content: sourceOfBytes(new Uint8Array(100)) }], {
  seed: 'intake',
  isObfuscated: true,
});

/** An intake whose every address gives the NZB, with these headers. */
function openIntake(
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): { intake: NzbIntake; fetched: string[] } {
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
    log: new NotedLog(),
  });
  return { intake, fetched };
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
});
