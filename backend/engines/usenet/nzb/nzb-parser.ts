// Reads an NZB as a stream.

import { UnplayableError } from '../../../content/index.js';
import type { Nzb } from './nzb.js';

export class NzbParser {
  push(_chunk: Uint8Array): void {}

  finish(): Nzb {
    throw new UnplayableError('This is not an NZB.', 'NZB_INVALID');
  }
}

export function parseNzb(bytes: Uint8Array): Nzb {
  const parser = new NzbParser();
  parser.push(bytes);
  return parser.finish();
}
