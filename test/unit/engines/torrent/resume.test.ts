import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  extentFileName,
  parseExtentFileName,
  readResume,
  writeResume,
} from '../../../../backend/engines/torrent/resume.js';
import { Resources } from '../../../support/resources.js';

describe('resume file', () => {
  const resources = new Resources();
  afterEach(() => resources.close());

  const resume = {
    pieceCount: 20,
    extentBytes: 65_536,
    isClean: true,
    bitfield: new Uint8Array([0xff, 0x01, 0x10]),
  };

  it('resume - reads what was written, and leaves nothing else behind', async () => {
    const folder = await resources.folder();
    await writeResume(folder, { ...resume, isClean: false });
    await writeResume(folder, resume);
    expect(await readResume(folder)).toMatchObject(resume);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('resume - takes a file cut off at any byte for none', async () => {
    const folder = await resources.folder();
    await writeResume(folder, resume);
    const [name] = await readdir(folder);
    const whole = await readFile(join(folder, name!));
    for (let length = 0; length < whole.length; length++) {
      await writeFile(join(folder, name!), whole.subarray(0, length));
      expect(await readResume(folder)).toBeNull();
    }
  });

  it('resume - takes anything foreign for none', async () => {
    const folder = await resources.folder();
    await writeResume(folder, resume);
    const [name] = await readdir(folder);
    const text = await readFile(join(folder, name!), 'utf8');
    const foreign = [
      text.replace('"version":1', '"version":2'),
      text.replace('"pieceCount":20', '"pieceCount":2000'),
      text.replace('"pieceCount":20', '"pieceCount":-20'),
      text.replace('"isClean":true', '"isClean":"yes"'),
      '[]',
      'null',
      '\u0000\u0001',
    ];
    for (const content of foreign) {
      await writeFile(join(folder, name!), content);
      expect(await readResume(folder)).toBeNull();
    }
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        await writeFile(join(folder, name!), json);
        expect(await readResume(folder)).toBeNull();
      }),
      { numRuns: 30 },
    );
  });

  it('resume - is none where there is no folder', async () => {
    expect(await readResume(join(await resources.folder(), 'nowhere'))).toBeNull();
  });

  it('extent names - are told from other names', () => {
    expect(parseExtentFileName(extentFileName(12))).toBe(12);
    for (const name of ['resume.json', '1.extent.new', '-1.extent', '1e3.extent', 'x1.extent', '.extent']) {
      expect(parseExtentFileName(name)).toBeNull();
    }
  });
});
