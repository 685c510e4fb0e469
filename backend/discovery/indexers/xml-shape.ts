// Looks over XML before a parser may build anything of it: how deep, how many, whether it ends. Pure, one pass, no copy.

import { IndexerError } from './indexer-error.js';

/** A feed's attributes lie four deep. */
const MAX_DEPTH = 16;
/** A page of 1000 results with forty attributes each, and some more. */
const MAX_ELEMENTS = 100_000;
const MAX_TAG_CHARACTERS = 64 * 1024;

/** What stands between these is no element. */
const ASIDES: readonly (readonly [begin: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/**
 * @throws {IndexerError} `INDEXER_INVALID` for a document type of its own (entities hide there), for nesting and lengths that
 * no indexer needs, and for a document that was cut off
 */
export function checkXmlShape(text: string): void {
  let depth = 0;
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const aside = ASIDES.find(([begin]) => text.startsWith(begin, at));
    if (aside !== undefined) {
      at = endOf(text, aside[1], at + aside[0].length);
      continue;
    }
    if (text.startsWith('<!', at)) throw refuse('declares a document type of its own');
    const isClosing = text.startsWith('</', at);
    at = endOfTag(text, at + 1);
    if (isClosing) depth -= 1;
    else if (text[at - 2] !== '/') depth += 1;
    if (!isClosing) elements += 1;
    if (depth > MAX_DEPTH) throw refuse('is nested too deeply');
    if (elements > MAX_ELEMENTS) throw refuse('has far too many parts');
  }
  if (depth !== 0 || elements === 0) throw refuse('was cut off');
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found < 0) throw refuse('was cut off');
  return found + mark.length;
}

/** After the `>`; one inside quotes ends nothing (XML 1.0 §3.1). */
function endOfTag(text: string, from: number): number {
  let quote = '';
  const end = Math.min(text.length, from + MAX_TAG_CHARACTERS);
  for (let at = from; at < end; at++) {
    const character = text[at]!;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
  }
  throw refuse(end === text.length ? 'was cut off' : 'has a part that is far too long');
}

function refuse(what: string): IndexerError {
  return new IndexerError(`The answer ${what}.`, 'INDEXER_INVALID');
}
