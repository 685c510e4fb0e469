// The clients a user would write from the preparation API's page, run as they are.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UpstreamError } from '../../backend/content/index.js';
import { fakeBytes, fakeInfoHash, torrentRelease } from '../support/fake-engine.js';
import { sha256 } from '../support/http.js';
import { API_KEY, startPrepareApi, type PrepareApi } from '../support/prepare-harness.js';
import { until } from '../support/until.js';

const folder = fileURLToPath(new URL('../support/clients/', import.meta.url));
const film = torrentRelease('a film for clients', [
  ['film, the.mkv', 700_000],
  ['other.mkv', 90_000],
]);

const clients: [string, string, string][] = [
  ['bash', 'bash', 'play.sh'],
  ['JavaScript', 'node', 'play.mjs'],
  ['Python', 'python3', 'play.py'],
];

let api: PrepareApi;

beforeAll(async () => {
  api = await startPrepareApi();
});

afterAll(async () => {
  await api.close();
});

interface Outcome {
  readonly code: number | null;
  readonly output: Buffer;
  readonly told: string;
}

async function run(command: string, script: string, ...args: string[]): Promise<Outcome> {
  const child = spawn(command, [folder + script, api.origin, API_KEY, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: Buffer.concat(output), told };
}

describe('clients', () => {
  it.each(clients)('clients - the %s client prepares, polls and plays', async (name, command, script) => {
    // A title of its own for each, not known before: one poll finds it under way, a later one ready.
    const own = torrentRelease(`a film for ${name}`, [['film, the.mkv', 700_000]]);
    const running = run(command, script, own.contentId);
    const resolving = await until('it asks', () => api.engine.resolving.shift() ?? null);
    await until('it polls', () => (api.jobs.list().some(({ contentId }) => contentId === own.contentId) ? true : null));
    resolving.resolve(own);
    const preparing = await until('it is prepared', () => api.engine.preparing.shift() ?? null);
    preparing.resolve(api.engine.prepared(own, own.files[0]!));
    const { code, output, told } = await running;
    expect([code, sha256(output)]).toEqual([0, sha256(fakeBytes(own, own.files[0]!))]);
    expect(told).toContain('100% Stream ready via p2p');
  });

  it.each(clients)('clients - the %s client names the file by its index', async (_name, command, script) => {
    api.library.remember(film);
    api.engine.isInstant = true;
    const { output } = await run(command, script, film.contentId, '1');
    api.engine.isInstant = false;
    expect(sha256(output)).toBe(sha256(fakeBytes(film, film.files[1]!)));
  });

  it.each(clients)('clients - the %s client says why it failed', async (name, command, script) => {
    const running = run(command, script, fakeInfoHash(`dead ${name}`));
    const resolving = await until('it asks', () => api.engine.resolving.shift() ?? null);
    resolving.reject(new UpstreamError('it broke'));
    const { code, told } = await running;
    expect(code).not.toBe(0);
    expect(told).toContain('it broke');
  });
});
