// Stremio's own core (the web app's, in WebAssembly) in a process of its own: installs an addon, opens a title, prints what
// the app would have. Plain JavaScript, because the package wants the globals of a browser's worker.
// usage: node stremio-core.mjs <manifest url> <type> <id>
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [manifestUrl, type, id] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const storage = new Map();
const plainFetch = globalThis.fetch;
const asked = [];

/** What the core believes it runs in. */
class WorkerGlobalScope {
  static [Symbol.hasInstance](value) {
    return value === globalThis;
  }
}

/** What the core says of servers that are not to be had is no news here. */
Object.assign(globalThis.console, { warn: () => undefined, error: () => undefined });
Object.assign(globalThis, {
  self: globalThis,
  WorkerGlobalScope,
  location: { href: 'http://127.0.0.1/', hash: '' },
  document: { baseURI: 'http://127.0.0.1/' },
  app_version: '5.0.0',
  shell_version: null,
  get_location_hash: async () => '',
  local_storage_get_item: async (key) => storage.get(key) ?? null,
  local_storage_set_item: async (key, value) => void storage.set(key, value),
  local_storage_remove_item: async (key) => void storage.delete(key),
  // The core also asks Stremio's servers and the official addons; in a test they are not to be had.
  fetch: async (input) => {
    const url = typeof input === 'string' ? input : input.url;
    if (!url.startsWith(new URL(manifestUrl).origin)) throw new TypeError('offline');
    asked.push(url);
    return plainFetch(input);
  },
});
const core = require('@stremio/stremio-core-web');
const wasm = require.resolve('@stremio/stremio-core-web/stremio_core_web_bg.wasm');
await core.default(readFileSync(wasm));

const events = [];
let wake = () => undefined;
await core.initialize_runtime((event) => {
  events.push(event);
  wake();
});

async function until(look) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (Date.now() > deadline) return null;
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, 50);
    });
  }
}

const manifest = await (await plainFetch(manifestUrl)).json();
const addon = { transportUrl: manifestUrl, manifest, flags: { official: false, protected: false } };
core.dispatch({ action: 'Ctx', args: { action: 'InstallAddon', args: addon } }, null, '');
const installed = await until(() =>
  core.get_state('ctx').profile.addons.find((candidate) => candidate.transportUrl === manifestUrl),
);

const streamPath = { resource: 'stream', type, id, extra: [] };
const metaPath = { resource: 'meta', type, id, extra: [] };
core.dispatch(
  { action: 'Load', args: { model: 'MetaDetails', args: { metaPath, streamPath, guessStream: true } } },
  'meta_details',
  '',
);
const loaded = await until(() => {
  const ours = core.get_state('meta_details').streams.filter((group) => group.addon.transportUrl === manifestUrl);
  return ours.length > 0 && ours.every((group) => group.content.type !== 'Loading') ? ours : null;
});
process.stdout.write(JSON.stringify({ isInstalled: Boolean(installed), groups: loaded ?? [], asked }));
process.exit(0);
