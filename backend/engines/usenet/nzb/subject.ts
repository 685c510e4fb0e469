// What the subject of a posted file tells: its name, how many articles it has, and whether two subjects are of one file.

const MAX_NAME_CHARACTERS = 255;
const COUNTER = /[([]\s*(\d{1,7})\s*(?:\/|of)\s*(\d{1,7})\s*[)\]]/gi;
const EXTENSION = /\.[a-z0-9]{1,7}$/i;

/** The quoted part; without one, what looks most like a file's name; null when nothing does. */
export function fileNameInSubject(subject: string): string | null {
  const quoted = [...subject.matchAll(/"([^"]+)"/g)]
    .map(([, text]) => cleanName(text ?? ''))
    .filter((name) => name !== '');
  const named = quoted.find((name) => EXTENSION.test(name)) ?? quoted[0];
  return named ?? unquotedName(subject);
}

/** The total in `(1/50)`, the last one there is: `[1/9]` before it counts files. Null when it does not say. */
export function segmentCountInSubject(subject: string): number | null {
  const counters = [...subject.matchAll(COUNTER)].filter(([text]) => text.startsWith('('));
  const total = Number(counters.at(-1)?.[2] ?? 0);
  return total > 0 ? total : null;
}

/** The same for all articles of a file, whichever of them the subject was taken from. */
export function subjectKey(subject: string): string {
  const last = [...subject.matchAll(COUNTER)].filter(([text]) => text.startsWith('(')).at(-1);
  if (last === undefined) return subject;
  return `${subject.slice(0, last.index)}(/${last[2]})${subject.slice(last.index + last[0].length)}`;
}

function unquotedName(subject: string): string | null {
  const bare = subject
    .replace(COUNTER, ' ')
    .replace(/\byenc\b/gi, ' ')
    .replace(/\s+\d+(?:[.,]\d+)?\s*(?:bytes|[kmg]i?b)\b/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const part = bare.split(' - ').findLast((text) => EXTENSION.test(text.trim()) && !text.trim().endsWith('.'));
  if (part !== undefined) return cleanName(part) || null;
  const word = bare.split(' ').findLast((text) => /[^.]\.[a-z][a-z0-9]{1,6}$/i.test(text));
  return word === undefined ? null : cleanName(word) || null;
}

/** Without folders and what cannot be seen; the end is kept, because the extension is there. */
function cleanName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim();
  return /^\.*$/.test(visible) ? '' : visible.slice(-MAX_NAME_CHARACTERS);
}
