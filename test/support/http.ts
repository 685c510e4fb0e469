// A client for tests: exact ranges, hashes, slow and vanishing readers. One connection per request, so that leaving is leaving.

import { createHash } from 'node:crypto';
import { once, type EventEmitter } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to send. */
export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
}

/** Sends a request and waits for the head of the answer; the body is the caller's to read or destroy. */
export async function open(url: string, ask: Ask = {}): Promise<IncomingMessage> {
  const sent = request(url, {
    method: ask.method ?? 'GET',
    agent: false,
    headers: { ...ask.headers },
    ...(ask.signal ? { signal: ask.signal } : {}),
  });
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
  sent.end(ask.body);
  const [response] = await answered;
  return response;
}

/** Sends a request and reads the whole answer into memory. Rejects when the body is cut short. */
export async function ask(url: string, options: Ask = {}): Promise<Answer> {
  const response = await open(url, options);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  if (!response.complete) throw new Error(`The answer to ${url} was cut short.`);
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The answer's JSON, whatever its status. */
export async function askJson(
  url: string,
  options: Ask = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; json: Record<string, unknown> }> {
  const { status, headers, body } = await ask(url, options);
  return { status, headers, json: JSON.parse(body.toString('utf8')) as Record<string, unknown> };
}

/** POSTs JSON and reads JSON. */
export function postJson(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<typeof askJson> {
  return askJson(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Reads `[start, end)` of a URL. */
export function askRange(url: string, start: number, end: number, options: Ask = {}): Promise<Answer> {
  return ask(url, { ...options, headers: { ...options.headers, range: `bytes=${String(start)}-${String(end - 1)}` } });
}

/** SHA-256 (hex) and length of everything a URL answers, without keeping it. */
export async function askHash(
  url: string,
  options: Ask = {},
): Promise<{ status: number; sizeBytes: number; sha256: string }> {
  const response = await open(url, options);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of response) {
    hash.update(chunk as Buffer);
    sizeBytes += (chunk as Buffer).length;
  }
  if (!response.complete) throw new Error(`The answer to ${url} was cut short after ${String(sizeBytes)} bytes.`);
  return { status: response.statusCode ?? 0, sizeBytes, sha256: hash.digest('hex') };
}

/** Reads at least `count` bytes of an answer, then leaves the socket alone: a client whose player is paused. */
export async function readSome(response: IncomingMessage, count: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let had = 0;
  while (had < count) {
    const chunk = response.read() as Buffer | null;
    if (chunk) {
      chunks.push(chunk);
      had += chunk.length;
    } else if (response.readableEnded || response.destroyed) {
      throw new Error(`The answer ended after ${String(had)} of ${String(count)} bytes.`);
    } else {
      await anyOf(response, ['readable', 'end', 'close']);
    }
  }
  return Buffer.concat(chunks);
}

async function anyOf(emitter: EventEmitter, events: readonly string[]): Promise<void> {
  const heard = new AbortController();
  try {
    await Promise.race(events.map((event) => once(emitter, event, { signal: heard.signal })));
  } finally {
    heard.abort();
  }
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
