// Archives inside an archive: a RAR of RARs, as some posters make them. One level; what is deeper is refused.

import { isVideo } from '../naming/index.js';
import type { Archive, ArchiveMember, OpenArchiveOptions } from './archive.js';
import { groupByHeaders } from './group-by-headers.js';
import { groupVolumes } from './group-volumes.js';
import type { VolumeSet } from './group-volumes.js';
import { locatedDown } from './locate-down.js';
import { MemberFile } from './member-file.js';
import { openArchive } from './open-archive.js';
import { unsupported } from './refusals.js';
import { sniffFile } from './sniff-file.js';

/** Members without telling names whose first bytes are looked at, several at once. */
const MAX_SNIFFED = 256;
const SNIFFED_AT_ONCE = 8;
/** Sets of a pack that are opened. */
const MAX_SETS = 64;

/**
 * The archive itself when it holds a video or no archives; else one made of the members of its inner archives, with paths
 * `<first inner volume>/<member>`. Inner members are located in the outer volumes wherever nothing is encrypted between.
 * @throws {UnplayableError} `ARCHIVE_UNSUPPORTED` when the inner archives hold only archives again; what `openArchive` throws
 */
export async function openNested(archive: Archive, options: OpenArchiveOptions): Promise<Archive> {
  const { members } = archive;
  if (members.some(({ name }) => isVideo(name))) return archive;
  const sets = (await setsOf(members, options)).slice(0, MAX_SETS);
  if (sets.length === 0) return archive;
  const inner: Archive[] = [];
  const found: ArchiveMember[] = [];
  for (const set of sets) {
    const volumes = set.volumes.flatMap((index) => members[index] ?? []);
    const opened = await openArchive(
      volumes.map((member) => new MemberFile(member)),
      options,
    );
    inner.push(opened);
    found.push(...opened.members.map((member) => locatedDown(member, `${volumes[0]?.path ?? ''}/${member.path}`)));
  }
  assertShallow(found);
  return {
    format: inner[0]?.format ?? archive.format,
    members: found,
    confirm: async (reading) => {
      for (const each of [archive, ...inner]) await each.confirm(reading);
    },
  };
}

/** By names; by headers where they say nothing. */
async function setsOf(members: readonly ArchiveMember[], options: OpenArchiveOptions): Promise<readonly VolumeSet[]> {
  const byName = groupVolumes(members.map(({ path, sizeBytes }) => ({ name: path, sizeBytes })));
  if (byName.sets.length > 0) return byName.sets;
  const sniffed = [];
  for (let from = 0; from < Math.min(members.length, MAX_SNIFFED); from += SNIFFED_AT_ONCE) {
    const batch = members.slice(from, Math.min(from + SNIFFED_AT_ONCE, MAX_SNIFFED));
    sniffed.push(...(await Promise.all(batch.map((member) => sniffMember(member, options)))));
  }
  return groupByHeaders(sniffed).sets;
}

async function sniffMember(member: ArchiveMember, options: OpenArchiveOptions) {
  const { name, sizeBytes } = member;
  if (member.refusal !== null) return { name, sizeBytes, sniffed: null };
  return { name, sizeBytes, sniffed: await sniffFile(new MemberFile(member), options) };
}

function assertShallow(members: readonly ArchiveMember[]): void {
  if (members.some(({ name }) => isVideo(name))) return;
  const { sets } = groupVolumes(members.map(({ path, sizeBytes }) => ({ name: path, sizeBytes })));
  if (sets.length > 0) throw unsupported('Its archives lie in archives in archives.');
}
