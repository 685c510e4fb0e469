// The two keys of an installation: given by the settings, or made at first start and kept beside the data, readable by their
// owner alone. Knows nothing of what they are used for.

import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../platform/index.js';

export interface Secrets {
  readonly apiKey: string;
  readonly secretKey: string;
  /** True when the API key was made just now: the one time to show it. */
  readonly isApiKeyNew: boolean;
  /** Where it can be read again; null when the settings gave it. */
  readonly apiKeyFile: string | null;
}

export interface LoadSecretsOptions {
  readonly dataDir: string;
  readonly apiKey?: string;
  readonly secretKey?: string;
}

const KEY_BYTES = 32;
const MAX_KEY_LENGTH = 4096;

/**
 * The keys, from `options`, else from the files `api-key` and `secret-key` in `dataDir`, else new ones that are written
 * there. @throws {ConfigError} when a file cannot be read or written, or is empty.
 */
export async function loadSecrets(options: LoadSecretsOptions): Promise<Secrets> {
  const apiKeyFile = options.apiKey === undefined ? join(options.dataDir, 'api-key') : null;
  const api = apiKeyFile === null ? { key: options.apiKey ?? '', isNew: false } : await keyIn(apiKeyFile);
  const secretKey = options.secretKey ?? (await keyIn(join(options.dataDir, 'secret-key'))).key;
  return { apiKey: api.key, secretKey, isApiKeyNew: api.isNew, apiKeyFile };
}

async function keyIn(file: string): Promise<{ key: string; isNew: boolean }> {
  try {
    const kept = await readKey(file);
    if (kept !== null) return { key: kept, isNew: false };
    const key = randomBytes(KEY_BYTES).toString('base64url');
    if (await writeKey(file, key)) return { key, isNew: true };
    // Another process was first; its key counts.
    return { key: (await readKey(file)) ?? key, isNew: false };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      `DATA_DIR: ${file} cannot be read or written (${code ?? 'unknown error'}); allowed: a folder of our own`,
    ]);
  }
}

async function readKey(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  if (text === '' || text.length > MAX_KEY_LENGTH) {
    throw new ConfigError([
      `DATA_DIR: ${file} holds no key; allowed: a key on one line, or no such file (a new key is made then)`,
    ]);
  }
  return text;
}

/** Whole or not at all, never over an existing file; false when there was one. */
async function writeKey(file: string, key: string): Promise<boolean> {
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${key}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}
