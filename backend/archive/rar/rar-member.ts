// One file of a RAR set: what its header says, and the way to its bytes.

import { UnplayableError } from '../../content/index.js';
import type { ArchiveMember, MemberCipher, PackedExtent, ReadOptions } from '../archive.js';
import { baseNameOf, cleanMemberPath } from '../member-path.js';
import { compressed, unsupported } from '../refusals.js';
import { findMemberCipher } from './member-cipher.js';
import type { MemberPlace } from './member-place.js';
import { packedBytes, plainBytes } from './packed-bytes.js';
import type { RarSession } from './rar-session.js';

/** Finds extents of a member; the archive it belongs to. */
export interface MemberLocator {
  locate(member: RarMember, offset: number, options: ReadOptions): Promise<PackedExtent>;
}

interface MemberFacts {
  readonly cipher: MemberCipher | null;
  readonly refusal: UnplayableError | null;
}

export class RarMember implements ArchiveMember {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly cipher: MemberCipher | null;
  readonly refusal: UnplayableError | null;

  private constructor(
    readonly place: MemberPlace,
    facts: MemberFacts,
    private readonly locator: MemberLocator,
  ) {
    const { block } = place.part;
    this.path = cleanMemberPath(block.rawPath);
    this.name = baseNameOf(this.path);
    this.sizeBytes = plainBytes(block) ?? block.dataBytes;
    this.packedBytes = packedBytes(block) ?? block.dataBytes;
    this.cipher = facts.cipher;
    this.refusal = facts.refusal;
  }

  /** Tries the passwords where one is needed; what does not fit becomes the member's refusal. @throws what reading throws */
  static async create(
    place: MemberPlace,
    context: { readonly locator: MemberLocator; readonly session: RarSession; readonly isSolidArchive: boolean },
    options: ReadOptions,
  ): Promise<RarMember> {
    const facts = await factsOf(place, context, options);
    return new RarMember(place, facts, context.locator);
  }

  locate(offset: number, options: ReadOptions): Promise<PackedExtent> {
    return this.locator.locate(this, offset, options);
  }
}

async function factsOf(
  { volume, part }: MemberPlace,
  { session, isSolidArchive }: { readonly session: RarSession; readonly isSolidArchive: boolean },
  options: ReadOptions,
): Promise<MemberFacts> {
  const { block } = part;
  const refused = (refusal: UnplayableError): MemberFacts => ({ cipher: null, refusal });
  if (!block.isStored) return refused(block.isSolid || isSolidArchive ? solid() : compressed());
  if (plainBytes(block) === null) return refused(unsupported('The archive does not tell how long its files are.'));
  try {
    return { cipher: await findMemberCipher(part, volume.file, session, options), refusal: null };
  } catch (error) {
    if (isRefusal(error)) return refused(error);
    throw error;
  }
}

/** Says something of the member, not of how its volume was read. */
function isRefusal(error: unknown): error is UnplayableError {
  const codes = ['ARCHIVE_PASSWORD', 'ARCHIVE_UNSUPPORTED'];
  return error instanceof UnplayableError && codes.includes(error.code);
}

function solid(): UnplayableError {
  return new UnplayableError('The video is compressed together with other files inside its archive.', 'ARCHIVE_SOLID');
}
