// Opens a set of RAR volumes, RAR4 (1.5 to 4.x) or RAR5: stored members can be read anywhere, others are listed with what
// stands against them. Knows files that can be read anywhere, nothing of where they lie.

import type { Archive, OpenArchiveOptions, RandomAccessFile } from '../archive.js';
import { KeyDerivationGate } from '../key-derivation-gate.js';
import { incomplete } from '../refusals.js';
import { RarArchive } from './rar-archive.js';
import { RarSession } from './rar-session.js';
import { RarVolumes } from './rar-volumes.js';

/**
 * `volumes` in their order, as far as it is known: it is put right by the headers. Reads the first volume's headers, and
 * of the others those in which a further member may begin.
 * @throws {UnplayableError} `ARCHIVE_PASSWORD` when the headers are encrypted and no password fits; `ARCHIVE_INCOMPLETE`
 * when the first volume is missing or a member cannot fit into the volumes; `ARCHIVE_UNSUPPORTED`; `ARCHIVE_CORRUPT`;
 * what reading throws
 */
export async function openRar(volumes: readonly RandomAccessFile[], options: OpenArchiveOptions): Promise<Archive> {
  options.signal.throwIfAborted();
  if (volumes.length === 0) throw incomplete();
  const { signal, priority = 'prepare' } = options;
  const session = new RarSession(options.passwords, options.gate ?? new KeyDerivationGate());
  const set = new RarVolumes(volumes, session);
  const { format, main } = await set.read(0, { signal, priority });
  const archive = new RarArchive(format, main.isSolid, set, session);
  await archive.list({ signal, priority });
  return archive;
}
