// What made room for others is still in the library: it is listed, and plays again from its source.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pseudoRandomBytes, repeatedSource } from '../../scripts/lab/index.js';
import { diskUsage } from '../support/disk-usage.js';
import { askHash } from '../support/http.js';
import { until } from '../support/until.js';
import { openUsenetLab, type UsenetLab } from '../support/usenet-lab.js';
import { hashOfSource } from '../support/usenet-server.js';

interface Item {
  readonly diskBytes: number;
  readonly sizeBytes: number;
  readonly files: readonly { readonly url: string; readonly path: string }[];
}

let lab: UsenetLab | null = null;
afterEach(() => lab?.close());

describe('an item whose bytes are gone', () => {
  it('library - a posted film is told with its room on disk; emptied, it is listed and plays again', async () => {
    lab = await openUsenetLab({ server: 'scripted' });
    const { headstart } = lab;
    const content = repeatedSource(pseudoRandomBytes('Evicted', 1_000_000), 3_000_000);
    const film = { name: 'Evicted.MKV', content };
    const posted = await lab.post('Evicted', [film], { partBytes: 500_000, isFast: true });
    await lab.streams(posted);
    const item = async (): Promise<Item> => {
      const { json } = await headstart.get('/api/library?query=evicted');
      const [found] = json['items'] as Item[];
      if (found === undefined) throw new Error('It is not listed.');
      return found;
    };
    const expected = { status: 200, sha256: hashOfSource(content) };
    const [file] = (await item()).files;
    expect(file?.path).toBe('Evicted.mkv');
    expect(await askHash(file?.url ?? '')).toMatchObject(expected);
    await until('it is on disk', async () => (await item()).diskBytes >= content.sizeBytes);

    expect(await headstart.stop()).toBe(0);
    const cache = join(headstart.dataDir, 'cache');
    await rm(cache, { recursive: true });
    await headstart.start();
    expect(await item()).toMatchObject({ diskBytes: 0, sizeBytes: content.sizeBytes });
    expect(await askHash((await item()).files[0]?.url ?? '')).toMatchObject(expected);
    await until('it is on disk again', async () => (await diskUsage(cache)) >= content.sizeBytes);
  });
});
