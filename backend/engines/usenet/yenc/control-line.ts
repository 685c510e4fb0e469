// yEnc's own lines (yEnc 1.3): `=ybegin`, `=ypart`, `=yend`. Reads what they say and believes nothing.

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');
const MAX_NAME_CHARACTERS = 512;

/** A number that is absent is null; one that is not a safe integer is NaN. */
export interface YencControl {
  readonly tag: 'begin' | 'part' | 'end' | 'other';
  readonly part: number | null;
  readonly total: number | null;
  readonly size: number | null;
  /** Of the part in the file, both counted from 1 and belonging to it. */
  readonly begin: number | null;
  readonly end: number | null;
  readonly hasLine: boolean;
  /** Of the part, and of the whole file. */
  readonly partCrc: number | null;
  readonly fileCrc: number | null;
  readonly name: string | null;
}

/** Reads a line that begins with `=y`. Never throws. */
export function parseControlLine(line: Uint8Array): YencControl {
  const text = LATIN1.decode(line);
  const tag = /^=y(begin|part|end)(?:\s|$)/.exec(text)?.[1] ?? 'other';
  // The name is the rest of the line, so that it may hold anything, `size=` too.
  const nameAt = tag === 'begin' ? text.indexOf(' name=') : -1;
  const fields = readFields(nameAt < 0 ? text : text.slice(0, nameAt));
  return {
    tag: tag as YencControl['tag'],
    part: numberOf(fields.get('part')),
    total: numberOf(fields.get('total')),
    size: numberOf(fields.get('size')),
    begin: numberOf(fields.get('begin')),
    end: numberOf(fields.get('end')),
    hasLine: fields.has('line'),
    partCrc: crcOf(fields.get('pcrc32')),
    fileCrc: crcOf(fields.get('crc32')),
    name: nameAt < 0 ? null : cleanFileName(line.subarray(nameAt + ' name='.length)),
  };
}

/** A name as somebody's tool wrote it: UTF-8 or else Latin-1, no control characters, no quotes around it; null when empty. */
export function cleanFileName(bytes: Uint8Array): string | null {
  const visible = decodeText(bytes)
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
    .trim();
  const name = visible
    .replace(/^"(.*)"$/, '$1')
    .trim()
    .slice(0, MAX_NAME_CHARACTERS);
  return name === '' ? null : name;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

function readFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const word of text.split(/\s+/).slice(1)) {
    const equals = word.indexOf('=');
    const key = word.slice(0, Math.max(0, equals)).toLowerCase();
    if (equals > 0 && !fields.has(key)) fields.set(key, word.slice(equals + 1));
  }
  return fields;
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : NaN;
}

/** Leading zeros may be missing, and some tools write too many digits in front; what is no number at all says nothing. */
function crcOf(text: string | undefined): number | null {
  const digits = /^(?:0x)?([0-9a-f]{1,16})$/i.exec(text ?? '')?.[1];
  return digits === undefined ? null : Number.parseInt(digits.slice(-8), 16);
}
