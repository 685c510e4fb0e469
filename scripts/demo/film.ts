// Makes a film worth downloading from a small committed clip: an MPEG transport stream may carry null packets anywhere
// (ISO/IEC 13818-1, PID 0x1FFF), so padding makes it large and leaves it as playable as it was.

import { randomFillSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const packetBytes = 188;
const clipFile = fileURLToPath(new URL('./clip.mpegts', import.meta.url));

/** Writes about `sizeBytes` of film to `path`; resolves with its exact size. */
export async function makeFilm(path: string, sizeBytes: number): Promise<number> {
  const clip = await readFile(clipFile);
  const packetCount = clip.length / packetBytes;
  const paddingPerPacket = Math.max(0, Math.round(sizeBytes / clip.length) - 1);
  const film = Buffer.alloc(packetCount * (1 + paddingPerPacket) * packetBytes);
  randomFillSync(film);
  let at = 0;
  for (let packet = 0; packet < packetCount; packet++) {
    at += clip.copy(film, at, packet * packetBytes, (packet + 1) * packetBytes);
    for (let padding = 0; padding < paddingPerPacket; padding++) {
      film.writeUInt32BE(0x471fff10, at);
      at += packetBytes;
    }
  }
  await writeFile(path, film);
  return film.length;
}
