// Text of an NZB's fields. The document is read as Latin-1, because what it declares is often not what it is; a field
// that turns out to be UTF-8 is then read as that.

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const WINDOWS_1252 = new TextDecoder('windows-1252');

/** `text` with one character per byte (characters beyond U+00FF came from references), as it was meant; at most `limit` characters. */
export function fieldText(text: string, limit: number): string {
  const trimmed = text.slice(0, 4 * limit).trim();
  // The copy lets go of the piece of the document that the text is a slice of.
  if (/^[\u0000-\u007f]*$/.test(trimmed)) return Buffer.from(trimmed, 'latin1').toString('latin1').slice(0, limit);
  if (/[^\u0000-\u00ff]/.test(trimmed)) return trimmed.slice(0, limit);
  const bytes = Buffer.from(trimmed, 'latin1');
  try {
    return UTF8.decode(bytes).slice(0, limit);
  } catch {
    return WINDOWS_1252.decode(bytes).slice(0, limit);
  }
}
