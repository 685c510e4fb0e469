// SABnzbd's API as its clients speak it, and what they may rely on in every answer: names, strict types, no null where a
// text is due.

import { z } from 'zod';

import { ask } from './http.js';

const decimal = z.string().regex(/^\d+\.\d\d$/);
const numerals = z.string().regex(/^\d+$/);
const historySlot = z.strictObject({
  nzo_id: z.string().regex(/^SABnzbd_nzo_\w+$/),
  name: z.string().min(1),
  nzb_name: z.string().min(1),
  category: z.string().min(1),
  status: z.enum(['Completed', 'Failed']),
  storage: z.string(),
  path: z.string(),
  bytes: z.int().nonnegative(),
  size: z.string(),
  fail_message: z.string(),
  ...{ completed: z.int().positive(), time_added: z.int().positive() },
  ...{ download_time: z.int(), postproc_time: z.int(), downloaded: z.int() },
  ...{ pp: z.string(), script: z.string(), script_line: z.string(), action_line: z.string() },
  ...{ stage_log: z.array(z.never()), loaded: z.boolean(), archive: z.boolean(), retry: z.boolean() },
  ...{ url: z.string(), url_info: z.string(), report: z.string(), series: z.string(), md5sum: z.string() },
  password: z.literal(''),
});
const queueSlot = z.strictObject({
  index: z.int().nonnegative(),
  nzo_id: z.string().regex(/^SABnzbd_nzo_\w+$/),
  filename: z.string().min(1),
  cat: z.string().min(1),
  priority: z.enum(['Normal']),
  status: z.enum(['Queued', 'Paused', 'Downloading']),
  percentage: numerals,
  timeleft: z.string().regex(/^\d+:\d\d:\d\d$/),
  ...{ mb: decimal, mbleft: decimal, mbmissing: decimal, size: z.string(), sizeleft: z.string(), avg_age: z.string() },
  ...{ script: z.string(), unpackopts: z.string(), labels: z.array(z.string()), direct_unpack: z.string() },
  password: z.literal(''),
});

/** What each mode answers when all is well. */
export const sabnzbdForms = {
  added: z.strictObject({ status: z.literal(true), nzo_ids: z.tuple([z.string().regex(/^SABnzbd_nzo_\w+$/)]) }),
  changed: z.strictObject({ status: z.literal(true), nzo_ids: z.array(z.string()) }),
  done: z.strictObject({ status: z.literal(true) }),
  retried: z.strictObject({ status: z.literal(true), nzo_id: z.string() }),
  failure: z.strictObject({ status: z.literal(false), error: z.string().min(1) }),
  history: z.strictObject({
    history: z.strictObject({
      slots: z.array(historySlot),
      noofslots: z.int().nonnegative(),
      ppslots: z.int(),
      version: z.string(),
    }),
  }),
  queue: z.strictObject({
    queue: z.strictObject({
      slots: z.array(queueSlot),
      ...{ version: z.string(), paused: z.boolean(), pause_int: numerals, paused_all: z.boolean() },
      ...{ status: z.enum(['Paused', 'Downloading', 'Idle']), speedlimit: z.string(), speed: z.string() },
      ...{ kbpersec: decimal, mb: decimal, mbleft: decimal, size: z.string(), sizeleft: z.string() },
      ...{ timeleft: z.string(), noofslots: z.int(), noofslots_total: z.int() },
      ...{ start: z.int(), limit: z.int(), finish: z.int() },
    }),
  }),
  version: z.strictObject({ version: z.string().regex(/^4\.\d+\.\d+$/) }),
  categories: z.strictObject({ categories: z.array(z.string().min(1)) }),
  config: z.strictObject({
    config: z.object({
      misc: z.object({
        complete_dir: z.string().startsWith('/'),
        pre_check: z.literal(false),
        enable_tv_sorting: z.literal(false),
        enable_movie_sorting: z.literal(false),
        enable_date_sorting: z.literal(false),
        tv_categories: z.array(z.string()),
        movie_categories: z.array(z.string()),
        date_categories: z.array(z.string()),
        history_retention: z.string(),
        history_retention_option: z.literal('all'),
        history_retention_number: z.int(),
      }),
      categories: z.array(
        z.object({
          name: z.string().min(1),
          dir: z.string().regex(/^[^/*]+$/),
          ...{ priority: z.int(), pp: z.string(), script: z.string() },
        }),
      ),
      servers: z.array(z.unknown()),
      sorters: z.array(z.unknown()),
    }),
  }),
  status: z.strictObject({ status: z.object({ completedir: z.string().startsWith('/'), paused: z.boolean() }) }),
};

export type HistorySlot = z.infer<typeof historySlot>;
export type QueueSlot = z.infer<typeof queueSlot>;

export interface SabnzbdCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A client of one server; the address is asked for anew before each request, since servers restart. */
export class SabnzbdClient {
  constructor(
    private readonly o: {
      readonly url: () => string;
      readonly apiKey: string;
    },
  ) {}

  /** The JSON of one call with the key in the query, whatever it says. */
  async call(parameters: Readonly<Record<string, string>>, { headers, ...more }: SabnzbdCall = {}): Promise<unknown> {
    const query = new URLSearchParams({ ...parameters, apikey: this.o.apiKey, output: 'json' });
    const { body } = await ask(`${this.o.url()}/sabnzbd/api?${query.toString()}`, { headers: { ...headers }, ...more });
    return JSON.parse(body.toString('utf8')) as unknown;
  }

  /** Its id. */
  async addUrl(name: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    return sabnzbdForms.added.parse(await this.call({ mode: 'addurl', name, ...more })).nzo_ids[0];
  }

  /** Its id; the upload is called `name`, as Sonarr does. */
  async addFile(
    file: { readonly name: string; readonly bytes: Uint8Array; readonly field?: string },
    more: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const answer = await this.call({ mode: 'addfile', ...more }, { method: 'POST', ...uploadOf(file) });
    return sabnzbdForms.added.parse(answer).nzo_ids[0];
  }

  async history(parameters: Readonly<Record<string, string>> = {}): Promise<HistorySlot[]> {
    return sabnzbdForms.history.parse(await this.call({ mode: 'history', ...parameters })).history.slots;
  }

  async queue(parameters: Readonly<Record<string, string>> = {}): Promise<QueueSlot[]> {
    return sabnzbdForms.queue.parse(await this.call({ mode: 'queue', ...parameters })).queue.slots;
  }

  /** Why it was refused. */
  async refusal(parameters: Readonly<Record<string, string>>, more: SabnzbdCall = {}): Promise<string> {
    return sabnzbdForms.failure.parse(await this.call(parameters, more)).error;
  }
}

/** A multipart form of one upload. */
export function uploadOf(file: {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly field?: string;
}): Required<Pick<SabnzbdCall, 'headers' | 'body'>> {
  const boundary = 'a-boundary-of-this-test';
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="${file.field ?? 'name'}"; filename="${file.name}"\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${head}Content-Type: application/x-nzb\r\n\r\n`),
    file.bytes,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body };
}
