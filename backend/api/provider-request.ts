// What a client asks to be set up as a news server, checked field by field. No error repeats what was sent.

import { z } from 'zod';
import type { ProviderFields } from '../engines/usenet/index.js';
import { NNTP_MAXIMA } from '../platform/index.js';
import { oneLine, readFields, type KnownFields } from './request-fields.js';

const MAX_HOST_CHARACTERS = 253;
const MAX_NAME_CHARACTERS = 100;
const MAX_PORT = 65_535;

const allowed = {
  name: `one line of up to ${MAX_NAME_CHARACTERS} characters`,
  host: `a name or an address of up to ${MAX_HOST_CHARACTERS} characters`,
  port: `a whole number from 1 to ${MAX_PORT}, or null for the usual one`,
  isTls: 'true or false',
  isInsecure: 'true or false',
  user: `up to ${NNTP_MAXIMA.text} characters, or null for none`,
  password: `up to ${NNTP_MAXIMA.text} characters, or null for none`,
  connections: `a whole number from 1 to ${NNTP_MAXIMA.connections}`,
  priority: `a whole number from 0 to ${NNTP_MAXIMA.priority}`,
  isBackup: 'true or false',
};

/** `settings` of an answer can be sent back. */
const known: KnownFields = { allowed, answered: ['hasUser', 'hasPassword'] };

/** As it is sent to the server: blanks at its ends may be part of it, what ends a line may not. */
const credential = z
  .string()
  .max(NNTP_MAXIMA.text)
  .regex(/^[^\u0000-\u001f\u007f]*$/u);

const form = z.object({
  name: oneLine(MAX_NAME_CHARACTERS).optional(),
  host: z.string().trim().min(1).max(MAX_HOST_CHARACTERS).optional(),
  port: z.number().int().min(1).max(MAX_PORT).nullable().optional(),
  isTls: z.boolean().optional(),
  isInsecure: z.boolean().optional(),
  user: credential.nullable().optional(),
  password: credential.nullable().optional(),
  connections: z.number().int().min(1).max(NNTP_MAXIMA.connections).optional(),
  priority: z.number().int().min(0).max(NNTP_MAXIMA.priority).optional(),
  isBackup: z.boolean().optional(),
});

const newForm = form.required({ host: true });

/** What shall change. @throws {InputError} naming every wrong field, or those that nobody knows */
export function readProviderChange(body: unknown): ProviderFields {
  return readFields(form, body, known);
}

/** Of one that is not known yet: `host` is there. @throws {InputError} as above */
export function readNewProvider(body: unknown): ProviderFields {
  return readFields(newForm, body, known);
}
