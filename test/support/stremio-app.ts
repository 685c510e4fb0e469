// Stremio's own core (the wasm of its web app) in plain Node: what it installs, loads and keeps is what users see. It wants
// a worker's global scope; that is made up here, with storage in memory and a network that ends at the addon under test.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

interface CoreModule {
  default(options: { module_or_path: Uint8Array }): Promise<unknown>;
  initialize_runtime(onEvent: (event: CoreEvent) => void): Promise<unknown>;
  dispatch(action: unknown, field: string | null, locationHash: string): void;
  get_state(field: string): unknown;
}

/** `NewState` names the models that changed. */
interface CoreEvent {
  readonly name: string;
  readonly args: unknown;
}

/** A stream as core kept it. */
export interface CoreStream {
  readonly name?: string;
  readonly description?: string;
  readonly url?: string;
  readonly externalUrl?: string;
  readonly behaviorHints?: Readonly<Record<string, unknown>>;
  readonly subtitles?: readonly { readonly url: string; readonly lang: string }[];
}

type Loadable<T> =
  { readonly type: 'Loading' | 'Err'; readonly content?: unknown } | { readonly type: 'Ready'; readonly content: T };

interface FromAddon<T> {
  readonly content: Loadable<T> | null;
  readonly addon?: { readonly transportUrl: string };
}

interface MetaDetails {
  readonly metaItem: FromAddon<{
    readonly name: string;
    readonly videos: readonly { readonly id: string; readonly title: string }[];
  }> | null;
  readonly streams: readonly FromAddon<readonly CoreStream[]>[];
}

/** Subtitles as core hands them to the player, under an id of its own. */
export interface CoreSubtitle {
  readonly url: string;
  readonly lang: string;
}

/** What the player tells of a video once it has it. */
export interface CoreVideo {
  readonly hash: string | null;
  readonly size: number | null;
  readonly filename: string | null;
}

interface CatalogState {
  readonly catalog: { readonly content: Loadable<readonly { readonly id: string; readonly name: string }[]> } | null;
}

const DEADLINE_MS = 120_000;
const load = createRequire(import.meta.url);

/** One core for one test file: its globals are the process's. */
export class StremioApp {
  #onState: () => void = () => undefined;
  /** Addresses that core asked for and was refused. */
  readonly refused: string[] = [];

  private readonly module: CoreModule;

  private constructor(private readonly origin: string) {
    this.#prepareGlobals();
    // It looks at the globals while it is loaded.
    this.module = load('@stremio/stremio-core-web') as CoreModule;
  }

  /** Boots core; only `origin` is reachable for it. */
  static async boot(origin: string): Promise<StremioApp> {
    const core = new StremioApp(origin);
    const wasm = await readFile(load.resolve('@stremio/stremio-core-web/stremio_core_web_bg.wasm'));
    await core.module.default({ module_or_path: wasm });
    await core.module.initialize_runtime((event) => {
      if (event.name === 'NewState') core.#onState();
    });
    return core;
  }

  /** Fetches the manifest as the web app does, and installs it. Rejects when core does not accept it. */
  async install(manifestUrl: string): Promise<{ readonly manifest: Readonly<Record<string, unknown>> }> {
    this.#dispatch({ action: 'Load', args: { model: 'AddonDetails', args: { transportUrl: manifestUrl } } });
    interface Details {
      readonly remoteAddon: { readonly content: Loadable<{ readonly manifest: Record<string, unknown> }> } | null;
    }
    const loaded = await this.#until(() => {
      const content = (this.module.get_state('addon_details') as Details).remoteAddon?.content;
      return content === undefined || content.type === 'Loading' ? null : content;
    });
    if (loaded.type !== 'Ready') throw new Error(`core refused the manifest: ${JSON.stringify(loaded)}`);
    this.#dispatch({ action: 'Ctx', args: { action: 'InstallAddon', args: loaded.content } });
    interface Context {
      readonly profile: { readonly addons: readonly { readonly transportUrl: string }[] };
    }
    await this.#until(() => {
      const { addons } = (this.module.get_state('ctx') as Context).profile;
      return addons.some(({ transportUrl }) => transportUrl === manifestUrl) ? true : null;
    });
    return loaded.content;
  }

  /** The streams core keeps for a video, of this addon alone. Rejects when it could not read the answer. */
  async streams(type: string, metaId: string, videoId = metaId): Promise<readonly CoreStream[]> {
    this.#loadMeta(type, metaId, videoId);
    const found = await this.#until(() => this.#ready((this.module.get_state('meta_details') as MetaDetails).streams));
    return found;
  }

  /** The subtitles core gets of this addon for a stream that plays, and has told of itself what `video` says. */
  async subtitles(type: string, id: string, stream: CoreStream, video: CoreVideo): Promise<readonly CoreSubtitle[]> {
    const subtitlesPath = { resource: 'subtitles', type, id, extra: [] };
    const selected = { stream, streamRequest: null, metaRequest: null, subtitlesPath };
    this.#dispatch({ action: 'Load', args: { model: 'Player', args: selected } }, 'player');
    const told = { action: 'VideoParamsChanged', args: { videoParams: video } };
    this.#dispatch({ action: 'Player', args: told }, 'player');
    interface Player {
      readonly subtitles: readonly CoreSubtitle[];
    }
    return this.#until(() => {
      const { subtitles } = this.module.get_state('player') as Player;
      return subtitles.length === 0 ? null : subtitles;
    });
  }

  /** The page core shows for an id of this addon, with the streams of one of its videos. */
  async meta(
    type: string,
    id: string,
  ): Promise<{ readonly name: string; readonly videos: readonly { readonly id: string; readonly title: string }[] }> {
    this.#loadMeta(type, id, id);
    return this.#until(() => {
      const { metaItem } = this.module.get_state('meta_details') as MetaDetails;
      return metaItem === null ? null : this.#ready([metaItem]);
    });
  }

  /** Items of a catalog, as Discover lists them. */
  async catalog(
    manifestUrl: string,
    type: string,
    id: string,
  ): Promise<readonly { readonly id: string; readonly name: string }[]> {
    const request = { base: manifestUrl, path: { resource: 'catalog', type, id, extra: [] } };
    this.#dispatch({ action: 'Load', args: { model: 'CatalogWithFilters', args: { request } } }, 'discover');
    return this.#until(() => {
      const page = (this.module.get_state('discover') as CatalogState).catalog?.content;
      if (page === undefined || page.type === 'Loading') return null;
      if (page.type !== 'Ready') throw new Error(`core could not read the catalog: ${JSON.stringify(page)}`);
      return page.content;
    });
  }

  #loadMeta(type: string, metaId: string, videoId: string): void {
    const metaPath = { resource: 'meta', type, id: metaId, extra: [] };
    const streamPath = { resource: 'stream', type, id: videoId, extra: [] };
    this.#dispatch({ action: 'Unload' }, 'meta_details');
    this.#dispatch({
      action: 'Load',
      args: { model: 'MetaDetails', args: { metaPath, streamPath, guessStream: true } },
    });
  }

  #ready<T>(groups: readonly FromAddon<T>[]): T | null {
    const own = groups.find(({ addon }) => addon?.transportUrl.startsWith(this.origin));
    const content = own?.content;
    if (content === undefined || content === null || content.type === 'Loading') return null;
    if (content.type !== 'Ready') throw new Error(`core could not read the answer: ${JSON.stringify(content)}`);
    return content.content;
  }

  #dispatch(action: unknown, field: string | null = null): void {
    this.module.dispatch(action, field, '');
  }

  /** Looks again after every change of state. */
  async #until<T>(look: () => T | null): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        const again = (): void => {
          try {
            const found = look();
            if (found !== null) resolve(found);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        timer = setTimeout(() => reject(new Error('core did not come to an end in time')), DEADLINE_MS);
        // Core tells of a change before it may be asked for it.
        this.#onState = () => setImmediate(again);
        again();
      });
    } finally {
      clearTimeout(timer);
      this.#onState = () => undefined;
    }
  }

  #prepareGlobals(): void {
    const scope = globalThis as Record<string, unknown>;
    const kept = new Map<string, string>();
    const { fetch, setTimeout: later, setInterval: every } = globalThis;
    // It tells of every request that was refused, which here is most of them.
    Object.assign(console, { log: () => undefined, error: () => undefined });
    class WorkerGlobalScope {
      static [Symbol.hasInstance](value: unknown): boolean {
        return value === globalThis;
      }
    }
    Object.assign(scope, {
      self: globalThis,
      WorkerGlobalScope,
      document: { baseURI: this.origin },
      app_version: '5.0.0',
      // Its own timers must not keep the tests from ending.
      setTimeout: (run: () => void, ms?: number) => later(run, ms).unref(),
      setInterval: (run: () => void, ms?: number) => every(run, ms).unref(),
      get_location_hash: async () => '',
      local_storage_get_item: async (key: string) => kept.get(key) ?? null,
      local_storage_set_item: async (key: string, value: string) => void kept.set(key, value),
      local_storage_remove_item: async (key: string) => void kept.delete(key),
      fetch: async (request: Request) => {
        if (request.url.startsWith(`${this.origin}/`)) return fetch(request);
        this.refused.push(request.url);
        throw new TypeError('refused in tests');
      },
    });
  }
}
