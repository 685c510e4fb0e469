// Opens an archive over its volumes: what it is, its first bytes say.

import type { Archive, OpenArchiveOptions, RandomAccessFile } from './archive.js';
import { JoinedFile } from './joined-file.js';
import { locatedDown } from './locate-down.js';
import { openRar } from './rar/open-rar.js';
import { incomplete, unsupported } from './refusals.js';
import { openSevenZip } from './seven-zip/open-seven-zip.js';
import { sniffFile } from './sniff-file.js';
import type { Sniffed } from './sniff-format.js';
import { openSplit } from './split-archive.js';
import { openZip } from './zip/open-zip.js';

/**
 * `volumes` in their order, at least one. Reads the headers that are needed to list the members and to know where the
 * first bytes of each lie.
 * @throws {UnplayableError} `ARCHIVE_UNSUPPORTED`, `ARCHIVE_PASSWORD`, `ARCHIVE_INCOMPLETE`; what reading throws
 */
export async function openArchive(volumes: readonly RandomAccessFile[], options: OpenArchiveOptions): Promise<Archive> {
  const [first, second] = volumes;
  if (first === undefined) throw incomplete();
  const sniffed = await sniffFile(first, options);
  const isRar = isRarFormat(sniffed);
  if (isRar && !(await isPiece(first, second, options))) return openRar(volumes, options);
  const joined = await JoinedFile.open(volumes, options);
  if (isRar) return locatedArchive(await openRar([joined], options));
  if (sniffed?.format === '7z') return openSevenZip(joined, options);
  if (sniffed?.format === 'zip') return openZip(joined, options);
  if (volumes.length > 1 || /\.\d{3}$/.test(first.name)) return openSplit(joined, sniffed);
  throw unsupported('This is no archive that can be opened here.');
}

/** Its members in the pieces themselves: engines see their own files. */
function locatedArchive(archive: Archive): Archive {
  return {
    format: archive.format,
    members: archive.members.map((member) => locatedDown(member, member.path)),
    confirm: (options) => archive.confirm(options),
  };
}

/** `film.001` may be a volume that has a header like the others, or only a piece of a file; other names leave no doubt. */
async function isPiece(
  first: RandomAccessFile,
  second: RandomAccessFile | undefined,
  options: OpenArchiveOptions,
): Promise<boolean> {
  if (second === undefined || !/\.\d{3}$/.test(first.name)) return false;
  return !isRarFormat(await sniffFile(second, options));
}

function isRarFormat(sniffed: Sniffed | null): boolean {
  return sniffed?.format === 'rar4' || sniffed?.format === 'rar5';
}
