// Files of NZBs are MediaFiles like any other: plain, inside an archive, inside an encrypted one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MediaFile } from '../../backend/content/index.js';
import { postFiles, sourceOfBytes } from '../../scripts/lab/index.js';
import type { FileToPost, PostOptions } from '../../scripts/lab/index.js';
import { rarVolumes } from '../../scripts/fixtures/index.js';
import { pseudoRandomBytes } from '../support/pseudo-random.js';
import { openEngineLab } from '../support/usenet-engine.js';
import { describeMediaFile } from './media-file-suite.js';
import type { MediaFileSubject } from './media-file-suite.js';

const fixtures = 'test/fixtures/archives';

async function subjectOf(
  files: readonly FileToPost[],
  original: Uint8Array,
  options: Partial<PostOptions> = {},
): Promise<MediaFileSubject> {
  const lab = await openEngineLab();
  const { nzb } = await postFiles(lab.news, files, { seed: 'contract', partBytes: 100_000, ...options });
  const source = await lab.engine.accept(Buffer.from(nzb));
  const { signal } = new AbortController();
  const release = await lab.engine.resolve(source, { signal, report: () => undefined });
  const file: MediaFile = await lab.engine.open(release, release.files[0]!, { signal });
  return { file, original, close: () => lab.close() };
}

function fixture(set: string, volumes: readonly string[]): FileToPost[] {
  return volumes.map((name) => ({ name, content: sourceOfBytes(readFileSync(join(fixtures, set, name))) }));
}

describeMediaFile('posted as it is', () => {
  const original = pseudoRandomBytes('posted', 3_000_001);
  return subjectOf([{ name: 'film.mkv', content: sourceOfBytes(original) }], original);
});

describeMediaFile('in one article', () => {
  const original = pseudoRandomBytes('one', 2_500_001);
  return subjectOf([{ name: 'film.mkv', content: sourceOfBytes(original) }], original, { partBytes: 3_000_000 });
});

describeMediaFile('in RAR volumes', () => {
  const original = pseudoRandomBytes('packed', 3_000_001);
  const content = sourceOfBytes(original);
  return subjectOf(rarVolumes({ format: 'rar5', innerName: 'film.mkv', content, volumeBytes: 350_000 }), original);
});

describeMediaFile('in an encrypted archive', () => {
  const volumes = [1, 2, 3, 4, 5].map((number) => `open.film.part${number}.rar`);
  const original = readFileSync(join(fixtures, 'zip-stored', 'open.film.zip'));
  return subjectOf(fixture('rar5-encrypted-headers', volumes), innerOf(original), {
    partBytes: 40_000,
    meta: { password: 'open-sesame' },
  });
});

/** The film as the stored ZIP has it: behind a local header of 30 bytes and its name (APPNOTE 4.3.7). */
function innerOf(zip: Buffer): Uint8Array {
  const name = 'Open.Film.2024.1080p.WEB.x264-DEMO.mkv';
  const at = zip.indexOf(name);
  const start = at + name.length + zip.readUInt16LE(at - 2);
  return zip.subarray(start, start + 476_120);
}
