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

/** `allowed`: what each field must be, as the end of a sentence. Fields nobody knows are left out. @throws {InputError} */
export function readFields<Fields>(
  form: z.ZodType<Fields>,
  body: unknown,
  allowed: Readonly<Record<string, string>>,
): Fields {
  const parsed = form.safeParse(body);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0] ?? '')));
  if (wrong.has('')) throw new InputError('Send the fields as a JSON object (Content-Type: application/json).');
  throw new InputError([...wrong].map((field) => `${field} must be ${allowed[field] ?? 'something else'}.`).join(' '));
}
