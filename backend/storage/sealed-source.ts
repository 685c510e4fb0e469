// A `Source` as the database keeps it: sealed, because an address or a tracker may carry a key. Knows the form of each kind.

import { z } from 'zod';
import { CorruptDataError, isContentId, isInfoHash } from '../content/index.js';
import type { Source } from '../content/index.js';
import type { Sealer } from '../platform/index.js';

const LENGTH_BYTES = 4;

const texts = z.array(z.string());

const sourceForm = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('torrent'),
    infoHash: z.string().refine(isInfoHash),
    name: z.string().optional(),
    trackers: texts,
    webSeeds: texts,
    peers: texts,
  }),
  z.object({ kind: z.literal('torrent-url'), url: z.string(), trackers: texts, peers: texts }),
  z.object({ kind: z.literal('nzb-url'), url: z.string() }),
  z.object({ kind: z.literal('nzb'), contentId: z.string().refine(isContentId), name: z.string(), passwords: texts }),
  z.object({ kind: z.literal('http'), url: z.string() }),
]);

/** Sealed bytes: the length of a JSON text (4 bytes, big-endian), the text, then a torrent's `info` as it is. */
export function sealSource(source: Source, sealer: Sealer): Uint8Array {
  return sealer.seal(encodeSource(source));
}

/** @throws {CorruptDataError} when the bytes were sealed with another key or are no source. */
export function openSource(sealed: Uint8Array, sealer: Sealer): Source {
  return decodeSource(sealer.open(sealed));
}

/** The same bytes for the same source: fit to be compared. */
export function encodeSource(source: Source): Uint8Array {
  const { info, ...rest } = source.kind === 'torrent' ? source : { ...source, info: undefined };
  const text = Buffer.from(JSON.stringify(rest, Object.keys(rest).sort()));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, info ?? Buffer.alloc(0)]);
}

/** @throws {CorruptDataError} */
export function decodeSource(bytes: Uint8Array): Source {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const end = LENGTH_BYTES + buffer.readUInt32BE(0);
    const form = sourceForm.parse(JSON.parse(buffer.toString('utf8', LENGTH_BYTES, end)));
    if (form.kind !== 'torrent') return form;
    const { name, infoHash, ...rest } = form;
    const info = buffer.subarray(end);
    return {
      ...rest,
      // Checked by the form.
      infoHash,
      ...(name === undefined ? {} : { name }),
      ...(info.length === 0 ? {} : { info: Uint8Array.from(info) }),
    };
  } catch (cause) {
    throw new CorruptDataError('A kept source cannot be read.', { cause });
  }
}
