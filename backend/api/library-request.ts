// What a client asks of the library, checked field by field. No error repeats what was sent.

import { z } from 'zod';
import { InputError, NotFoundError } from '../content/index.js';
import type { LibraryFilter } from './library-deps.js';

export interface LibraryPage {
  readonly limit: number;
  readonly offset: number;
}

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;
/** There are no more items than this. */
const MAX_OFFSET = 100_000;
const MAX_QUERY_CHARACTERS = 200;
const MAX_CATEGORY_CHARACTERS = 255;

/** What a parameter must be, as the end of a sentence. */
const ALLOWED: Readonly<Record<string, string>> = {
  limit: `a whole number from 1 to ${MAX_LIMIT}`,
  offset: `a whole number from 0 to ${MAX_OFFSET}`,
  query: `up to ${MAX_QUERY_CHARACTERS} characters`,
  kind: 'nzb, torrent or http',
  category: 'the name of one category',
  favourite: 'true or false',
  isFavourite: 'true or false',
};

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const filterForm = z.object({
  query: z.string().max(MAX_QUERY_CHARACTERS).default(''),
  kind: z.enum(['nzb', 'torrent', 'http']).optional(),
  category: z.string().min(1).max(MAX_CATEGORY_CHARACTERS).optional(),
  favourite: z.enum(['true', 'false', '1', '0']).optional(),
});
const pageForm = z.object({
  limit: wholeNumber(1, MAX_LIMIT).default(DEFAULT_LIMIT),
  offset: wholeNumber(0, MAX_OFFSET).default(0),
});
const changeForm = z.object({ isFavourite: z.boolean() });

/** Parameters that are empty count as left out. @throws {InputError} naming every wrong one */
export function readLibraryFilter(query: unknown): LibraryFilter {
  const { query: text, kind, category, favourite } = read(filterForm, withoutEmpty(query));
  return {
    words: text.split(/\s+/).filter((word) => word !== ''),
    ...(kind === undefined ? {} : { kind }),
    ...(category === undefined ? {} : { category }),
    ...(favourite === 'true' || favourite === '1' ? { isFavourite: true } : {}),
  };
}

/** @throws {InputError} naming every wrong parameter */
export function readLibraryPage(query: unknown): LibraryPage {
  return read(pageForm, withoutEmpty(query));
}

/** @throws {InputError} */
export function readLibraryChange(body: unknown): { readonly isFavourite: boolean } {
  return read(changeForm, body);
}

/** @throws {NotFoundError} for what is no id of an item */
export function readItemId(text: unknown): number {
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text)) throw new NotFoundError('There is no such item.');
  return Number(text);
}

function read<Fields>(form: z.ZodType<Fields>, value: unknown): Fields {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
  if (wrong.has('')) throw new InputError('Send the fields as a JSON object (Content-Type: application/json).');
  throw new InputError([...wrong].map((field) => `${field} must be ${ALLOWED[field] ?? 'something else'}.`).join(' '));
}

function withoutEmpty(query: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}
