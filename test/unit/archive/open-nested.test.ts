import { describe, expect, it } from '@jest/globals';
import type { Archive, ArchiveMember } from '../../../backend/archive/archive.js';
import { MemberFile } from '../../../backend/archive/member-file.js';
import { openNested } from '../../../backend/archive/open-nested.js';
import { unsupported } from '../../../backend/archive/refusals.js';
import { fixtureVolumes, MemoryVolume, openOptions, originalFilm, readAll } from '../../support/archive-fixtures.js';
import { solidSevenZip } from '../../support/small-archives.js';

/** An archive of these files, as if it were a RAR. */
function archiveOf(...volumes: readonly MemoryVolume[]): Archive {
  const members = volumes.map((file): ArchiveMember => {
    const { name, bytes } = file;
    return {
      path: `in/${name}`,
      name,
      sizeBytes: bytes.length,
      packedBytes: bytes.length,
      cipher: null,
      refusal: null,
      locate: async (start) => ({ file, range: { start, end: bytes.length }, confirm: null }),
    };
  });
  return { format: 'rar5', members, confirm: async () => undefined };
}

describe('nested archives', () => {
  it('nested archives - an archive with a video is left as it is', async () => {
    const archive = archiveOf(
      new MemoryVolume(new Uint8Array(10), { name: 'film.mkv' }),
      ...fixtureVolumes('rar5-single'),
    );
    expect(await openNested(archive, openOptions())).toBe(archive);
  });

  it('nested archives - without names they are found by their headers', async () => {
    const volumes = fixtureVolumes('rar5-volumes').map(
      ({ bytes }, at) => new MemoryVolume(bytes, { name: `x${9 - at}` }),
    );
    const { members } = await openNested(archiveOf(...volumes.toReversed()), openOptions());
    const [film] = members;
    const whole = await readAll(new MemberFile(film!), { start: 0, end: film!.sizeBytes });
    expect(whole.equals(originalFilm())).toBe(true);
    expect(film!.path).toBe('in/x9/Open.Film.2024.1080p.WEB.x264-DEMO.mkv');
  });

  it('nested archives - joins inside an archive lie in its volumes', async () => {
    const volumes = fixtureVolumes('split-001');
    const { members } = await openNested(archiveOf(...volumes), openOptions());
    expect(volumes).toContain((await members[0]!.locate(100_000, openOptions())).file);
  });

  it('nested archives - a third level is refused', async () => {
    const inner = solidSevenZip({ 'film.part1.rar': Buffer.from('one'), 'film.part2.rar': Buffer.from('two') });
    const archive = archiveOf(new MemoryVolume(inner, { name: 'inner.7z' }));
    await expect(openNested(archive, openOptions())).rejects.toMatchObject({ code: 'ARCHIVE_UNSUPPORTED' });
  });

  it('nested archives - inner volumes that cannot be read say why', async () => {
    const refusal = unsupported('no');
    const archive = archiveOf(...fixtureVolumes('rar5-single'));
    const members = archive.members.map((member) => ({ ...member, refusal }));
    await expect(openNested({ ...archive, members }, openOptions())).rejects.toBe(refusal);
  });
});
