import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { ColdFolders } from '../../../../../backend/engines/torrent/host/cold-folders.js';
import { Resources } from '../../../../support/resources.js';

const first = 'a'.repeat(40) as InfoHash;
const second = 'b'.repeat(40) as InfoHash;
const EXTENT = 8192;

describe('cold folders', () => {
  const resources = new Resources();
  let root: string;
  let folders: ColdFolders;
  beforeEach(async () => {
    root = join(await resources.folder(), 'torrents');
    folders = new ColdFolders(root);
  });
  afterEach(() => resources.close());

  async function leave(infoHash: string, extents: number): Promise<void> {
    await mkdir(join(root, infoHash), { recursive: true });
    for (let extent = 0; extent < extents; extent++) {
      await writeFile(join(root, infoHash, `${extent}.extent`), Buffer.alloc(EXTENT, 1));
    }
    await writeFile(join(root, infoHash, 'resume.json'), '{}');
  }

  it('cold folders - measure what earlier runs left, and nothing foreign', async () => {
    await leave(first, 2);
    await leave(second, 1);
    await leave('not a torrent', 3);
    expect(await folders.load()).toBe(3 * EXTENT);
    expect(folders.evictable()).toHaveLength(3);
    expect([folders.bytesOf(first), folders.bytesOf('c'.repeat(40) as InfoHash)]).toEqual([2 * EXTENT, 0]);
  });

  it('cold folders - let extents go one by one, and the folder with the last', async () => {
    await leave(first, 2);
    await folders.load();
    const [one, other] = folders.evictable();
    expect(one).toMatchObject({ rank: 'idle' });
    expect([await one!.evict(), await one!.evict()]).toEqual([EXTENT, 0]);
    expect(existsSync(folders.folderOf(first))).toBe(true);
    expect(await other!.evict()).toBe(EXTENT);
    expect(existsSync(folders.folderOf(first))).toBe(false);
    expect(folders.evictable()).toEqual([]);
  });

  it('cold folders - hand a folder over when nobody touches it any more, with what it is counted with', async () => {
    await leave(first, 3);
    await folders.load();
    const evictions = folders
      .evictable()
      .slice(0, 2)
      .map((extent) => extent.evict());
    const handedOver = await folders.handOver(first);
    expect(handedOver).toBe(EXTENT);
    expect(existsSync(join(root, first, '0.extent'))).toBe(false);
    expect(await Promise.all(evictions)).toEqual([EXTENT, EXTENT]);
    expect(folders.evictable()).toEqual([]);
    expect(await folders.handOver(first)).toBe(0);
  });

  it('cold folders - evict nothing of a folder that was handed over', async () => {
    await leave(first, 1);
    await folders.load();
    const [extent] = folders.evictable();
    await folders.handOver(first);
    expect(await extent!.evict()).toBe(0);
    expect(existsSync(join(root, first, '0.extent'))).toBe(true);
  });

  it('cold folders - take a folder back as it is by then', async () => {
    await folders.load();
    await leave(first, 2);
    expect(await folders.takeBack(first)).toBe(2 * EXTENT);
    expect(folders.evictable()).toHaveLength(2);
    expect(await folders.takeBack(second)).toBe(0);
  });

  it('cold folders - remove a folder, known or not', async () => {
    await leave(first, 1);
    await folders.load();
    await leave(second, 1);
    expect([await folders.remove(first), await folders.remove(second)]).toEqual([EXTENT, 0]);
    expect([existsSync(folders.folderOf(first)), existsSync(folders.folderOf(second))]).toEqual([false, false]);
  });
});
