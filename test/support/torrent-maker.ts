// Makes torrents (BEP 3) of generated or given content, with any piece length and any names, hostile ones included:
// on disk every file has a harmless name, and the torrent says what the test wants it to say.

import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import bencode from 'bencode';

import { pseudoRandom } from '../../scripts/lab/index.js';

/** One file of a torrent to be made: `path` is what the torrent says, unchecked. */
export interface FileRecipe {
  readonly path: readonly string[];
  /** Pseudo-random bytes of this many, or … */
  readonly sizeBytes?: number;
  /** … these bytes, or … */
  readonly bytes?: Uint8Array;
  /** … a copy of this file. */
  readonly from?: string;
  /** BEP 47: `attr` "p" marks padding. */
  readonly attr?: string;
}

/** What to make. */
export interface TorrentRecipe {
  /** Where content and `.torrent` are written; must exist. */
  readonly folder: string;
  readonly name: string;
  readonly pieceLength: number;
  /** One file with a path of length 0 makes a single-file torrent. */
  readonly files: readonly FileRecipe[];
  readonly trackers?: readonly string[];
  readonly webSeeds?: readonly string[];
  readonly isPrivate?: boolean;
  /** Further keys of the `info` dictionary. */
  readonly info?: Readonly<Record<string, unknown>>;
}

/** One file of a made torrent. */
export interface MadeFile {
  readonly index: number;
  readonly path: readonly string[];
  readonly diskPath: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Where it begins in the torrent. */
  readonly offset: number;
}

/** A torrent and the content it describes. */
export interface MadeTorrent {
  readonly infoHash: string;
  readonly torrentFile: string;
  readonly torrentBytes: Uint8Array;
  readonly magnet: string;
  readonly pieceLength: number;
  readonly totalBytes: number;
  readonly files: readonly MadeFile[];
  /** Folder under which libtorrent finds the content, with `diskPaths` as its `paths`. */
  readonly folder: string;
  readonly diskPaths: Readonly<Record<number, string>>;
}

/** Writes content and torrent. Time and disk are proportional to the content. */
export async function makeTorrent(recipe: TorrentRecipe): Promise<MadeTorrent> {
  const content = join(recipe.folder, `content-${createHash('sha1').update(recipe.name).digest('hex').slice(0, 8)}`);
  await mkdir(content, { recursive: true });
  const pieces = new PieceHasher(recipe.pieceLength);
  const files: MadeFile[] = [];
  let offset = 0;
  for (const [index, file] of recipe.files.entries()) {
    const diskPath = join(content, String(index));
    const { sizeBytes, sha256 } = await writeFileOf(file, `${recipe.name}/${String(index)}`, diskPath, pieces);
    files.push({ index, path: file.path, diskPath, sizeBytes, sha256, offset });
    offset += sizeBytes;
  }
  const info = formatInfo(recipe, files, pieces.finish());
  return writeTorrent(recipe, files, info, content, offset);
}

/** `magnet:` link of an infohash with trackers. */
export function magnetOf(infoHash: string, name: string, trackers: readonly string[] = []): string {
  const parts = [
    `xt=urn:btih:${infoHash}`,
    `dn=${encodeURIComponent(name)}`,
    ...trackers.map((url) => `tr=${encodeURIComponent(url)}`),
  ];
  return `magnet:?${parts.join('&')}`;
}

async function writeTorrent(
  recipe: TorrentRecipe,
  files: readonly MadeFile[],
  info: object,
  folder: string,
  totalBytes: number,
): Promise<MadeTorrent> {
  const trackers = recipe.trackers ?? [];
  const torrentBytes = bencode.encode({
    ...(trackers[0] === undefined ? {} : { announce: trackers[0], 'announce-list': trackers.map((url) => [url]) }),
    info,
    ...(recipe.webSeeds ? { 'url-list': recipe.webSeeds } : {}),
  });
  const infoHash = createHash('sha1').update(bencode.encode(info)).digest('hex');
  const torrentFile = join(recipe.folder, `${infoHash}.torrent`);
  await writeFile(torrentFile, torrentBytes);
  const diskPaths = Object.fromEntries(files.map((file) => [file.index, String(file.index)]));
  const magnet = magnetOf(infoHash, recipe.name, trackers);
  return {
    infoHash,
    torrentFile,
    torrentBytes,
    magnet,
    pieceLength: recipe.pieceLength,
    totalBytes,
    files,
    folder,
    diskPaths,
  };
}

function formatInfo(recipe: TorrentRecipe, files: readonly MadeFile[], pieces: Buffer): object {
  const only = recipe.files.length === 1 && recipe.files[0]?.path.length === 0 ? files[0] : undefined;
  const layout = only
    ? { length: only.sizeBytes }
    : {
        files: files.map((file, index) => {
          const attr = recipe.files[index]?.attr;
          return { length: file.sizeBytes, path: file.path, ...(attr === undefined ? {} : { attr }) };
        }),
      };
  const flags = recipe.isPrivate ? { private: 1 } : {};
  return { ...layout, name: recipe.name, 'piece length': recipe.pieceLength, pieces, ...flags, ...recipe.info };
}

async function writeFileOf(
  file: FileRecipe,
  seed: string,
  diskPath: string,
  pieces: PieceHasher,
): Promise<{ sizeBytes: number; sha256: string }> {
  const target = await open(diskPath, 'w');
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of contentOf(file, seed)) {
    await target.write(chunk);
    hash.update(chunk);
    pieces.update(chunk);
    sizeBytes += chunk.length;
  }
  await target.close();
  return { sizeBytes, sha256: hash.digest('hex') };
}

function contentOf(file: FileRecipe, seed: string): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  if (file.bytes) return [file.bytes];
  if (file.from !== undefined) return createReadStream(file.from) as AsyncIterable<Uint8Array>;
  if (file.attr === 'p') return [new Uint8Array(file.sizeBytes ?? 0)];
  return pseudoRandom(seed, file.sizeBytes ?? 0);
}

/** SHA-1 of each piece of a stream of bytes that ignores where files begin and end. */
class PieceHasher {
  private readonly digests: Buffer[] = [];
  private hash: Hash = createHash('sha1');
  private filled = 0;

  constructor(private readonly pieceLength: number) {}

  update(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + this.pieceLength - this.filled);
      this.hash.update(part);
      this.filled += part.length;
      at += part.length;
      if (this.filled === this.pieceLength) this.next();
    }
  }

  finish(): Buffer {
    if (this.filled > 0) this.next();
    return Buffer.concat(this.digests);
  }

  private next(): void {
    this.digests.push(this.hash.digest());
    this.hash = createHash('sha1');
    this.filled = 0;
  }
}
