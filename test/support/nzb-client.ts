// The NZB dialect as its clients speak it: urlencoded or multipart forms, and answers that are exactly what was agreed.

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { z } from 'zod';

import type { HeadstartProcess } from './headstart-process.js';
import { ask } from './http.js';
import { until } from './until.js';

const answerForm = z.strictObject({
  streams: z.array(z.strictObject({ url: z.url(), title: z.string(), name: z.string(), size: z.int().nonnegative() })),
  _queue_item_id: z.int().positive(),
  _queue_status: z.enum(['streamable', 'completed']),
  _cached: z.boolean(),
});
const failureForm = z.strictObject({
  success: z.literal(false),
  error: z.strictObject({ code: z.string().min(1), message: z.string().min(1), details: z.string() }),
});
const itemForm = z.strictObject({
  id: z.int().positive(),
  name: z.string().min(1),
  status: z.enum(['queued', 'processing', 'streamable', 'completed', 'failed']),
  stage: z.string(),
  percentage: z.number().min(0).max(100),
  error: z.strictObject({ code: z.string().min(1), message: z.string().min(1) }).nullable(),
});

export type NzbAnswer = z.infer<typeof answerForm>;
export type QueueItem = z.infer<typeof itemForm>;

/** An answer with how long it took. */
export interface SubmittedNzb {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly json: unknown;
  readonly tookMs: number;
}

export interface NzbAsk {
  /** Makes the form a multipart one. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** Default: the key as `X-Api-Key`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly signal?: AbortSignal;
}

/** `POST /api/nzb/streams`. */
export async function submitNzb(
  server: HeadstartProcess,
  fields: Readonly<Record<string, string>>,
  { file, headers = { 'x-api-key': server.apiKey }, query = '', signal }: NzbAsk = {},
): Promise<SubmittedNzb> {
  const { type, body } = file === undefined ? urlencoded(fields) : multipart(fields, file);
  const since = performance.now();
  const answer = await ask(server.url(`/api/nzb/streams${query}`), {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
    ...(signal === undefined ? {} : { signal }),
  });
  const tookMs = performance.now() - since;
  return { status: answer.status, headers: answer.headers, json: JSON.parse(answer.body.toString('utf8')), tookMs };
}

/** The answer of a submission that plays. */
export function nzbAnswer({ status, json }: SubmittedNzb): NzbAnswer {
  if (status !== 200) throw new Error(`The submission was answered ${String(status)}: ${JSON.stringify(json)}`);
  return answerForm.parse(json);
}

/** Status and code of one that does not. */
export function nzbFailure({ status, json }: SubmittedNzb): readonly [number, string] {
  return [status, failureForm.parse(json).error.code];
}

/** What `GET /api/queue/:id` says. */
export async function queueItem(server: HeadstartProcess, id: number): Promise<QueueItem> {
  return itemForm.parse((await server.get(`/api/queue/${String(id)}`)).json);
}

/** An item that was told as an event. */
export function queueNews(json: unknown): QueueItem {
  return itemForm.parse(json);
}

/** Resolves when there is nothing left to do for the item. */
export async function untilCompleted(server: HeadstartProcess, id: number): Promise<void> {
  await until(`item ${String(id)} is completed`, async () => (await queueItem(server, id)).status === 'completed');
}

/** What clients send as `download_key`. */
export function downloadKeyOf({ apiKey }: HeadstartProcess): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

/** An address handed out before a restart, at the server's present port. */
export function afterRestart(server: HeadstartProcess, url: string): string {
  const { pathname, search } = new URL(url);
  return server.url(pathname + search);
}

function urlencoded(fields: Readonly<Record<string, string>>): { type: string; body: string } {
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

function multipart(
  fields: Readonly<Record<string, string>>,
  file: { readonly name: string; readonly bytes: Uint8Array },
): { type: string; body: Uint8Array } {
  const boundary = '----headstart-form-of-a-test';
  const head = (disposition: string): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
  const texts = Object.entries(fields).map(([name, value]) => `${head(`name="${name}"`)}${value}\r\n`);
  const body = Buffer.concat([
    Buffer.from(`${texts.join('')}${head(`name="file"; filename="${file.name}"`)}`),
    file.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { type: `multipart/form-data; boundary=${boundary}`, body };
}
