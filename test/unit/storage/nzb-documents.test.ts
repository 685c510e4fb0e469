import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContentId } from '../../../backend/content/index.js';
import { Sealer } from '../../../backend/platform/index.js';
import { NzbDocuments } from '../../../backend/storage/index.js';

const one = 'a'.repeat(64) as ContentId;
const other = 'b'.repeat(64) as ContentId;
const nzb = Buffer.from('<nzb><meta type="password">hunter2</meta></nzb>');
const sealer = new Sealer('k'.repeat(32));
let base = '';
let folder = '';
let documents: NzbDocuments;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'headstart-nzbs-'));
  folder = join(base, 'nzbs');
  documents = new NzbDocuments({ folder, sealer });
});

afterEach(async () => {
  await rm(base, { recursive: true, force: true });
});

const textOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

describe('nzb documents', () => {
  it('nzb documents - give back what was kept, also to another instance', async () => {
    await documents.keep(one, nzb);
    expect(textOf(await new NzbDocuments({ folder, sealer }).read(one))).toBe(nzb.toString());
    expect([await documents.has(one), await documents.has(other)]).toEqual([true, false]);
    expect(await documents.read(other)).toBeNull();
  });

  it('nzb documents - lie sealed, for their owner alone, with nothing beside them', async () => {
    await documents.keep(one, nzb);
    expect(await readdir(folder)).toEqual([`${one}.nzb`]);
    expect((await readFile(join(folder, `${one}.nzb`))).includes('hunter2')).toBe(false);
    expect((await stat(join(folder, `${one}.nzb`))).mode & 0o777).toBe(0o600);
  });

  it('nzb documents - the newest of a content counts, whoever keeps it at the same time', async () => {
    await Promise.all([documents.keep(one, nzb), documents.keep(one, nzb)]);
    await documents.keep(one, Buffer.from('<nzb/>'));
    expect(textOf(await documents.read(one))).toBe('<nzb/>');
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('nzb documents - are listed with the moment they came, and nothing else that lies there', async () => {
    const listed = async (): Promise<unknown[]> => {
      const all = [];
      for await (const document of documents.list()) all.push(document);
      return all;
    };
    expect(await listed()).toEqual([]);
    await documents.keep(one, nzb);
    await writeFile(join(folder, `${other}.nzb.part`), '');
    const { mtimeMs } = await stat(join(folder, `${one}.nzb`));
    expect(await listed()).toEqual([{ contentId: one, keptAt: mtimeMs }]);
  });

  it('nzb documents - how large each is that is kept is told, plain', async () => {
    const told: [ContentId, number][] = [];
    const noteSize = (contentId: ContentId, bytes: number): void => void told.push([contentId, bytes]);
    const telling = new NzbDocuments({ folder, sealer, noteSize, maxBytes: 100 });
    await telling.keep(one, nzb);
    await expect(telling.keep(other, Buffer.alloc(101))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect(told).toEqual([[one, nzb.length]]);
  });

  it('nzb documents - are removed once and for all', async () => {
    await documents.keep(one, nzb);
    await documents.remove(one);
    await documents.remove(one);
    expect(await documents.read(one)).toBeNull();
  });

  it('nzb documents - one of another key, or cut short, is corrupt', async () => {
    await documents.keep(one, nzb);
    const stranger = new NzbDocuments({ folder, sealer: new Sealer('x'.repeat(32)) });
    await expect(stranger.read(one)).rejects.toMatchObject({ code: 'CORRUPT' });
    const file = join(folder, `${one}.nzb`);
    await writeFile(file, (await readFile(file)).subarray(0, 40));
    await expect(documents.read(one)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  it('nzb documents - one too large is neither kept nor read', async () => {
    const small = new NzbDocuments({ folder, sealer, maxBytes: 1_000 });
    await expect(small.keep(one, Buffer.alloc(1_001))).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await documents.keep(one, Buffer.alloc(100_000));
    await expect(small.read(one)).rejects.toMatchObject({ code: 'CORRUPT' });
    await documents.keep(other, randomBytes(100_000));
    await expect(small.read(other)).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});
