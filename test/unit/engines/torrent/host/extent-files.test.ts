import { readdirSync, readlinkSync } from 'node:fs';
import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ExtentIndex } from '../../../../../backend/engines/torrent/geometry.js';
import { extentFileName } from '../../../../../backend/engines/torrent/resume.js';
import { ExtentFiles } from '../../../../../backend/engines/torrent/host/extent-files.js';
import { Resources } from '../../../../support/resources.js';

/** Files below `folder` that this process holds open. */
function openBelow(folder: string): number {
  return readdirSync('/proc/self/fd')
    .map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    })
    .filter((path) => path.startsWith(folder)).length;
}

describe('extent files', () => {
  const resources = new Resources();
  afterEach(() => resources.close());

  async function filesWith(contents: Readonly<Record<number, string>>) {
    const folder = await resources.folder();
    for (const [extent, text] of Object.entries(contents)) {
      await writeFile(join(folder, extentFileName(Number(extent))), text);
    }
    return { folder, files: resources.use(new ExtentFiles(folder)) };
  }

  async function textOf(files: ExtentFiles, extent: number, length: number, position = 0): Promise<string> {
    const buffer = Buffer.alloc(length);
    await files.read(extent as ExtentIndex, buffer, length, position);
    return buffer.toString();
  }

  it('extent files - give the bytes at a position', async () => {
    const { files } = await filesWith({ 0: 'abcdef', 3: 'uvwxyz' });
    expect(await textOf(files, 0, 3, 2)).toBe('cde');
    expect(await textOf(files, 3, 6)).toBe('uvwxyz');
  });

  it('extent files - throw for what is not there, and find it once it is', async () => {
    const { folder, files } = await filesWith({ 0: 'abc' });
    await expect(textOf(files, 1, 1)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(textOf(files, 0, 4)).rejects.toThrow();
    await writeFile(join(folder, extentFileName(1)), 'now');
    expect(await textOf(files, 1, 3)).toBe('now');
  });

  it('extent files - a retired extent is let go only when all who read it are done', async () => {
    const { folder, files } = await filesWith({ 0: 'abcdef' });
    const order: string[] = [];
    const reads = [0, 1, 2].map((at) => textOf(files, 0, 3, at).then((text) => order.push(text)));
    const retired = files.retire(0 as ExtentIndex).then(() => order.push('retired'));
    await Promise.all([...reads, retired]);
    expect(order.slice(0, 3).sort()).toEqual(['abc', 'bcd', 'cde']);
    expect(order[3]).toBe('retired');
    expect(openBelow(folder)).toBe(0);
  });

  it('extent files - after a retirement, the new file of that number is read, never the old one', async () => {
    const { folder, files } = await filesWith({ 0: 'before' });
    expect(await textOf(files, 0, 6)).toBe('before');
    await files.retire(0 as ExtentIndex);
    await unlink(join(folder, extentFileName(0)));
    await writeFile(join(folder, extentFileName(0)), 'after!');
    expect(await textOf(files, 0, 6)).toBe('after!');
  });

  it('extent files - keep few open, and none after close', async () => {
    const contents = Object.fromEntries(Array.from({ length: 40 }, (_, extent) => [extent, `extent ${extent}`]));
    const { folder, files } = await filesWith(contents);
    for (let extent = 0; extent < 40; extent++) expect(await textOf(files, extent, 6)).toBe('extent');
    expect(openBelow(folder)).toBeLessThanOrEqual(16);
    await files.close();
    expect(openBelow(folder)).toBe(0);
  });

  it('extent files - read at once by more than may stay open, each gets its bytes', async () => {
    const contents = Object.fromEntries(Array.from({ length: 40 }, (_, extent) => [extent, String(extent + 10)]));
    const { folder, files } = await filesWith(contents);
    const texts = await Promise.all(Object.keys(contents).map((extent) => textOf(files, Number(extent), 2)));
    expect(texts).toEqual(Object.values(contents));
    expect(await textOf(files, 0, 2)).toBe('10');
    await files.close();
    expect(openBelow(folder)).toBe(0);
  });
});
