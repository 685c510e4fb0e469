// Which archives of a release hold its film, and what lies in them. Opens them over the files of the inner engine.

import { groupVolumes, openArchive, openNested } from '../../archive/index.js';
import type { ArchiveMember, RandomAccessFile, VolumeSet } from '../../archive/index.js';
import { HeadstartError, UnplayableError } from '../../content/index.js';
import type { MediaFile, Release, ReleaseFile } from '../../content/index.js';
import { isVideo } from '../../naming/index.js';

/** A member as a file of the release, and where its bytes are. */
export interface Member {
  readonly file: ReleaseFile;
  readonly member: ArchiveMember;
  /** The first volume of its archive. */
  readonly volume: ReleaseFile;
}

/** In a stable order: of the archives, then of the members in them. */
export interface Layout {
  readonly members: readonly Member[];
}

export interface LayoutOptions {
  readonly open: (file: ReleaseFile, options: { readonly signal: AbortSignal }) => Promise<MediaFile>;
  readonly signal: AbortSignal;
  readonly report: (report: {
    readonly stage: 'connecting';
    readonly fraction: number;
    readonly message: string;
    readonly lacks: 'pieces';
  }) => void;
}

/** Archives of one release that are opened; a season of episodes has fewer. */
const MAX_SETS = 64;

/** What the release has without its archives' members. */
export function ownFiles(release: Release): readonly ReleaseFile[] {
  return release.files.filter((file) => file.isMember !== true);
}

/**
 * Opens the archives that are larger than the largest video beside them.
 * @throws {UnplayableError} why the first archive cannot be played, when there is no video at all; what reading throws
 */
export async function readLayout(files: readonly ReleaseFile[], options: LayoutOptions): Promise<Layout> {
  const sets = largeSets(files);
  const nextIndex = files.reduce((most, file) => Math.max(most, file.index + 1), 0);
  const members: Member[] = [];
  const refusals: UnplayableError[] = [];
  for (const [at, set] of sets.entries()) {
    options.report({
      stage: 'connecting',
      fraction: at / sets.length,
      message: 'Looking into the archive',
      lacks: 'pieces',
    });
    try {
      const { playable, refusal } = await readSet(files, set, options);
      if (refusal !== null) refusals.push(refusal);
      for (const { volume, member } of playable) {
        members.push({ volume, member, file: fileOf(volume, member, nextIndex + members.length) });
      }
    } catch (error) {
      if (!(error instanceof UnplayableError)) throw error;
      refusals.push(error);
    }
  }
  const isPlayable = [...files, ...members.map(({ file }) => file)].some(
    ({ name, isPadding }) => !isPadding && isVideo(name),
  );
  if (!isPlayable && refusals[0] !== undefined) throw refusals[0];
  return { members };
}

function largeSets(files: readonly ReleaseFile[]): readonly VolumeSet[] {
  const shown = files.map((file) => ({ name: file.isPadding ? '' : file.path, sizeBytes: file.sizeBytes }));
  const largestVideo = shown.reduce(
    (most, { name, sizeBytes }) => (isVideo(name) ? Math.max(most, sizeBytes) : most),
    0,
  );
  const sizeOf = ({ volumes }: VolumeSet): number =>
    volumes.reduce((sum, index) => sum + (files[index]?.sizeBytes ?? 0), 0);
  return groupVolumes(shown)
    .sets.filter((set) => sizeOf(set) > largestVideo)
    .slice(0, MAX_SETS);
}

interface OpenedSet {
  readonly playable: readonly { readonly volume: ReleaseFile; readonly member: ArchiveMember }[];
  /** Why its video is not among them. */
  readonly refusal: UnplayableError | null;
}

async function readSet(files: readonly ReleaseFile[], set: VolumeSet, options: LayoutOptions): Promise<OpenedSet> {
  const volumes = set.volumes.flatMap((index) => files[index] ?? []);
  const [volume] = volumes;
  if (!set.isComplete || volume === undefined) {
    throw new UnplayableError('Parts of the archive are missing.', 'ARCHIVE_INCOMPLETE');
  }
  const opening = { passwords: [], signal: options.signal };
  const archive = await openArchive(
    volumes.map((file) => volumeFile(file, options.open)),
    opening,
  );
  const { members } = await openNested(archive, opening);
  const refused = members.find(({ name, refusal }) => refusal !== null && isVideo(name));
  return {
    playable: members.filter(({ refusal }) => refusal === null).map((member) => ({ volume, member })),
    refusal: refused?.refusal ?? null,
  };
}

/** Opened anew for each read: the inner engine may have let go of it meanwhile. */
function volumeFile(file: ReleaseFile, open: LayoutOptions['open']): RandomAccessFile {
  return {
    name: file.name,
    sizeBytes: file.sizeBytes,
    measure: async () => file.sizeBytes,
    async *open(range, options) {
      const media = await open(file, { signal: options.signal });
      if (media.sizeBytes !== file.sizeBytes) throw new HeadstartError('A volume has another size.', 'CONTENT_CHANGED');
      yield* media.open(range, options);
    },
  };
}

function fileOf(volume: ReleaseFile, member: ArchiveMember, index: number): ReleaseFile {
  const { name, sizeBytes } = member;
  return { index, path: `${volume.path}/${member.path}`, name, sizeBytes, isPadding: false, isMember: true };
}
