// Members of archives keep the media file contract: stored, decrypted, and from the middle of a join.

import { MemberFile, openArchive } from '../../backend/archive/index.js';
import type { MediaFile } from '../../backend/content/index.js';
import { fixtureVolumes, openOptions, originalFilm } from '../support/archive-fixtures.js';
import { describeMediaFile } from './media-file-suite.js';

const SETS = ['rar5-volumes', 'rar4-password', '7z-stored-encrypted', 'zip-stored', 'split-001'];

for (const name of SETS) {
  describeMediaFile(`member of ${name}`, async () => {
    const volumes = fixtureVolumes(name, { chunkBytes: 20_000 });
    const { members } = await openArchive(volumes, openOptions('open-sesame'));
    const member = members.find((candidate) => candidate.name.endsWith('.mkv'))!;
    return {
      file: asMediaFile(new MemberFile(member)),
      original: originalFilm(),
      openReaders: () => volumes.reduce((sum, { openReaders }) => sum + openReaders, 0),
    };
  });
}

function asMediaFile(file: MemberFile): MediaFile {
  const { name, sizeBytes } = file;
  return {
    id: 'member',
    name,
    sizeBytes,
    modifiedAt: new Date(1),
    open: (range, options) => file.open(range, options),
  };
}
