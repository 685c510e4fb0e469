// Finds out what files with meaningless names are, from their first articles: the name their poster's program wrote, PAR2's
// fingerprints, magic bytes. Names are set on the files; what was sniffed is answered.

import { createHash } from 'node:crypto';
import { extensionOf, parsePar2, sniffFormat } from '../../../archive/index.js';
import type { Sniffed } from '../../../archive/index.js';
import { HeadstartError } from '../../../content/index.js';
import type { FileHead, PostedFile } from '../files/posted-file.js';
import { mapAtMost } from '../../../platform/index.js';
import { isTelling, kindOf } from './file-kinds.js';

export interface IdentifyOptions {
  readonly releaseName: string;
  readonly signal: AbortSignal;
}

export interface Identified {
  readonly file: PostedFile;
  /** Null where the first bytes say nothing. */
  readonly sniffed: Sniffed | null;
}

interface Looked extends Identified {
  readonly head: FileHead;
}

/** PAR2's fingerprint of a file is of so many bytes. */
const FINGERPRINT_BYTES = 16 * 1024;
/** More would only stand in line. */
const MAX_AT_ONCE = 64;
/** Larger ones hold recovery blocks; the descriptions stand at their beginning all the same. */
const MAX_PAR2_BYTES = 4 * 1024 * 1024;

/**
 * Looks into each of `files` (one article each). Those whose first article cannot be had are left out.
 * @throws {HeadstartError} when none could be looked into; the signal's reason
 */
export async function identify(
  files: readonly PostedFile[],
  par2: readonly PostedFile[],
  options: IdentifyOptions,
): Promise<Identified[]> {
  const { signal } = options;
  const failures: HeadstartError[] = [];
  const looks = await mapAtMost(MAX_AT_ONCE, files, async (file): Promise<Looked[]> => {
    try {
      const head = await file.head({ signal });
      return [{ file, head, sniffed: sniffFormat(head.bytes) }];
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HeadstartError)) throw error;
      failures.push(error);
      return [];
    }
  });
  const looked = looks.flat();
  if (looked.length === 0 && failures[0] !== undefined) throw failures[0];
  const isPar2 = ({ sniffed }: Looked): boolean => sniffed?.format === 'par2';
  const rest = looked.filter((one) => !isPar2(one));
  for (const one of rest) if (isTelling(one.head.postedName)) one.file.name = one.head.postedName;
  const nameless = rest.filter(({ file }) => kindOf(file.name) === 'unknown');
  if (nameless.length > 0) {
    const descriptions = [...par2, ...looked.filter(isPar2).map(({ file }) => file)];
    await nameByPar2(nameless, descriptions, signal);
    nameByMagic(nameless, options.releaseName);
  }
  return rest.map(({ file, sniffed }) => ({ file, sniffed }));
}

/** The smallest PAR2 file that can be read describes all files. */
async function nameByPar2(
  nameless: readonly Looked[],
  par2: readonly PostedFile[],
  signal: AbortSignal,
): Promise<void> {
  const bySize = [...par2].sort((one, other) => one.sizeBytes - other.sizeBytes).slice(0, 3);
  for (const file of bySize) {
    try {
      const { files } = parsePar2(await readBeginning(file, signal));
      const names = new Map(files.map(({ md5First16k, name }) => [md5First16k, name]));
      for (const { file: found, head } of nameless) {
        const name = names.get(fingerprint(head.bytes));
        if (name !== undefined) found.name = name;
      }
      if (files.length > 0) return;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HeadstartError)) throw error;
    }
  }
}

function fingerprint(head: Uint8Array): string {
  return createHash('md5').update(head.subarray(0, FINGERPRINT_BYTES)).digest('hex');
}

async function readBeginning(file: PostedFile, signal: AbortSignal): Promise<Uint8Array> {
  const size = Math.min(await file.measure({ signal }), MAX_PAR2_BYTES);
  const parts: Uint8Array[] = [];
  for await (const chunk of file.open({ start: 0, end: size }, { signal, priority: 'prepare' }))
    parts.push(Uint8Array.from(chunk));
  return Buffer.concat(parts);
}

/** A film without a name takes the release's; several are told apart by their place. */
function nameByMagic(nameless: readonly Looked[], releaseName: string): void {
  const unnamed = nameless.filter(({ file, sniffed }) => sniffed !== null && kindOf(file.name) === 'unknown');
  const films = unnamed.filter(
    ({ sniffed }) => sniffed !== null && !['rar4', 'rar5', '7z', 'zip'].includes(sniffed.format),
  );
  for (const { file, sniffed } of films) {
    const stem = films.length === 1 ? releaseName : `${releaseName} ${file.place + 1}`;
    file.name = `${stem}.${extensionOf(sniffed!)}`;
  }
}
