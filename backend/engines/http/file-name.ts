// What a file on a server is called: its Content-Disposition, else the last part of its address. Pure.

import { parse } from 'content-disposition';
import { extension } from 'mime-types';

const MAX_NAME_CHARACTERS = 200;

/** A name without folders and control characters, never empty. A missing extension is taken from the media type. */
export function fileNameOf(url: string, headers: Readonly<Record<string, string>>): string {
  const name = clean(dispositionName(headers['content-disposition'])) || clean(urlName(url)) || 'file';
  return withExtension(name, headers['content-type']);
}

function dispositionName(header: string | undefined): string {
  if (header === undefined) return '';
  try {
    return parse(header).parameters['filename'] ?? '';
  } catch {
    return '';
  }
}

function urlName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function clean(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  const visible = last.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim();
  if (/^\.*$/.test(visible)) return '';
  return visible.length > MAX_NAME_CHARACTERS ? visible.slice(-MAX_NAME_CHARACTERS) : visible;
}

/** Only video and audio types speak: a page stays a page, and is then no video. */
function withExtension(name: string, contentType: string | undefined): string {
  if (/\.[a-z0-9]{2,5}$/i.test(name) || !/^(?:video|audio)\//i.test(contentType ?? '')) return name;
  const found = extension(contentType ?? '');
  return found === false ? name : `${name}.${found}`;
}
