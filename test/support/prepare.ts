// The async preparation API as a client uses it: start, poll, play.

import type { HeadstartProcess } from './headstart-process.js';
import { askJson } from './http.js';
import { until } from './until.js';

/** A status answer. */
export interface JobStatus {
  readonly jobId: string;
  readonly status: 'preparing' | 'connecting' | 'downloading' | 'ready' | 'failed';
  readonly progress: number;
  readonly message: string;
  readonly fileIndex?: number;
  readonly streamUrl?: string;
  readonly fileName?: string;
  readonly fileSize?: number;
  readonly method?: string;
  readonly error?: string;
}

/** What `POST /stream/prepare` answered, with absolute addresses. */
export interface Prepared {
  readonly jobId: string;
  readonly infoHash: string;
  readonly fileIndex: number | null;
  readonly statusUrl: string;
  readonly streamUrl: string;
}

/** Starts a preparation. `body` holds `magnet`, `torrent_url`, `initial_peers`, `trackers`, …; rejects unless the answer is 200. */
export async function prepare(
  server: HeadstartProcess,
  infoHash: string | null,
  body: Readonly<Record<string, unknown>> = {},
  fileIndex?: number,
): Promise<Prepared> {
  const path = infoHash === null ? '/stream/prepare' : `/stream/prepare/${infoHash}`;
  const query = fileIndex === undefined ? '' : `?fileIndex=${String(fileIndex)}`;
  const { status, json } = await server.post(path + query, body);
  if (status !== 200 || json.success !== true)
    throw new Error(`prepare answered ${String(status)}: ${JSON.stringify(json)}`);
  const prepared = json as unknown as Prepared;
  return { ...prepared, statusUrl: server.url(prepared.statusUrl), streamUrl: server.url(prepared.streamUrl) };
}

/** One poll. */
export async function pollStatus(statusUrl: string): Promise<JobStatus> {
  return (await askJson(statusUrl)).json as unknown as JobStatus;
}

/** Polls until the job is ready; rejects with its reason when it fails. Calls `onStatus` with every answer. */
export async function untilReady(
  prepared: Prepared,
  options: { timeoutMs?: number; onStatus?: (status: JobStatus) => void } = {},
): Promise<JobStatus> {
  return until(
    `${prepared.jobId} is ready`,
    async () => {
      const status = await pollStatus(prepared.statusUrl);
      options.onStatus?.(status);
      if (status.status === 'failed') throw new Error(`Preparation failed: ${status.error ?? status.message}`);
      return status.status === 'ready' ? status : null;
    },
    { timeoutMs: options.timeoutMs ?? 120_000 },
  );
}
