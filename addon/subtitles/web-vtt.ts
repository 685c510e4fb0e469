// Subtitle files of any common encoding, as UTF-8 WebVTT. Pure; the input is small (a few hundred KB) and held whole.

import { isSubStationAlpha, parseSubStationAlpha, type Cue } from './sub-station-alpha.js';

/** Text of a subtitle file: by its byte order mark, else UTF-8, else what older files of the West were written in. */
export function decodeSubtitle(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

const TIME = /^\s*(\d{1,3}:)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})\s*-->\s*(\d{1,3}:)?(\d{1,2}):(\d{1,2})[,.](\d{1,3})(.*)$/;

/**
 * WebVTT from SubRip, SubStation Alpha or WebVTT, told apart by what stands in them. Of SubRip and WebVTT everything but
 * the form of times stays as it was.
 */
export function formatWebVtt(text: string): string {
  if (isSubStationAlpha(text)) return formatCues(parseSubStationAlpha(text));
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .split('\n');
  const isWebVtt = /^WEBVTT(?:[ \t]|$)/.test(lines[0] ?? '');
  if (isWebVtt) return `${lines.join('\n').trimEnd()}\n`;
  return `WEBVTT\n\n${lines.map(cueLine).join('\n').trim()}\n`;
}

function formatCues(cues: readonly Cue[]): string {
  const blocks = cues.map(({ startMs, endMs, text }) => `${formatMs(startMs)} --> ${formatMs(endMs)}\n${text}\n`);
  return ['WEBVTT\n', ...blocks].join('\n');
}

function formatMs(ms: number): string {
  const [seconds, minutes, hours] = [Math.floor(ms / 1000), Math.floor(ms / 60_000), Math.floor(ms / 3_600_000)];
  return formatTime(`${hours}:`, String(minutes % 60), String(seconds % 60), String(ms % 1000).padStart(3, '0'));
}

function cueLine(line: string): string {
  const match = TIME.exec(line);
  // An arrow outside a time line would be taken for one.
  if (match === null) return line.replaceAll('-->', '→');
  const [, h1, m1 = '', s1 = '', f1 = '', h2, m2 = '', s2 = '', f2 = ''] = match;
  return `${formatTime(h1, m1, s1, f1)} --> ${formatTime(h2, m2, s2, f2)}`;
}

function formatTime(hours: string | undefined, minutes: string, seconds: string, fraction: string): string {
  const h = (hours ?? '0:').slice(0, -1).padStart(2, '0');
  return `${h}:${minutes.padStart(2, '0')}:${seconds.padStart(2, '0')}.${fraction.padEnd(3, '0')}`;
}
