// One secret in a file of its own, readable by its owner alone: read, or made when it is not there. Knows nothing of what it
// opens.

import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../platform/index.js';

const MAX_KEY_LENGTH = 4096;

/**
 * The key in `file`, else a new one of `keyBytes` random bytes that is written there.
 * @throws {ConfigError} when the file cannot be read or written, or is empty
 */
export async function keyIn(file: string, keyBytes: number): Promise<{ key: string; isNew: boolean }> {
  try {
    const kept = await readKey(file);
    if (kept !== null) return { key: kept, isNew: false };
    const key = newKey(keyBytes);
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

/** A new key of `keyBytes` random bytes in place of the one in `file`. Resolves once it is on the disk. */
export async function renewKeyIn(file: string, keyBytes: number): Promise<string> {
  const key = newKey(keyBytes);
  await withTemporary(file, key, (temporary) => rename(temporary, file));
  return key;
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
  try {
    await withTemporary(file, key, (temporary) => link(temporary, file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function withTemporary(file: string, key: string, place: (temporary: string) => Promise<void>): Promise<void> {
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
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** `keyBytes` random bytes as text, never with a dash first: commands that it is given to would take it for an option. */
export function newKey(keyBytes: number, random: (bytes: number) => Buffer = randomBytes): string {
  for (;;) {
    const key = random(keyBytes).toString('base64url');
    if (!key.startsWith('-')) return key;
  }
}
