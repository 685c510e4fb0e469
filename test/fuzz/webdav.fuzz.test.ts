// What a stranger sends to WebDAV: addresses, headers, XML. An answer or an error with a code, and nothing that leaves its folder.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { parseBasic } from '../../backend/api/webdav-access.js';
import type { DavEntry } from '../../backend/api/webdav-entry.js';
import { escapeXml, formatResponse, MULTISTATUS_BEGIN, MULTISTATUS_END } from '../../backend/api/webdav-multistatus.js';
import { formatHref, parseWebdavPath } from '../../backend/api/webdav-paths.js';
import { parseDepth, parsePropfind } from '../../backend/api/webdav-propfind.js';
import type { PropertyWish } from '../../backend/api/webdav-propfind.js';
import { HeadstartError } from '../../backend/content/index.js';

const anyText = fc.string({ unit: 'binary', maxLength: 300 });
const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((text) => text.toWellFormed().replace(/[/\p{Cc}]/gu, '_'))
  .filter((text) => text !== '.' && text !== '..');
const piece = fc.constantFrom(
  ...['<D:propfind xmlns:D="DAV:">', '</D:propfind>', '<D:prop>', '</D:prop>', '<D:allprop/>', '<D:propname/>'],
  ...[
    '<D:getetag/>',
    '<x xmlns="urn:a"/>',
    '<a>',
    '</a>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '<?xml version="1.0"?>',
    ' ',
  ],
);

function outcome<Value>(work: () => Value): Value | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeadstartError) return null;
    throw error;
  }
}

/** Texts of the elements called `element`, and the number of elements. Throws for what is no XML. */
function readXml(xml: string, element: string): { texts: string[]; count: number } {
  const parser = new SaxesParser({ xmlns: true });
  const texts: string[] = [];
  let [count, text] = [0, ''];
  parser.on('opentag', () => {
    count += 1;
    text = '';
  });
  parser.on('text', (more) => (text += more));
  parser.on('closetag', ({ name: closed }) => closed === element && texts.push(text));
  parser.write(xml).close();
  return { texts, count };
}

describe('webdav from anywhere', () => {
  it('addresses - are names that lead nowhere else, or an error', () => {
    fc.assert(
      fc.property(anyText, (path) => {
        for (const part of outcome(() => parseWebdavPath(`/${path}`)) ?? [])
          expect(part).not.toMatch(/[/\p{Cc}]|^\.{0,2}$/u);
      }),
    );
  });

  it('addresses - that are handed out lead back to the names they were made of', () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.boolean(), (names, isFolder) => {
        const href = formatHref('/some/prefix', names, isFolder);
        expect(href).toMatch(/^[\x21-\x7e]+$/);
        expect(parseWebdavPath(href.slice('/some/prefix/webdav'.length))).toEqual(names);
      }),
    );
  });

  it('depth and credentials - are read, or not, and never throw anything else', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect([0, 1, 'infinity', null]).toContain(outcome(() => parseDepth(text)));
        const header = `Basic ${Buffer.from(text).toString('base64')}`;
        const basic = parseBasic(header);
        const wellFormed = text.toWellFormed();
        if (wellFormed.includes(':') && basic !== null) expect(`${basic.user}:${basic.password}`).toBe(wellFormed);
        parseBasic(text);
      }),
    );
  });

  it('bodies - ask for properties, or are refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
        ),
        (body) => {
          const wish = outcome(() => parsePropfind(body));
          if (wish !== null) expect(['all', 'names', 'these']).toContain(wish.kind);
          if (body.includes('<!DOCTYPE')) expect(wish).toBeNull();
        },
      ),
    );
  });

  it('answers - are XML whatever things are called, and say the names as they are', () => {
    const entry = fc.record({ names: fc.array(name, { minLength: 1, maxLength: 4 }), isFile: fc.boolean() });
    const wishes = fc.constantFrom<PropertyWish>(
      { kind: 'all' },
      { kind: 'names' },
      {
        kind: 'these',
        names: [
          { space: 'DAV:', name: 'displayname' },
          { space: 'a"<&', name: 'b' },
          { space: '', name: 'c' },
        ],
      },
    );
    fc.assert(
      fc.property(entry, wishes, ({ names, isFile }, wish) => {
        const told: DavEntry = isFile
          ? { kind: 'file', path: names, sizeBytes: 5, modifiedAt: 0, etag: '"a"' }
          : { kind: 'folder', path: names, modifiedAt: null };
        const xml = MULTISTATUS_BEGIN + formatResponse(told, '', wish) + MULTISTATUS_END;
        expect(readXml(xml, 'D:href').texts).toEqual([formatHref('', names, !isFile)]);
        if (wish.kind !== 'names') {
          const shown = (names.at(-1) ?? '').replace(/[\ufffe\uffff]/g, '\ufffd');
          expect(readXml(xml, 'D:displayname').texts).toEqual([shown]);
        }
      }),
    );
    fc.assert(fc.property(anyText, (text) => void readXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`, 'a')));
  });
});
