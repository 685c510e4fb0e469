// What a client asks to be set up as an indexer, checked field by field. No error repeats what was sent.

import { z } from 'zod';
import type { IndexerFields } from '../discovery/index.js';
import { INDEXER_KINDS, MAX_INDEXER_ADDRESS_LENGTH } from '../platform/index.js';
import { oneLine, readFields, type KnownFields } from './request-fields.js';

const MAX_KEY_CHARACTERS = 256;
const MAX_NAME_CHARACTERS = 100;
const MAX_REQUESTS_PER_MINUTE = 1000;

const allowed = {
  kind: `one of ${INDEXER_KINDS.join(', ')}`,
  name: `one line of up to ${MAX_NAME_CHARACTERS} characters`,
  url: `an http or https address of up to ${MAX_INDEXER_ADDRESS_LENGTH} characters`,
  apiKey: `up to ${MAX_KEY_CHARACTERS} characters, or null for none`,
  isEnabled: 'true or false',
  requestsPerMinute: `a whole number from 1 to ${MAX_REQUESTS_PER_MINUTE}, or null for what is usual`,
};

/** An answer can be sent back as it is. */
const known: KnownFields = { allowed, answered: ['id', 'hasApiKey', 'maskedKey', 'origin', 'status'] };

const form = z.object({
  kind: z.enum(INDEXER_KINDS).optional(),
  name: oneLine(MAX_NAME_CHARACTERS).optional(),
  url: z.string().trim().min(1).max(MAX_INDEXER_ADDRESS_LENGTH).optional(),
  apiKey: z.string().trim().max(MAX_KEY_CHARACTERS).nullable().optional(),
  isEnabled: z.boolean().optional(),
  requestsPerMinute: z.number().int().min(1).max(MAX_REQUESTS_PER_MINUTE).nullable().optional(),
});

const newForm = form.required({ kind: true, url: true });

/** What shall change. @throws {InputError} naming every wrong field, or those that nobody knows */
export function readIndexerChange(body: unknown): IndexerFields {
  return readFields(form, body, known);
}

/** Of one that is not known yet: `kind` and `url` are there. @throws {InputError} as above */
export function readNewIndexer(body: unknown): IndexerFields {
  return readFields(newForm, body, known);
}
