// What the tests of the preparation API share: one server per test, what it plays, and the calls of a client with the key.

import { afterEach, beforeEach } from '@jest/globals';
import { once } from 'node:events';

import type { Release } from '../../backend/content/index.js';
import { torrentRelease } from './fake-engine.js';
import { askJson, postJson, type open } from './http.js';
import { API_KEY, startPrepareApi, type PrepareApi, type PrepareApiOptions } from './prepare-harness.js';

export type Json = Record<string, unknown>;

/** The largest video is file 1; file 2 is padding. */
export const film = torrentRelease('film', [
  ['readme.txt', 10],
  ['The Film (2020).mkv', 300_000],
  ['.pad/5', 5],
  ['Bonus.mkv', 200_000],
]);

export const pack = torrentRelease('pack', [
  ['Show.S01E01.mkv', 1_000],
  ['Show.S01E02.mkv', 2_000],
]);

export const HASH = film.contentId;
export const KEY = { 'x-api-key': API_KEY };

export interface PrepareLab {
  readonly api: PrepareApi;
  /** Another server, with other settings, instead of the test's first. */
  readonly start: (options: PrepareApiOptions) => Promise<void>;
  /** POSTs to `/stream/prepare…` with the key. */
  readonly prepare: (path?: string, body?: unknown) => ReturnType<typeof askJson>;
  /** GETs with the key. */
  readonly get: (path: string) => ReturnType<typeof askJson>;
  /** From now on metadata is known and files are streamable at once. */
  readonly beInstant: (release?: Release) => void;
  /** The answer to preparing the film, which is ready then. */
  readonly prepareFilm: () => Promise<Json>;
}

/** To be called once per test file: starts a server before each test and closes it after. */
export function usePrepareApi(): PrepareLab {
  let api: PrepareApi;
  beforeEach(async () => {
    api = await startPrepareApi();
  });
  afterEach(async () => {
    await api.close();
  });
  const lab: PrepareLab = {
    get api() {
      return api;
    },
    start: async (options) => {
      await api.close();
      api = await startPrepareApi(options);
    },
    prepare: (path = '', body = {}) => postJson(api.url(`/stream/prepare${path}`), body, KEY),
    get: (path) => askJson(api.url(path), { headers: KEY }),
    beInstant: (release = film) => {
      api.engine.autoRelease = release;
      api.engine.isInstant = true;
    },
    prepareFilm: async () => {
      lab.beInstant();
      return (await lab.prepare(`/${HASH}`)).json;
    },
  };
  return lab;
}

/** Events as they come; `next` waits for one that fits, dropping others. */
export function readEvents(stream: Awaited<ReturnType<typeof open>>): {
  next(fits: (event: Json) => boolean): Promise<Json>;
} {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  const take = (fits: (event: Json) => boolean): Json | null => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) return null;
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: (.*)$/m.exec(block)?.[1];
      const event = data === undefined ? null : (JSON.parse(data) as Json);
      if (event !== null && fits(event)) return event;
    }
  };
  return {
    next: async (fits) => {
      for (;;) {
        const event = take(fits);
        if (event !== null) return event;
        await once(stream, 'data');
      }
    },
  };
}
