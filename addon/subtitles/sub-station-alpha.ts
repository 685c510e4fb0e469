// Dialogue out of SubStation Alpha (`.ass`, `.ssa`): times and text. Fonts, colours, places, karaoke and drawings are left
// out; line breaks and italics stay. Pure; reads each line once, whatever stands in it.

/** One line of dialogue. */
export interface Cue {
  readonly startMs: number;
  /** After `startMs`. */
  readonly endMs: number;
  /** Markup of WebVTT: escaped, with `<i>` only, no empty line in it. */
  readonly text: string;
}

/** A film has a few thousand; more is an animation made of subtitles. */
const MAX_CUES = 20_000;
const MAX_TEXT_LENGTH = 2_000;
const MAX_FIELDS = 32;
/** What stands in a line of dialogue where no `Format` line says otherwise. */
const FIELDS = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text'];
const TIME = /^(\d{1,3}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})$/;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Whether `text` says of itself that it is SubStation Alpha. */
export function isSubStationAlpha(text: string): boolean {
  return /^\uFEFF?\s{0,100}\[(?:script info|v4\+? styles|events)\]/i.test(text);
}

/** The cues by their start, each once, at most 20,000; lines that cannot be read are left out. Never throws. */
export function parseSubStationAlpha(text: string): Cue[] {
  const cues = new Map<string, Cue>();
  let fields = FIELDS;
  let isEvents = false;
  for (const line of text.split(/\r\n?|\n/)) {
    if (line.startsWith('[')) isEvents = /^\[events\]\s*$/i.test(line);
    else if (isEvents && line.startsWith('Format:')) fields = fieldsOf(line.slice('Format:'.length));
    else if (isEvents && line.startsWith('Dialogue:')) {
      const cue = cueOf(line.slice('Dialogue:'.length), fields);
      // Outlines and shadows are often the same line again.
      if (cue !== null) cues.set(`${cue.startMs} ${cue.endMs} ${cue.text}`, cue);
      if (cues.size >= MAX_CUES) break;
    }
  }
  return [...cues.values()].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

/** Text stands last, whatever else is said: it alone may hold commas. */
function fieldsOf(format: string): string[] {
  const names = format.split(',', MAX_FIELDS).map((name) => name.trim().toLowerCase());
  return names.includes('start') && names.includes('end') && names.at(-1) === 'text' ? names : FIELDS;
}

function cueOf(line: string, fields: readonly string[]): Cue | null {
  const values: string[] = [];
  let at = 0;
  for (let field = 1; field < fields.length; field += 1) {
    const comma = line.indexOf(',', at);
    if (comma === -1) return null;
    values.push(line.slice(at, comma));
    at = comma + 1;
  }
  const startMs = timeOf(values[fields.indexOf('start')]);
  const endMs = timeOf(values[fields.indexOf('end')]);
  if (startMs === null || endMs === null || endMs <= startMs) return null;
  const text = plainText(line.slice(at, at + MAX_TEXT_LENGTH));
  return text === '' ? null : { startMs, endMs, text };
}

function timeOf(text: string | undefined): number | null {
  const match = TIME.exec(text?.trim() ?? '');
  if (match === null) return null;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number(fraction.padEnd(3, '0'));
}

/** Between `{` and `}` stand orders (italics on and off, a drawing begins and ends); the rest is what is read. */
function plainText(marked: string): string {
  let [written, at, isItalic, isDrawing] = ['', 0, false, false];
  while (at < marked.length) {
    const open = marked.indexOf('{', at);
    const close = open === -1 ? -1 : marked.indexOf('}', open);
    // Nothing closes it: a bracket like any other, unless an order was cut off here.
    const end = open === -1 || (close === -1 && marked[open + 1] !== '\\') ? marked.length : open;
    if (!isDrawing) written += markUp(marked.slice(at, end), isItalic);
    if (close === -1) break;
    for (const order of marked.slice(open + 1, close).split('\\')) {
      if (/^i[01]\s*$/.test(order)) isItalic = order.startsWith('i1');
      else if (order.startsWith('r')) isItalic = false;
      else if (/^p\d{1,2}\s*$/.test(order)) isDrawing = Number(order.slice(1)) > 0;
    }
    at = close + 1;
  }
  const lines = written.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join('\n');
}

function markUp(text: string, isItalic: boolean): string {
  const lines = text
    .replaceAll(/\\[Nn]/g, '\n')
    .replaceAll('\\h', '\u00A0')
    .split('\n')
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>]/g, (character) => ESCAPES[character] ?? ''));
  if (!isItalic) return lines.join('\n');
  return lines.map((line) => (line.trim() === '' ? line : `<i>${line}</i>`)).join('\n');
}
