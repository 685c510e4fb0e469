// A file cut into pieces (`film.mkv.001`), as an archive of one member.

import type { Archive, ArchiveMember, ReadOptions } from './archive.js';
import type { JoinedFile } from './joined-file.js';
import { baseNameOf, cleanMemberPath } from './member-path.js';
import { incomplete } from './refusals.js';
import { extensionOf } from './sniff-format.js';
import type { Sniffed } from './sniff-format.js';

/** `sniffed`: what the joined file begins with; gives an extension to a name that has none. */
export function openSplit(joined: JoinedFile, sniffed: Sniffed | null): Archive {
  const member = splitMember(joined, sniffed);
  return {
    format: 'split',
    members: [member],
    confirm: async (options) => {
      await joined.confirm(options);
      assertSize(joined, member);
    },
  };
}

function splitMember(joined: JoinedFile, sniffed: Sniffed | null): ArchiveMember {
  const stem = baseNameOf(cleanMemberPath(joined.name)).replace(/\.\d{3}$/, '');
  const path = sniffed === null || /\.[a-z0-9]{2,5}$/i.test(stem) ? stem : `${stem}.${extensionOf(sniffed)}`;
  const { sizeBytes } = joined;
  const member = {
    path,
    name: path,
    sizeBytes,
    packedBytes: sizeBytes,
    cipher: null,
    refusal: null,
    locate: async (offset: number, options: ReadOptions) => {
      assertSize(joined, member);
      return joined.locate(offset, options);
    },
  } satisfies ArchiveMember;
  return member;
}

/** Its size was told to others: a file that turns out longer or shorter is not the one they know. */
function assertSize(joined: JoinedFile, member: ArchiveMember): void {
  if (joined.sizeBytes !== member.sizeBytes) throw incomplete('The pieces of the file are not as long as they seemed.');
}
