// XML as indexers answer it, read into plain elements. Entities of a document's own are refused with it, never expanded.
// Knows xml2js, nobody else does.

import { setImmediate } from 'node:timers/promises';
import { Parser } from 'xml2js';
import { IndexerError } from './indexer-error.js';
import { checkXmlShape } from './xml-shape.js';

/** One element. Names are in lower case and without their prefix: `torznab:attr` and `newznab:attr` are `attr`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Those of this name, in their order; none where there are none. */
  children(name: string): readonly XmlElement[];
}

/** The part of xml2js that its types leave out. */
type SlicedParser = Parser & { readonly saxParser: { write(text: string): unknown; close(): unknown } };

/** A slice of work, a few milliseconds, after which others have their turn. */
const SLICE_CHARACTERS = 16 * 1024;
/** Where a page of a site begins, whatever it is served as. */
const WEB_PAGE = /^<(?:!doctype\s+html|html|head|body|script)\b/i;

/**
 * Reads a document; its text was bounded by who fetched it. Gives way to others as it goes.
 * @throws {IndexerError} `INDEXER_INVALID` for whatever is no XML, is cut off, or is shaped to hurt
 */
export async function parseXml(bytes: Uint8Array): Promise<XmlElement> {
  const text = decode(bytes).trim();
  if (text === '') throw invalid('The answer is empty.');
  if (WEB_PAGE.test(text)) throw invalid('The answer is a web page: the address is not that of the API.');
  if (!text.startsWith('<')) throw invalid('The answer is no XML: the address may not be that of the API.');
  checkXmlShape(text);
  const root = await readTree(text);
  if (root.name === 'html') throw invalid('The answer is a web page: the address is not that of the API.');
  return root;
}

/**
 * Feeds xml2js's own reader in slices: at once, ten megabytes would hold up every stream for seconds; its `async` option does too
 * little, and never ends where the reader throws.
 */
async function readTree(text: string): Promise<XmlElement> {
  const parser = new Parser({ tagNameProcessors: [localName], attrNameProcessors: [localName] }) as SlicedParser;
  let failure: unknown = null;
  let tree: unknown = null;
  parser.on('error', (error: unknown) => {
    failure ??= error;
  });
  parser.on('end', (result: unknown) => {
    tree = result;
  });
  try {
    for (let at = 0; at < text.length && failure === null; at += SLICE_CHARACTERS) {
      parser.saxParser.write(text.slice(at, at + SLICE_CHARACTERS));
      await setImmediate();
    }
    if (failure === null) parser.saxParser.close();
  } catch (error) {
    failure ??= error;
  }
  const [entry] = failure === null ? Object.entries(Object(tree) as Record<string, unknown>) : [];
  if (entry === undefined) {
    throw new IndexerError('The answer is not well-formed XML.', 'INDEXER_INVALID', { cause: failure });
  }
  return elementOf(...entry);
}

function elementOf(name: string, node: unknown): XmlElement {
  if (typeof node !== 'object' || node === null) {
    return { name, attributes: {}, text: typeof node === 'string' ? node : '', children: () => [] };
  }
  const { $: attributes, _: text } = node as { $?: Record<string, string>; _?: unknown };
  return {
    name,
    attributes: attributes ?? {},
    text: typeof text === 'string' ? text : '',
    children: (wanted) => {
      const found: unknown =
        wanted === '$' || wanted === '_' || !Object.hasOwn(node, wanted)
          ? []
          : (node as Record<string, unknown>)[wanted];
      return Array.isArray(found) ? found.map((child) => elementOf(wanted, child)) : [];
    },
  };
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}

/** UTF-8 unless the document's own first line names something else that is known. */
function decode(bytes: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  const label = /^\s*<\?xml[^>]{0,100}encoding=["']([\w-]{1,40})["']/i.exec(head)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function invalid(message: string): IndexerError {
  return new IndexerError(message, 'INDEXER_INVALID');
}
