// Files become articles and the NZB that names them, with the oddities of real posts on demand. Bodies are made when a server
// asks for them, so a post of any size needs little memory. Knows nothing of servers.

import { createHash } from 'node:crypto';

import { encodeUu, encodeYenc, loadFastYenc, type EncodedData } from './body-encoders.js';
import type { ByteSource } from './byte-source.js';
import type { ArticleBody, ArticleTaker, LabArticle } from './lab-article.js';
import { writeNzb, type NzbEntry, type NzbMeta } from './nzb-writer.js';

export interface FileToPost {
  readonly name: string;
  readonly content: ByteSource;
}

/** A part of a file, as the options below decide about it. */
export interface PostedPart {
  readonly fileName: string;
  /** From 1. */
  readonly number: number;
  readonly count: number;
}

export interface PostOptions {
  /** Message ids come from it: two posts with one seed and equal file names are the same articles. */
  readonly seed: string;
  /** Bytes per article; default 716,800. A function makes uneven parts: bytes of part `number` (from 1). */
  readonly partBytes?: number | ((number: number, file: FileToPost) => number);
  /** Default `yenc`. `yenc-single`: one article per file, without `=ypart`. */
  readonly encoding?: 'yenc' | 'yenc-single' | 'uu';
  /** Parts that the NZB names and no server gets. */
  readonly isMissing?: (part: PostedPart) => boolean;
  /** Parts that the NZB leaves out. */
  readonly isUnlisted?: (part: PostedPart) => boolean;
  /** Subjects and names in the articles say nothing. */
  readonly isObfuscated?: boolean;
  /** Subject of a file in the NZB, instead of the usual one. */
  readonly subject?: (file: FileToPost, partCount: number) => string;
  readonly meta?: NzbMeta;
  readonly group?: string;
  /** Bodies are encoded by the native encoder where there is one. Default false: plainly, with dots to be stuffed. */
  readonly isFast?: boolean;
}

/** What was posted. */
export interface Post {
  readonly nzb: string;
  /** Those that servers get, in order. */
  readonly articles: readonly LabArticle[];
  /** Message ids by file name and part, missing and unlisted ones too; index 0 is part 1. */
  readonly messageIds: Readonly<Record<string, readonly string[]>>;
}

const PART_BYTES = 716_800;
const POSTER = 'Lab <poster@lab.example>';
const POSTED_AT = new Date('2024-05-06T07:08:09Z');
/** Encoded parts kept of content that repeats. */
const MAX_KEPT = 8;

interface Part {
  readonly offset: number;
  readonly length: number;
}

/** Makes articles and NZB without giving them to anyone. */
export function makePost(files: readonly FileToPost[], options: PostOptions): Post {
  const made = files.map((file, index) => makeFile(file, { ...options, position: `[${index + 1}/${files.length}]` }));
  return {
    nzb: writeNzb(
      made.map((file) => file.entry),
      options.meta,
    ),
    articles: made.flatMap((file) => file.articles),
    messageIds: Object.fromEntries(made.map((file, index) => [files[index]?.name ?? '', file.messageIds])),
  };
}

/** Makes articles and NZB and gives every article to `taker`, some at once. */
export async function postFiles(
  taker: ArticleTaker,
  files: readonly FileToPost[],
  options: PostOptions,
): Promise<Post> {
  const post = makePost(files, options);
  const atOnce = 8;
  for (let start = 0; start < post.articles.length; start += atOnce) {
    await Promise.all(post.articles.slice(start, start + atOnce).map(async (article) => taker.post(article)));
  }
  return post;
}

function makeFile(
  file: FileToPost,
  options: PostOptions & { readonly position: string },
): { entry: NzbEntry; articles: LabArticle[]; messageIds: string[] } {
  const parts = cut(file, options);
  const groups = [options.group ?? 'alt.binaries.test'];
  const shownName = options.isObfuscated ? digest(options.seed, file.name, 'name').slice(0, 32) : file.name;
  const subjectOf = (number: number): string => {
    const chosen = options.subject?.(file, parts.length);
    if (chosen !== undefined) return chosen.replace(/\(\d+\/(\d+)\)$/, `(${String(number)}/$1)`);
    const numbering = `yEnc (${String(number)}/${String(parts.length)})`;
    return options.isObfuscated ? `${shownName} ${numbering}` : `${options.position} - "${shownName}" ${numbering}`;
  };
  const messageIds = parts.map((_, index) => `${digest(options.seed, file.name, index + 1).slice(0, 32)}@lab.example`);
  const bodyOf = bodyMaker(file, { parts, shownName, options });
  const articles = parts.map((_, index) => ({
    messageId: messageIds[index] ?? '',
    subject: subjectOf(index + 1),
    from: POSTER,
    groups,
    postedAt: POSTED_AT,
    body: () => bodyOf(index),
  }));
  const is = (asked: ((part: PostedPart) => boolean) | undefined, index: number): boolean =>
    asked?.({ fileName: file.name, number: index + 1, count: parts.length }) ?? false;
  const segments = parts.map(({ length }, index) => ({
    number: index + 1,
    sizeBytes: Math.ceil(length * (options.encoding === 'uu' ? 1.4 : 1.033)) + 160,
    messageId: messageIds[index] ?? '',
  }));
  return {
    entry: {
      subject: subjectOf(1),
      poster: POSTER,
      groups,
      postedAt: POSTED_AT,
      segments: segments.filter((_, index) => !is(options.isUnlisted, index)),
    },
    articles: articles.filter((_, index) => !is(options.isMissing, index)),
    messageIds,
  };
}

function cut(file: FileToPost, options: PostOptions): Part[] {
  const { sizeBytes } = file.content;
  if (options.encoding === 'yenc-single' || sizeBytes === 0) return [{ offset: 0, length: sizeBytes }];
  const { partBytes = PART_BYTES } = options;
  const parts: Part[] = [];
  for (let offset = 0; offset < sizeBytes;) {
    const wished = typeof partBytes === 'number' ? partBytes : partBytes(parts.length + 1, file);
    const length = Math.min(Math.max(1, wished), sizeBytes - offset);
    parts.push({ offset, length });
    offset += length;
  }
  return parts;
}

interface BodyContext {
  readonly parts: readonly Part[];
  readonly shownName: string;
  readonly options: PostOptions;
}

function bodyMaker(file: FileToPost, { parts, shownName, options }: BodyContext): (index: number) => ArticleBody {
  const encoded = encoderOf(file.content, options.isFast ? loadFastYenc() : encodeYenc);
  const text = (line: string): Buffer => Buffer.from(`${line}\r\n`, 'utf8');
  return (index) => {
    const { offset, length } = parts[index] ?? { offset: 0, length: 0 };
    const [isFirst, isLast] = [index === 0, index === parts.length - 1];
    if (options.encoding === 'uu') {
      const lines = encodeUu(file.content.read(offset, length));
      return [...(isFirst ? [text(`begin 644 ${shownName}`)] : []), lines, ...(isLast ? [text('`\r\nend')] : [])];
    }
    const data = encoded(offset, length);
    const size = `size=${String(file.content.sizeBytes)}`;
    const crc = data.crc32.toString(16).padStart(8, '0');
    if (options.encoding === 'yenc-single') {
      const head = `=ybegin line=128 ${size} name=${shownName}`;
      return [text(head), data.lines, text(`=yend ${size} crc32=${crc}`)];
    }
    const part = `part=${String(index + 1)}`;
    const begin = `=ybegin ${part} total=${String(parts.length)} line=128 ${size} name=${shownName}`;
    const range = `=ypart begin=${String(offset + 1)} end=${String(offset + length)}`;
    return [text(`${begin}\r\n${range}`), data.lines, text(`=yend size=${String(length)} ${part} pcrc32=${crc}`)];
  };
}

/** Encodes a part of the file, content that repeats only once. */
function encoderOf(
  content: ByteSource,
  encode: (data: Buffer) => EncodedData,
): (offset: number, length: number) => EncodedData {
  const kept = new Map<string, EncodedData>();
  return (offset, length) => {
    const key = content.keyOf?.(offset, length) ?? null;
    const known = key === null ? undefined : kept.get(key);
    if (known) return known;
    const data = encode(content.read(offset, length));
    if (key !== null && kept.size < MAX_KEPT) kept.set(key, data);
    return data;
  };
}

function digest(...parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
