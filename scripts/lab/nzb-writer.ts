// NZB documents as indexers write them. Knows nothing of where articles come from.

/** One file of a document. */
export interface NzbEntry {
  readonly subject: string;
  readonly poster: string;
  readonly groups: readonly string[];
  readonly postedAt: Date;
  readonly segments: readonly { readonly number: number; readonly sizeBytes: number; readonly messageId: string }[];
}

/** Meta fields by `type`; a field may stand several times. */
export type NzbMeta = Readonly<Record<string, string | readonly string[]>>;

/** The document as text. */
export function writeNzb(files: readonly NzbEntry[], meta: NzbMeta = {}): string {
  const fields = Object.entries(meta).flatMap(([type, values]) =>
    [values].flat().map((value) => [type, value] as const),
  );
  const head = fields.map(([type, value]) => `  <meta type="${escapeXml(type)}">${escapeXml(value)}</meta>\n`).join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    '<!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">\n',
    '<nzb xmlns="http://www.newzbin.com/DTD/2003/nzb">\n',
    head === '' ? '' : ` <head>\n${head} </head>\n`,
    ...files.map(writeFile),
    '</nzb>\n',
  ].join('');
}

function writeFile(file: NzbEntry): string {
  const date = String(Math.floor(file.postedAt.getTime() / 1000));
  const groups = file.groups.map((group) => `   <group>${escapeXml(group)}</group>\n`);
  const segments = file.segments.map(
    ({ number, sizeBytes, messageId }) =>
      `   <segment bytes="${String(sizeBytes)}" number="${String(number)}">${escapeXml(messageId)}</segment>\n`,
  );
  return [
    ` <file poster="${escapeXml(file.poster)}" date="${date}" subject="${escapeXml(file.subject)}">\n`,
    `  <groups>\n${groups.join('')}  </groups>\n  <segments>\n`,
    ...segments,
    '  </segments>\n </file>\n',
  ].join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
