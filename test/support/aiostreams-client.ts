// What AIOStreams sends to its "AltMount" service, request by request and in its order, and what it reads of the answers.

import { createHash } from 'node:crypto';

import { createClient, type FileStat, type WebDAVClient } from 'webdav';
import { z } from 'zod';

import { ask } from './http.js';
import { until } from './until.js';

/** What a person enters there. */
export interface AioStreamsSettings {
  /** Of our server, without a slash at the end. */
  readonly url: string;
  readonly apiKey: string;
  readonly webdavUser: string;
  readonly webdavPassword: string;
}

/** `Movies` or `TV`: that is all it knows. */
export type AioStreamsCategory = 'Movies' | 'TV';

const slotForm = z.looseObject({
  nzo_id: z.string().min(1),
  status: z.string(),
  name: z.string(),
  category: z.string(),
  storage: z.string().nullable(),
  fail_message: z.string(),
  bytes: z.int().nonnegative(),
});
const historyForm = z.looseObject({
  status: z.literal(true).optional(),
  history: z.looseObject({ slots: z.array(slotForm), noofslots: z.int().nonnegative() }),
});
const addedForm = z.union([
  z.looseObject({ status: z.literal(true), nzo_ids: z.tuple([z.string().min(1)], z.string()) }),
  z.looseObject({ status: z.literal(false), error: z.string().min(1) }),
]);

export type HistorySlot = z.infer<typeof slotForm>;

/** One entry of what it takes for our library. */
export interface LibraryEntry {
  readonly name: string;
  readonly status: 'cached' | 'failed';
  readonly size: number;
}

/** An AIOStreams that was told these settings. */
export class AioStreams {
  readonly #webdav: WebDAVClient;

  constructor(private readonly settings: AioStreamsSettings) {
    const { url, webdavUser, webdavPassword } = settings;
    this.#webdav = createClient(`${url}/webdav/`, { username: webdavUser, password: webdavPassword });
  }

  /** `addurl`, named after the address as it does. */
  async addUrl(nzbUrl: string, category: AioStreamsCategory): Promise<string> {
    const name = expectedFolder(nzbUrl);
    const answer = addedForm.parse(
      await this.#sabnzbd({ mode: 'addurl', name: nzbUrl, cat: category, nzbname: name, output: 'json' }),
    );
    if (answer.status) return answer.nzo_ids[0];
    throw new Error(answer.error);
  }

  async history(wish: Readonly<Record<string, string>>): Promise<readonly HistorySlot[]> {
    return historyForm.parse(await this.#sabnzbd({ mode: 'history', ...wish })).history.slots;
  }

  /** Polls until the slot of this id is over. */
  untilOver(nzoId: string, category: AioStreamsCategory): Promise<HistorySlot> {
    return until(`${nzoId} is over`, async () => {
      const slots = await this.history({ nzo_ids: nzoId, category });
      return slots.find((slot) => slot.nzo_id === nzoId && /^(?:completed|failed)$/i.test(slot.status)) ?? null;
    });
  }

  /** Whether the folder it expects is there: `PROPFIND`, depth 0. */
  async isThere(nzbUrl: string, category: AioStreamsCategory): Promise<boolean> {
    try {
      const stat = (await this.#webdav.stat(`/complete/${category}/${expectedFolder(nzbUrl)}`)) as FileStat;
      return stat.type === 'directory';
    } catch (error) {
      if ((error as { status?: number }).status === 404) return false;
      throw error;
    }
  }

  /** Every file below a folder: `PROPFIND`, depth infinity. */
  async files(path: string): Promise<readonly FileStat[]> {
    const found = await this.#webdav.getDirectoryContents(path, { deep: true });
    return found.filter(({ type }) => type === 'file');
  }

  /** The folders of a folder: `PROPFIND`, depth 1. */
  async folders(path: string): Promise<readonly FileStat[]> {
    const found = await this.#webdav.getDirectoryContents(path);
    return found.filter(({ type }) => type === 'directory');
  }

  /** The second way, when our own API does not answer: add, poll, list; the addresses of the files, by name. */
  async playBySabnzbd(nzbUrl: string, category: AioStreamsCategory): Promise<ReadonlyMap<string, string>> {
    if (await this.isThere(nzbUrl, category)) {
      return this.addressesIn(`/complete/${category}/${expectedFolder(nzbUrl)}`);
    }
    const slot = await this.untilOver(await this.addUrl(nzbUrl, category), category);
    if (/^failed$/i.test(slot.status)) throw new Error(slot.fail_message);
    const folder = slot.storage === null ? slot.name : slot.storage.slice(slot.storage.lastIndexOf('/') + 1);
    return this.addressesIn(`/complete/${slot.category}/${folder}`);
  }

  async addressesIn(path: string): Promise<ReadonlyMap<string, string>> {
    const files = await this.files(path);
    return new Map(files.map(({ basename, filename }) => [basename, this.addressOf(filename)]));
  }

  /** With user and password in it, and the path as it stands. */
  addressOf(path: string): string {
    const { url, webdavUser, webdavPassword } = this.settings;
    const address = new URL(`${url}/webdav`);
    address.username = webdavUser;
    address.password = webdavPassword;
    return `${address.toString()}${path}`;
  }

  /** What it takes for our library: the folders of every category, and what failed. */
  async library(): Promise<readonly LibraryEntry[]> {
    const [slots, categories] = await Promise.all([this.history({ limit: '1000' }), this.folders('/complete')]);
    const folders = await Promise.all(categories.map(({ basename }) => this.folders(`/complete/${basename}`)));
    const listed = folders.flat().map(({ basename: name }): LibraryEntry => {
      const slot = slots.find((one) => one.name === name);
      return { name, status: slot?.status === 'Failed' ? 'failed' : 'cached', size: slot?.bytes ?? 0 };
    });
    const failed = slots.filter(({ status, name }) => status === 'Failed' && !listed.some((one) => one.name === name));
    return [...listed, ...failed.map(({ name, bytes }): LibraryEntry => ({ name, status: 'failed', size: bytes }))];
  }

  async #sabnzbd(wish: Readonly<Record<string, string>>): Promise<unknown> {
    const { url, apiKey } = this.settings;
    const query = new URLSearchParams({ ...wish, apikey: apiKey });
    const answer = await ask(`${url}/sabnzbd/api?${query.toString()}`, { headers: { 'x-api-key': apiKey } });
    return JSON.parse(answer.body.toString('utf8'));
  }
}

/** The last part of the address, as it names what it adds. */
export function expectedFolder(nzbUrl: string): string {
  const name = nzbUrl.slice(nzbUrl.lastIndexOf('/') + 1);
  return name.endsWith('.nzb') ? name.slice(0, -'.nzb'.length) : name;
}

/** What it knows a release by whose title says nothing: MD5 of its cleaned address. */
export function addressSum(cleanedUrl: string): string {
  return createHash('md5').update(cleanedUrl).digest('hex');
}
