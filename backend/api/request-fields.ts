// A body of fields, checked against a form; what is wrong is said of every field by its name. No error repeats what was sent.

import { z } from 'zod';
import { InputError } from '../content/index.js';

/** One line of text for people. */
export function oneLine(maxCharacters: number) {
  return z
    .string()
    .trim()
    .max(maxCharacters)
    .regex(/^\P{Cc}*$/u);
}

/** What is known of the fields of a body. */
export interface KnownFields {
  /** What each field must be, as the end of a sentence. */
  readonly allowed: Readonly<Record<string, string>>;
  /** What answers tell beside them: it may be sent back, and changes nothing. */
  readonly answered: readonly string[];
}

/** Names that are longer or look otherwise may be what belongs into a field: they are not repeated. */
const REPEATABLE_NAME = /^[a-z][a-z_-]{0,23}$/i;
const MAX_NAMES = 5;

/** @throws {InputError} naming every wrong field, or those that nobody knows */
export function readFields<Fields>(form: z.ZodType<Fields>, body: unknown, known: KnownFields): Fields {
  const { allowed } = known;
  requireKnown(body, known);
  const parsed = form.safeParse(body);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
  if (wrong.has('')) throw new InputError('Send the fields as a JSON object (Content-Type: application/json).');
  throw new InputError([...wrong].map((field) => `${field} must be ${allowed[field] ?? 'something else'}.`).join(' '));
}

/** A field that is left out without a word would be taken for set. */
function requireKnown(body: unknown, { allowed, answered }: KnownFields): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return;
  const unknown = Object.keys(body).filter((name) => !Object.hasOwn(allowed, name) && !answered.includes(name));
  if (unknown.length === 0) return;
  const names = unknown.filter((name) => REPEATABLE_NAME.test(name)).slice(0, MAX_NAMES);
  const which = names.length === 0 ? 'of that name' : names.join(', ');
  throw new InputError(`There is no field ${which}; known are ${Object.keys(allowed).join(', ')}.`);
}
