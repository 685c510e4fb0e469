import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../../backend/platform/index.js';

describe('folders', () => {
  let parent = '';

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'headstart-folder-'));
  });

  afterEach(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it('a folder - is made with those above it, as often as is asked', async () => {
    const path = join(parent, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path)]);
    await makeFolder(path);
    expect((await stat(path)).isDirectory()).toBe(true);
    expect(await readdir(path)).toEqual([]);
  });

  it('a file in the way - is said', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(makeFolder(join(parent, 'file'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makeFolder(join(parent, 'file', 'a', 'b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('a place where no folder can be - is an error, not a wait', async () => {
    const place = process.platform === 'linux' ? '/proc/headstart/data' : join(parent, 'a\0b');
    await expect(makeFolder(place)).rejects.toThrow();
  });
});
