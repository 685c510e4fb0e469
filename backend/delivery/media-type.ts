// Content-Type from a file's name. Pure. Nothing a browser would run as a page is ever named: no HTML, XML, SVG, script.

import { lookup } from 'mime-types';

const UNKNOWN = 'application/octet-stream';

/** Where mime-types is silent, or says something no player knows. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  '3ga': 'audio/3gpp',
  aac: 'audio/aac',
  ac3: 'audio/ac3',
  aiff: 'audio/aiff',
  alac: 'audio/mp4',
  amr: 'audio/amr',
  ape: 'audio/x-ape',
  ass: 'text/x-ssa',
  av1: 'video/av1',
  bdmv: UNKNOWN,
  dff: 'audio/x-dff',
  divx: 'video/x-msvideo',
  dsf: 'audio/x-dsf',
  dts: 'audio/vnd.dts',
  dtshd: 'audio/vnd.dts.hd',
  dv: 'video/dv',
  eac3: 'audio/eac3',
  ec3: 'audio/eac3',
  evo: 'video/mpeg',
  flac: 'audio/flac',
  gif: 'image/gif',
  hevc: 'video/h265',
  idx: 'text/x-vobsub',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  lrc: 'text/x-lrc',
  m2t: 'video/mp2t',
  m3u: 'application/mpegurl',
  m3u8: 'application/mpegurl',
  m4b: 'audio/mp4',
  mk3d: 'video/x-matroska',
  mka: 'audio/x-matroska',
  mkv: 'video/x-matroska',
  mks: 'application/x-matroska',
  mlp: 'audio/vnd.dolby.mlp',
  mpc: 'audio/x-musepack',
  mpl: 'text/x-mpl2',
  mpv: 'video/mpeg',
  mxf: 'application/mxf',
  nut: 'video/x-nut',
  obu: 'video/av1',
  ogm: 'video/ogg',
  opus: 'audio/ogg',
  png: 'image/png',
  pva: 'video/mpeg',
  rm: 'application/vnd.rn-realmedia',
  rmvb: 'application/vnd.rn-realmedia-vbr',
  rv: 'video/vnd.rn-realvideo',
  sami: 'application/x-sami',
  sbv: 'text/x-sbv',
  smi: 'application/x-sami',
  srt: 'application/x-subrip',
  ssa: 'text/x-ssa',
  stl: 'application/x-ebu-stl',
  sub: 'text/x-microdvd',
  sup: 'application/x-pgs',
  tak: 'audio/x-tak',
  thd: 'audio/vnd.dolby.mlp',
  tp: 'video/mp2t',
  trp: 'video/mp2t',
  truehd: 'audio/vnd.dolby.mlp',
  ts: 'video/mp2t',
  tta: 'audio/x-tta',
  ttml: 'application/ttml+xml',
  txt: 'text/plain',
  usf: 'application/x-usf',
  vob: 'video/mpeg',
  vtt: 'text/vtt',
  webp: 'image/webp',
  webvtt: 'text/vtt',
  wtv: 'video/x-ms-wtv',
  wv: 'audio/x-wavpack',
  y4m: 'video/x-yuv4mpeg',
};

/**
 * Media type for a file name: every video, audio and subtitle type a player meets, common pictures, plain text;
 * anything else is `application/octet-stream`.
 */
export function mediaTypeOf(name: string): string {
  const extension = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined) return UNKNOWN;
  if (Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension] ?? UNKNOWN;
  const known = lookup(extension);
  return known !== false && /^(?:video|audio)\//.test(known) ? known : UNKNOWN;
}
