// Which video container begins with these bytes. Pure.

export type MediaFormat =
  'matroska' | 'webm' | 'mp4' | 'mov' | 'avi' | 'mpegts' | 'm2ts' | 'mpegps' | 'flv' | 'asf' | 'ogg';

const LATIN = new TextDecoder('latin1');
const MOV_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
const TS_SYNC = 0x47;

/** Null for what is no video container that is known here. */
export function sniffMedia(head: Uint8Array): MediaFormat | null {
  const text = (start: number, end: number): string => LATIN.decode(head.subarray(start, end));
  if (startsWith(head, [0x1a, 0x45, 0xdf, 0xa3])) return text(4, 64).includes('webm') ? 'webm' : 'matroska';
  if (text(4, 8) === 'ftyp') return text(8, 12) === 'qt  ' ? 'mov' : 'mp4';
  if (head.length >= 8 && MOV_BOXES.has(text(4, 8))) return 'mov';
  if (text(0, 4) === 'RIFF' && text(8, 11) === 'AVI') return 'avi';
  if (text(0, 3) === 'FLV' && head[3] === 1) return 'flv';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (startsWith(head, [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11])) return 'asf';
  if (startsWith(head, [0, 0, 1, 0xba])) return 'mpegps';
  if (isTransportStream(head, 0, 188)) return 'mpegts';
  return isTransportStream(head, 4, 192) ? 'm2ts' : null;
}

function isTransportStream(head: Uint8Array, at: number, packetBytes: number): boolean {
  return [0, 1, 2].every((packet) => head[at + packet * packetBytes] === TS_SYNC);
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}
