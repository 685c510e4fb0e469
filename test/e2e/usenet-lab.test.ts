// A Usenet post as a client gets it: every set of the fixtures over the real news server, whole, as its checksum says.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { askHash } from '../support/http.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';

const sets = ['rar5-volumes', 'rar4-old-names', '7z-stored', 'split-001'];

describe('a post on INN', () => {
  let lab: UsenetLab;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'inn', sets });
  }, 40_000);
  afterAll(() => lab.close());

  it.each(sets)('%s - plays byte for byte', async (name) => {
    const set = lab.set(name);
    const { status, json } = await lab.submit(set.nzbUrl);
    expect([status, json]).toEqual([200, expect.objectContaining({ streams: [expect.anything()] })]);
    const [stream] = json.streams as { url: string; name: string }[];
    const got = await askHash(stream?.url ?? '');
    expect(Object.values(set.contains).map((known) => known.sha256)).toContain(got.sha256);
  });
});
