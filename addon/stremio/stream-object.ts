// One line of Stremio's stream list, from a candidate. Pure; knows what clients and aggregators read, not what is prepared.

import type { Candidate, Health } from '../../backend/discovery/index.js';
import { bingeGroupOf } from './binge-group.js';
import { streamTypeOf, type StreamType } from './stream-type.js';

/** Subtitles beside a stream: `id` a string and `url` absolute, or the player drops them. */
export interface StreamSubtitle {
  readonly id: string;
  readonly url: string;
  readonly lang: string;
}

/** What a stream carries. Never `title` beside `name` and `description`: core drops such a stream. */
export interface StreamObject {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly behaviorHints: {
    readonly filename: string;
    readonly videoSize?: number;
    readonly bingeGroup: string;
    readonly notWebReady?: true;
    readonly videoHash?: string;
  };
  readonly subtitles?: readonly StreamSubtitle[];
  readonly streamData: StreamData;
}

/** The facts of the description again, for programs. */
export interface StreamData {
  readonly type: StreamType;
  /** Plays at once. */
  readonly cached: boolean;
  readonly filename: string;
  readonly folderName: string;
  readonly size?: number;
  readonly seeders?: number;
  readonly indexer: string;
  readonly torrent?: { readonly infoHash: string; readonly fileIdx?: number };
  readonly resolution?: string;
  readonly quality?: string;
  readonly encode?: string;
  readonly visualTags: readonly string[];
  readonly audioTags: readonly string[];
  readonly languages: readonly string[];
  readonly releaseGroup?: string;
}

export interface StreamObjectOptions {
  /** Absolute play address. */
  readonly url: string;
  /** Its bytes can be served without waiting for anybody. */
  readonly isReady: boolean;
  readonly subtitles: readonly StreamSubtitle[];
  /** As subtitle databases know the file; null where its bytes were not seen yet. */
  readonly videoHash: string | null;
  /** A Usenet stream's name carries the mark AIOStreams reads. */
  readonly hasAioStreamsName: boolean;
}

/** As people know them; what the parser of names writes in several ways. */
const CODECS: Readonly<Record<string, string>> = {
  avc: 'H.264',
  h264: 'H.264',
  x264: 'H.264',
  hevc: 'H.265',
  h265: 'H.265',
  x265: 'H.265',
  xvid: 'XviD',
};

const DEAD_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^ARTICLE_/, 'articles missing'],
  [/^ARCHIVE_PASSWORD/, 'needs a password'],
  [/^ARCHIVE_/, 'unsupported archive'],
  [/^NO_(?:PEERS|METADATA)/, 'nobody has it'],
];

/** The stream object of one candidate. */
export function createStreamObject(candidate: Candidate, options: StreamObjectOptions): StreamObject {
  const { file } = candidate;
  const filename = file?.name ?? candidate.releaseName;
  return {
    name: nameOf(candidate, options),
    description: descriptionLines(candidate).join('\n'),
    url: options.url,
    behaviorHints: {
      filename,
      ...(file === null ? {} : { videoSize: file.sizeBytes }),
      bingeGroup: bingeGroupOf(candidate),
      ...(isWebReady(options.url, filename) ? {} : { notWebReady: true as const }),
      ...(options.videoHash === null ? {} : { videoHash: options.videoHash }),
    },
    ...(options.subtitles.length === 0 ? {} : { subtitles: options.subtitles }),
    streamData: streamDataOf(candidate, filename, options.isReady),
  };
}

/** `8.20 GB`, `129 MB`: decimal, as shops and indexers count. */
export function formatSize(sizeBytes: number): string {
  if (sizeBytes >= 1e9) return `${(sizeBytes / 1e9).toFixed(2)} GB`;
  if (sizeBytes >= 1e6) return `${Math.round(sizeBytes / 1e6)} MB`;
  return `${Math.max(1, Math.round(sizeBytes / 1e3))} KB`;
}

function nameOf({ source, facts, health }: Candidate, { isReady, hasAioStreamsName }: StreamObjectOptions): string {
  const mark = health.state === 'dead' ? '☠️' : isReady ? '⚡' : '⏳';
  const isMarked = hasAioStreamsName && streamTypeOf(source) === 'usenet';
  const first = isMarked ? `Headstart [AM${isReady ? '⚡' : '⏳'}]` : `Headstart ${mark}`;
  return facts.resolution === undefined ? first : `${first}\n${facts.resolution}`;
}

function descriptionLines(candidate: Candidate): string[] {
  const { releaseName, file, facts, seeders, foundIn } = candidate;
  const sizeBytes = sizeOf(candidate);
  const isSameName = file === null || stemOf(file.name).toLowerCase() === stemOf(releaseName).toLowerCase();
  const marks = [
    sizeBytes === null ? '' : `💾 ${formatSize(sizeBytes)}`,
    seeders === null ? '' : `👤 ${seeders}`,
    `🔍 ${foundIn.join(', ')}`,
  ];
  const picture = [facts.quality, codecOf(candidate), facts.hdr.join(' '), facts.audio.join(' ')];
  const languages = facts.languages.map((language) => language.toUpperCase()).join(' ');
  return [
    oneLine(releaseName),
    isSameName ? '' : oneLine(file.name),
    marks.filter(isText).join(' '),
    [...picture, languages].filter(isText).join(' · '),
    healthLine(candidate.health),
  ].filter(isText);
}

/** Of the file where it is known, else of the whole release. */
function sizeOf({ file, sizeBytes }: Candidate): number | null {
  return file?.sizeBytes ?? sizeBytes;
}

function healthLine(health: Health): string {
  switch (health.state) {
    case 'unknown':
      return '';
    case 'alive':
      return `✅ ${Math.floor(health.percent)} %`;
    case 'dead':
      return `❌ ${DEAD_REASONS.find(([pattern]) => pattern.test(health.reason))?.[1] ?? 'does not play'}`;
  }
}

function streamDataOf(candidate: Candidate, filename: string, isReady: boolean): StreamData {
  const { source, file, facts, seeders } = candidate;
  const sizeBytes = sizeOf(candidate);
  const { resolution, quality, group } = facts;
  const encode = codecOf(candidate);
  const torrent =
    source.kind === 'torrent'
      ? { infoHash: source.infoHash, ...(file === null ? {} : { fileIdx: file.index }) }
      : undefined;
  return {
    type: streamTypeOf(source),
    cached: isReady,
    filename,
    folderName: candidate.releaseName,
    ...(sizeBytes === null ? {} : { size: sizeBytes }),
    ...(seeders === null ? {} : { seeders }),
    indexer: candidate.foundIn.join(', '),
    ...(torrent === undefined ? {} : { torrent }),
    ...(resolution === undefined ? {} : { resolution }),
    ...(quality === undefined ? {} : { quality }),
    ...(encode === undefined ? {} : { encode }),
    visualTags: facts.hdr,
    audioTags: facts.audio,
    languages: facts.languages,
    ...(group === undefined ? {} : { releaseGroup: group }),
  };
}

/** Browsers play MP4, over https or from this machine; all else goes through Stremio's own server. */
function isWebReady(url: string, filename: string): boolean {
  return (
    /^(?:https:\/\/|http:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/])/.test(url) &&
    /\.(?:mp4|m4v)$/i.test(filename)
  );
}

function codecOf({ facts: { codec } }: Candidate): string | undefined {
  return codec === undefined ? undefined : (CODECS[codec.toLowerCase()] ?? codec.toUpperCase());
}

function stemOf(name: string): string {
  return name.replace(/\.[a-z0-9]{2,4}$/i, '');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
