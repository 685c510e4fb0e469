// The keys of an installation.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSecrets } from '../../../backend/access/index.js';

let parent = '';
let dataDir = '';

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'headstart-secrets-'));
  dataDir = join(parent, 'data');
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

describe('secrets', () => {
  it('first start - makes both, for their owner alone; later ones find them', async () => {
    const first = await loadSecrets({ dataDir });
    expect(first).toMatchObject({ isApiKeyNew: true, apiKeyFile: join(dataDir, 'api-key') });
    expect(first.secretKey.length).toBeGreaterThanOrEqual(32);
    expect(first.apiKey).not.toBe(first.secretKey);
    for (const name of await readdir(dataDir)) expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    expect((await stat(dataDir)).mode & 0o077).toBe(0);
    expect(await loadSecrets({ dataDir })).toEqual({ ...first, isApiKeyNew: false });
    expect((await readFile(join(dataDir, 'api-key'), 'utf8')).trim()).toBe(first.apiKey);
  });

  it('given keys - are used and not written', async () => {
    expect(await loadSecrets({ dataDir, apiKey: 'a', secretKey: 'b' })).toEqual({
      apiKey: 'a',
      secretKey: 'b',
      isApiKeyNew: false,
      apiKeyFile: null,
    });
    await expect(readdir(dataDir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('two starts at once - agree, and leave nothing else behind', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSecrets({ dataDir })));
    expect(new Set(all.map(({ apiKey, secretKey }) => `${apiKey} ${secretKey}`)).size).toBe(1);
    expect(all.filter(({ isApiKeyNew }) => isApiKeyNew)).toHaveLength(1);
    expect((await readdir(dataDir)).sort()).toEqual(['api-key', 'secret-key']);
  });

  it('an empty file, a folder in its place - are errors that name it', async () => {
    await mkdir(join(dataDir, 'secret-key'), { recursive: true });
    await expect(loadSecrets({ dataDir, apiKey: 'a' })).rejects.toThrow(/DATA_DIR: .*secret-key/);
    await writeFile(join(dataDir, 'api-key'), '\n');
    await expect(loadSecrets({ dataDir, secretKey: 'b' })).rejects.toThrow(/api-key holds no key/);
  });
});
