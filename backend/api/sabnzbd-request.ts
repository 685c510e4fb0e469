// What a call of SABnzbd's API asks for: its parameters, checked, in our words. Numbers that are none count as absent, as
// with SABnzbd itself.

import { z } from 'zod';
import { InputError } from '../content/index.js';

export interface SabnzbdRequest {
  readonly mode: string;
  /** What to do within the mode, or the address to add. */
  readonly name: string;
  /** Which ones, at most 1000; or a word for several. */
  readonly values: readonly string[];
  readonly secondValue: string;
  /** Null where none is named. */
  readonly category: string | null;
  readonly nzbName: string;
  readonly password: string;
  /** SABnzbd's number; 0 is normal. */
  readonly priority: number;
  readonly start: number;
  /** 0: not limited by the caller. */
  readonly limit: number;
  readonly search: string;
  readonly isFailedOnly: boolean;
  /** Null where none are named. */
  readonly nzoIds: readonly string[] | null;
}

const MAX_IDS = 1_000;
const MAX_NUMBER = 1e9;

const text = z.string().trim().max(8_192).default('');
const number = z
  .string()
  .default('')
  .transform((given) => (/^\s*-?\d{1,10}\s*$/.test(given) ? Math.min(Number(given), MAX_NUMBER) : 0));
const natural = number.transform((given) => Math.max(0, given));
const list = z
  .string()
  .default('')
  .transform((given) => [...new Set(given.split(',').map((part) => part.trim()))].filter((part) => part !== ''))
  .transform((parts) => parts.slice(0, MAX_IDS));
const form = z.object({
  mode: text,
  name: text,
  value: list,
  value2: text,
  cat: text,
  category: text,
  nzbname: text,
  password: text,
  priority: number,
  start: natural,
  limit: natural,
  search: text,
  failed_only: text,
  nzo_ids: list,
});

/** @throws {InputError} for a parameter that is longer than any could be */
export function parseSabnzbdRequest(fields: ReadonlyMap<string, string>): SabnzbdRequest {
  const parsed = form.safeParse(Object.fromEntries(fields));
  if (!parsed.success) {
    throw new InputError(`What was given as ${String(parsed.error.issues[0]?.path[0])} cannot be used.`);
  }
  const { data } = parsed;
  const category = data.cat === '' ? data.category : data.cat;
  return {
    mode: data.mode,
    name: data.name,
    values: data.value,
    secondValue: data.value2,
    category: category === '' ? null : category,
    nzbName: data.nzbname,
    password: data.password,
    priority: data.priority,
    start: data.start,
    limit: data.limit,
    search: data.search,
    isFailedOnly: /^(?:1|true|on|yes)$/i.test(data.failed_only),
    nzoIds: data.nzo_ids.length === 0 ? null : data.nzo_ids,
  };
}
