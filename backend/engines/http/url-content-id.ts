// What makes two addresses the same content. Pure.

import { createHash } from 'node:crypto';
import type { ContentId } from '../../content/index.js';
import { InputError } from '../../content/index.js';

const MAX_URL_CHARACTERS = 8_192;

/**
 * The address in its one form: http(s), host in lower case, default port and fragment left out.
 * @throws {InputError} for anything else.
 */
export function canonicalUrl(text: string): string {
  if (text.length > MAX_URL_CHARACTERS) throw new InputError('The address is longer than 8192 characters.');
  if (!URL.canParse(text)) throw new InputError('This is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new InputError('Only http and https addresses can be played.');
  }
  url.hash = '';
  return url.href;
}

/** SHA-256 of the canonical address. @throws {InputError} */
export function urlContentId(url: string): ContentId {
  return createHash('sha256').update(canonicalUrl(url)).digest('hex') as ContentId;
}
