// The database file: its shape, its key, and what survives.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StorageFullError } from '../../../backend/content/index.js';
import { ConfigError, Sealer } from '../../../backend/platform/index.js';
import { openDatabase } from '../../../backend/storage/index.js';
import { initial } from '../../../backend/storage/migrations/001-initial.js';
import { includedFiles } from '../../../backend/storage/migrations/002-included-files.js';
import { items } from '../../../backend/storage/migrations/003-items.js';
import { indexers } from '../../../backend/storage/migrations/004-indexers.js';
import { bingeGroups } from '../../../backend/storage/migrations/005-binge-groups.js';
import { failedReleases } from '../../../backend/storage/migrations/006-failed-releases.js';
import type { Database } from '../../../backend/storage/index.js';

const sealer = new Sealer('k'.repeat(32));
let folder = '';
let file = '';
let open: Database[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-database-'));
  file = join(folder, 'headstart.db');
  open = [];
});

afterEach(async () => {
  for (const database of open) database.close();
  await rm(folder, { recursive: true, force: true });
});

function opened(): Database {
  const database = openDatabase(file, { sealer });
  open.push(database);
  return database;
}

function insertSession(database: Database, hash: string): void {
  database.sql.prepare('INSERT INTO sessions (token_hash, expires_at) VALUES (?, 1)').run(hash);
}

function sessionsIn(database: Database): unknown[] {
  return database.sql.prepare('SELECT token_hash FROM sessions').pluck().all();
}

describe('database', () => {
  it('open - brings a file of an older version up to date, keeping what is in it', () => {
    const older = new Sqlite(file);
    older.exec(`${initial.sql} ${includedFiles.sql}
      INSERT INTO contents VALUES ('${'a'.repeat(64)}', 'http', 'Film', NULL, 1, 1, x'00');
      INSERT INTO content_files VALUES ('${'a'.repeat(64)}', 0, 'film.mkv', 5, 0);
      PRAGMA user_version = 2;`);
    older.close();
    const files = opened().sql.prepare('SELECT path, is_member, media FROM content_files').all();
    expect(files).toEqual([{ path: 'film.mkv', is_member: 0, media: null }]);
    expect(opened().sql.prepare('SELECT count(*) FROM items').pluck().get()).toBe(0);
  });

  it('open - what a source was listed for becomes what its file was listed for', () => {
    const older = new Sqlite(file);
    const listed = (id: string, season: string, episode: string, index: string): string =>
      `INSERT INTO listed_sources VALUES ('${id}', 'tt1', ${season}, ${episode}, ${index}, 'Name', 5, 9, x'00', 'pack');`;
    older.exec(`${initial.sql} ${includedFiles.sql} ${items.sql} ${indexers.sql} ${bingeGroups.sql} ${failedReleases.sql}
      ${listed('file', '1', '2', '7')} ${listed('episode', '1', '2', 'NULL')} ${listed('film', 'NULL', 'NULL', 'NULL')}
      PRAGMA user_version = 6;`);
    older.close();
    const files = opened()
      .sql.prepare('SELECT source_id, file, title_id, season, episode, name FROM listed_files')
      .raw();
    expect(files.all()).toEqual([
      ['episode', 's1e2', 'tt1', 1, 2, 'Name'],
      ['file', '7', 'tt1', 1, 2, 'Name'],
      ['film', 'auto', 'tt1', null, null, 'Name'],
    ]);
    const sources = opened().sql.prepare('SELECT source_id, listed_at FROM listed_sources ORDER BY source_id').raw();
    expect(sources.all()).toEqual([
      ['episode', 9],
      ['file', 9],
      ['film', 9],
    ]);
  });

  it('open - makes all tables, and finds them again', () => {
    const first = opened();
    insertSession(first, 'a');
    first.close();
    expect(sessionsIn(opened())).toEqual(['a']);
    const tables = opened().sql.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all();
    expect(tables).toEqual(
      expect.arrayContaining([
        'contents',
        'content_files',
        'torrents',
        'removed',
        'jobs',
        'sessions',
        'listed_sources',
        'listed_files',
        'items',
        'removed_folders',
        'known_nzb_urls',
        'indexers',
        'preferences',
      ]),
    );
  });

  it('file - is for its owner alone', async () => {
    opened();
    for (const name of [file, `${file}-wal`]) expect((await stat(name)).mode & 0o077).toBe(0);
  });

  it('folder - is made when it is missing', () => {
    file = join(folder, 'a', 'b', 'headstart.db');
    expect(sessionsIn(opened())).toEqual([]);
  });

  it('another key - is an error that names the variable, and harms nothing', () => {
    insertSession(opened(), 'a');
    const other = new Sealer('l'.repeat(32));
    expect(() => openDatabase(file, { sealer: other })).toThrow(ConfigError);
    expect(() => openDatabase(file, { sealer: other })).toThrow(/SECRET_KEY: not the key/);
    expect(sessionsIn(opened())).toEqual(['a']);
  });

  it('a newer version’s file - is refused', () => {
    const database = opened();
    database.sql.pragma('user_version = 999');
    database.close();
    expect(opened).toThrow(/newer version/);
  });

  it('a file that is no database, or cannot be made - is an error that names DATA_DIR', async () => {
    await writeFile(file, 'x'.repeat(4096));
    expect(opened).toThrow(/DATA_DIR: .*headstart\.db cannot be used/);
    file = join(file, 'headstart.db');
    expect(opened).toThrow(/DATA_DIR: /);
  });

  it('durably - is all or nothing, also within another', () => {
    const database = opened();
    expect(() =>
      database.durably(() => {
        database.durably(() => insertSession(database, 'a'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(sessionsIn(database)).toEqual([]);
    expect(database.durably(() => (insertSession(database, 'b'), 7))).toBe(7);
    expect(sessionsIn(database)).toEqual(['b']);
  });

  it('a full disk - is named, inside and outside a transaction, and room makes it work again', () => {
    const database = opened();
    const [limit] = database.sql.pragma('max_page_count') as { max_page_count: number }[];
    database.sql.pragma('max_page_count = 1');
    const fill = (): void => {
      for (let number = 0; number < 500; number += 1) insertSession(database, `${number}-${'x'.repeat(1000)}`);
    };
    expect(fill).toThrow(StorageFullError);
    expect(() => database.durably(fill)).toThrow(StorageFullError);
    expect(database.sql.inTransaction).toBe(false);
    database.sql.pragma(`max_page_count = ${String(limit?.max_page_count)}`);
    database.durably(() => insertSession(database, 'fits'));
    expect(sessionsIn(database)).toContain('fits');
  });

  it('what a killed process leaves behind - holds everything that was committed, and nothing half', () => {
    const database = opened();
    insertSession(database, 'a');
    database.durably(() => insertSession(database, 'b'));
    database.sql.exec('BEGIN');
    insertSession(database, 'half');
    const left = join(folder, 'left.db');
    copyFileSync(file, left);
    copyFileSync(`${file}-wal`, `${left}-wal`);
    file = left;
    expect(sessionsIn(opened())).toEqual(['a', 'b']);
  });

  it('close - can be called twice', () => {
    const database = opened();
    database.close();
    database.close();
  });
});
