// What the first header of a RAR file says about its place among the volumes. Pure; everything else about RAR lies in rar/.

export interface SniffedRar {
  readonly format: 'rar4' | 'rar5';
  readonly volumeNumber: number | null;
  readonly isFirstVolume: boolean | null;
  readonly isVolume: boolean | null;
}

const RAR4 = [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x00];
const RAR5 = [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07, 0x01, 0x00];
const RAR4_MAIN = 0x73;
const RAR5_MAIN = 1;

/** Null for what is no RAR. Fields are null where the first header is encrypted, cut off, or does not say. */
export function sniffRar(head: Uint8Array): SniffedRar | null {
  if (RAR5.every((byte, at) => head[at] === byte)) return sniffRar5(head);
  return RAR4.every((byte, at) => head[at] === byte) ? sniffRar4(head) : null;
}

/** Main archive header of RAR 4: CRC16, type, flags. Only the first volume is marked; later numbers stand at the end. */
function sniffRar4(head: Uint8Array): SniffedRar {
  if (head.length < 12 || head[9] !== RAR4_MAIN) return unknown('rar4');
  const flags = (head[10] ?? 0) | ((head[11] ?? 0) << 8);
  const isVolume = (flags & 0x0001) !== 0;
  const isFirstVolume = !isVolume || (flags & 0x0100) !== 0;
  return { format: 'rar4', volumeNumber: isFirstVolume ? 0 : null, isFirstVolume, isVolume };
}

/** Main archive header of RAR 5: CRC32, size, type, flags, size of the extra area where flagged, archive flags, volume number. */
function sniffRar5(head: Uint8Array): SniffedRar {
  const next = numbersFrom(head, RAR5.length + 4);
  const [, type, flags] = [next(), next(), next()];
  if (type !== RAR5_MAIN || flags === null || flags === undefined) return unknown('rar5');
  if ((flags & 0x01) !== 0) next();
  const archiveFlags = next();
  if (archiveFlags === null) return unknown('rar5');
  const isVolume = (archiveFlags & 0x01) !== 0;
  const volumeNumber = isVolume && (archiveFlags & 0x02) !== 0 ? next() : 0;
  return { format: 'rar5', volumeNumber, isFirstVolume: volumeNumber === null ? null : volumeNumber === 0, isVolume };
}

/** Reads variable-length numbers, seven bits a byte; null where the bytes end or a number is absurd. */
function numbersFrom(head: Uint8Array, start: number): () => number | null {
  let at = start;
  return () => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = head[at];
      if (byte === undefined) return null;
      at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
}

function unknown(format: SniffedRar['format']): SniffedRar {
  return { format, volumeNumber: null, isFirstVolume: null, isVolume: null };
}
