// From an NZB to the files in it that can be played: which posted files belong together, what lies in their archives, how
// large everything is. Fetches one article of what has to be looked into, all at once; keeps no state of its own.

import { groupByHeaders, groupVolumes, openArchive, openNested } from '../../../archive/index.js';
import type { Archive, ArchiveMember, KeyDerivationGate, VolumeSet } from '../../../archive/index.js';
import { UnplayableError } from '../../../content/index.js';
import type { ContentId, HeadstartError } from '../../../content/index.js';
import { isPlayable, isVideo, parseReleaseName } from '../../../naming/index.js';
import { mapAtMost } from '../../../platform/index.js';
import type { Nzb } from '../nzb/nzb.js';
import type { ArticleStore } from '../store/article-store.js';
import { PostedFile } from '../files/posted-file.js';
import type { MediaBody } from '../files/usenet-media-file.js';
import { kindOf } from './file-kinds.js';
import { identify } from './identify.js';
import type { Identified } from './identify.js';

/** A file that the release offers. */
export interface InnerFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly body: MediaBody;
  /** What it lies in: itself, or the volumes of its archive. */
  readonly posted: readonly PostedFile[];
}

export interface OpenedRelease {
  readonly contentId: ContentId;
  readonly name: string;
  /** By path: their place here is their index, where nothing was known of them before. */
  readonly files: readonly InnerFile[];
  /** What is played from: volumes and plain files, in the NZB's order. */
  readonly posted: readonly PostedFile[];
  readonly archives: readonly Archive[];
  /** Why a file that it holds may not be among them: articles of it are missing now. */
  readonly lack: HeadstartError | null;
}

export interface OpenReleaseOptions {
  readonly contentId: ContentId;
  /** From `postedFiles`; their names may be set anew. */
  readonly all: readonly PostedFile[];
  readonly name: string;
  readonly passwords: readonly string[];
  /** Through which the keys of its archives are made; each makes its own when it is left out. */
  readonly gate?: KeyDerivationGate;
  readonly signal: AbortSignal;
}

export interface PostedFilesOptions {
  readonly nzb: Nzb;
  readonly store: Pick<ArticleStore, 'get'>;
  readonly windowLimit: () => number;
}

/** What one set or plain file came to. */
interface Found {
  readonly files: readonly InnerFile[];
  readonly archive: Archive | null;
  /** Why something of this size cannot be played. */
  readonly refused: { readonly error: HeadstartError; readonly sizeBytes: number } | null;
}

/** Files whose names tell nothing are looked into only where they are more than a trifle of the release. */
const MIN_UNKNOWN_SHARE = 0.01;
const MAX_LOOKED_INTO = 2_000;
/** A thousand volumes and as many repair files are much; more is no film. */
const MAX_FILES = 20_000;
const MAX_SETS_AT_ONCE = 16;
const MAX_FILES_AT_ONCE = 64;
/** What cannot be played counts when it is so much larger than the largest that can: that one is then a sample. */
const SAMPLE_FACTOR = 2;
const byPath = new Intl.Collator('en', { numeric: true });

/** @throws {UnplayableError} when nothing of it can be played, saying why; {UpstreamError} for what the providers did */
export async function openRelease(options: OpenReleaseOptions): Promise<OpenedRelease> {
  const { all } = options;
  const wanted = await nameFiles(options);
  const { sets, others } = groupAll(wanted);
  const volumes = new Set(sets.flat());
  const offered = others.filter((file) => isOffered(file.name));
  const found = (
    await Promise.all([
      mapAtMost(MAX_SETS_AT_ONCE, sets, (volumes) => openSet(volumes, options)),
      mapAtMost(MAX_FILES_AT_ONCE, offered, (file) => measurePlain(file, options)),
    ])
  ).flat();
  options.signal.throwIfAborted();
  const files = unique(found.flatMap((one) => one.files));
  assertPlayable(files, found);
  return {
    contentId: options.contentId,
    name: betterName(options.name, files),
    files,
    posted: all.filter((file) => volumes.has(file) || isPlayable(file.name)),
    archives: found.flatMap(({ archive }) => (archive === null ? [] : [archive])),
    lack: found.map(({ refused }) => refused?.error ?? null).find((error) => error?.code === 'ARTICLE_MISSING') ?? null,
  };
}

/** The files of an NZB. @throws {UnplayableError} `NZB_INVALID` when it has none */
export function postedFiles({ nzb, store, windowLimit }: PostedFilesOptions): PostedFile[] {
  const files: PostedFile[] = [];
  if (nzb.files.length > MAX_FILES) throw new UnplayableError('There are too many files in this NZB.', 'NZB_INVALID');
  let known: number | null = null;
  const partBytesHint = (): number | null => known;
  const onPartBytes = (partBytes: number): void => {
    known ??= partBytes;
  };
  nzb.files.forEach((nzbFile, place) => {
    if (nzbFile.segments.length === 0) return;
    const name = (nzbFile.fileName ?? '').split(/[/\\]/).at(-1)!;
    files.push(
      new PostedFile({
        nzbFile,
        place,
        name,
        contentId: nzb.contentId,
        store,
        partBytesHint,
        onPartBytes,
        windowLimit,
      }),
    );
  });
  if (files.length === 0) throw new UnplayableError('There are no articles in this NZB.', 'NZB_INVALID');
  return files;
}

/** An archive may be called "film" while the one film in it has the release's whole name. */
function betterName(name: string, files: readonly InnerFile[]): string {
  const videos = files.filter((file) => isVideo(file.name));
  const [only] = videos;
  if (only === undefined || videos.length > 1 || isWellNamed(name) || !isWellNamed(only.name)) return name;
  return only.name.replace(/\.[^.]*$/, '');
}

/** It tells at least a year, an episode or a resolution. */
function isWellNamed(name: string): boolean {
  const { year, resolution, episodes } = parseReleaseName(name);
  return year !== undefined || resolution !== undefined || episodes.length > 0;
}

/** Everything that may matter, with the best name it can get. */
async function nameFiles({ all, name, signal }: OpenReleaseOptions): Promise<Identified[]> {
  const kinds = all.map((file) => ({ file, kind: kindOf(file.name) }));
  const of = (kind: string): PostedFile[] => kinds.filter((one) => one.kind === kind).map(({ file }) => file);
  const unknown = of('unknown');
  const bytes = (files: readonly PostedFile[]): number => files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const telling = [...of('playable'), ...of('archive'), ...of('subtitle')].map((file) => ({ file, sniffed: null }));
  if (unknown.length === 0 || bytes(unknown) <= bytes(all) * MIN_UNKNOWN_SHARE) return telling;
  const looked = await identify(unknown.slice(0, MAX_LOOKED_INTO), of('par2'), { releaseName: name, signal });
  return [...telling, ...looked].sort((one, other) => one.file.place - other.file.place);
}

function groupAll(wanted: readonly Identified[]): { sets: PostedFile[][]; others: PostedFile[] } {
  const pick = (from: readonly Identified[], set: VolumeSet): PostedFile[] => set.volumes.map((at) => from[at]!.file);
  const fit = ({ file }: Identified): { name: string; sizeBytes: number } => ({
    name: file.name,
    sizeBytes: file.sizeBytes,
  });
  const byName = groupVolumes(wanted.map(fit));
  const rest = byName.others.map((at) => wanted[at]!);
  const isNameless = ({ file }: Identified): boolean => ['unknown', 'archive'].includes(kindOf(file.name));
  const nameless = rest.filter(isNameless);
  const byHeader = groupByHeaders(nameless.map((one) => ({ ...fit(one), sniffed: one.sniffed })));
  return {
    sets: [...byName.sets.map((set) => pick(wanted, set)), ...byHeader.sets.map((set) => pick(nameless, set))],
    others: rest.filter((one) => !isNameless(one)).map(({ file }) => file),
  };
}

async function openSet(
  volumes: readonly PostedFile[],
  { passwords, gate, signal }: OpenReleaseOptions,
): Promise<Found> {
  const sizeBytes = volumes.reduce((sum, volume) => sum + volume.sizeBytes, 0);
  try {
    const archive = await openArchive(volumes, { passwords, gate, signal });
    const { members } = await openNested(archive, { passwords, gate, signal });
    const readable = members.filter(({ refusal }) => refusal === null);
    const refused = members
      .filter((member) => member.refusal !== null && isVideo(member.name))
      .sort((one, other) => other.sizeBytes - one.sizeBytes)[0];
    const none = members.find(({ refusal }) => refusal !== null);
    const worst = refused ?? (readable.length === 0 ? none : undefined);
    return {
      files: readable.filter(({ name }) => isOffered(name)).map((member) => fileOfMember(member, volumes)),
      archive,
      refused: worst === undefined ? null : { error: worst.refusal!, sizeBytes: worst.sizeBytes },
    };
  } catch (error) {
    return refusedBy(error, sizeBytes, signal);
  }
}

async function measurePlain(file: PostedFile, { signal }: OpenReleaseOptions): Promise<Found> {
  try {
    const sizeBytes = await file.measure({ signal });
    const { name } = file;
    const inner: InnerFile = { path: name, name, sizeBytes, body: { kind: 'posted', file }, posted: [file] };
    return { files: [inner], archive: null, refused: null };
  } catch (error) {
    return refusedBy(error, isVideo(file.name) ? file.sizeBytes : 0, signal);
  }
}

/** One part of a release that cannot be had does not spoil the others; trouble with the providers does. */
function refusedBy(error: unknown, sizeBytes: number, signal: AbortSignal): Found {
  signal.throwIfAborted();
  if (!(error instanceof UnplayableError)) throw error;
  return { files: [], archive: null, refused: { error, sizeBytes } };
}

function fileOfMember(member: ArchiveMember, posted: readonly PostedFile[]): InnerFile {
  const { path, name, sizeBytes } = member;
  return { path, name, sizeBytes, body: { kind: 'member', member }, posted };
}

/** What a player or a library has a use for. */
function isOffered(name: string): boolean {
  return kindOf(name) === 'playable' || kindOf(name) === 'subtitle';
}

/** Sorted by path; a path that comes again gets a number, so that each names one file. */
function unique(files: readonly InnerFile[]): InnerFile[] {
  const sorted = [...files].sort((one, other) => byPath.compare(one.path, other.path) || compare(one.path, other.path));
  const seen = new Map<string, number>();
  return sorted.map((file) => {
    const times = (seen.get(file.path) ?? 0) + 1;
    seen.set(file.path, times);
    return times === 1 ? file : { ...file, path: `${times}/${file.path}` };
  });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function assertPlayable(files: readonly InnerFile[], found: readonly Found[]): void {
  const largest = Math.max(0, ...files.filter(({ name }) => isVideo(name)).map(({ sizeBytes }) => sizeBytes));
  const refusals = found.flatMap(({ refused }) => (refused === null ? [] : [refused]));
  const worst = [...refusals].sort((one, other) => other.sizeBytes - one.sizeBytes)[0];
  if (worst !== undefined && worst.sizeBytes > largest * SAMPLE_FACTOR) throw worst.error;
  if (!files.some(({ name }) => isPlayable(name))) throw new UnplayableError('There is no video in it.', 'NO_VIDEO');
}
