// The settings of a run: where they come from, what is refused, and how it is said.

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { ConfigError, loadConfig, readConfig } from '../../../backend/platform/index.js';
import { variables } from '../../../backend/platform/config-schema.js';

function problemsOf(env: Record<string, string | undefined>, settings?: unknown): readonly string[] {
  try {
    loadConfig(env, settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('defaults', () => {
  it('config - has a value for everything that needs one', () => {
    expect(loadConfig({}, undefined, { isTerminal: false })).toMatchObject({
      port: 7000,
      host: '0.0.0.0',
      auth: 'key',
      trustedProxies: [],
      dataDir: resolve('data'),
      cacheDir: resolve('data/cache'),
      cacheMaxBytes: 20e9,
      logLevel: 'info',
      logFormat: 'json',
      linkGenerationTimeoutMs: 300_000,
      progressUpdateIntervalMs: 5000,
      maxWaitMs: 25_000,
      playHoldMs: 8000,
      playDeadlineMs: 50_000,
      prepareTimeoutMs: 120_000,
      streamStallTimeoutMs: 30_000,
      connectionLimit: 100,
      downloadLimitBytesPerSecond: 0,
      uploadLimitBytesPerSecond: 1e6,
      disableDiscovery: false,
      torrentPort: 0,
      torrentHost: '0.0.0.0',
      torrentIdleMs: 300_000,
      torrentPortMapping: false,
      readAheadBytes: 32e6,
      memoryCacheBytes: 128e6,
      nntpProviders: [],
      allowPrivateFetch: false,
      corsOrigins: [],
      warnings: [],
    });
  });

  it('config - leaves out what has no default', () => {
    const config = loadConfig({});
    for (const key of ['apiKey', 'secretKey', 'baseUrl', 'tlsCertFile', 'torrentProxy', 'trackersUrl']) {
      expect(config).not.toHaveProperty(key);
    }
    expect(config.trackers.length).toBeGreaterThan(2);
  });

  it('log format - follows the terminal unless it is set', () => {
    expect(loadConfig({}, undefined, { isTerminal: true }).logFormat).toBe('pretty');
    expect(loadConfig({ LOG_FORMAT: 'json' }, undefined, { isTerminal: true }).logFormat).toBe('json');
  });

  it('config - is frozen, its lists too', () => {
    const config = loadConfig({});
    expect(Object.isFrozen(config) && Object.isFrozen(config.trackers) && Object.isFrozen(config.warnings)).toBe(true);
  });
});

describe('precedence', () => {
  it('environment - wins over the settings file, which wins over the default', () => {
    const settings = { PORT: 7001, HOST: '127.0.0.1', TRACKERS: ['udp://t.example.org:80/a'], DISABLE_DISCOVERY: true };
    const config = loadConfig({ PORT: '7002' }, settings);
    expect(config).toMatchObject({
      port: 7002,
      host: '127.0.0.1',
      trackers: ['udp://t.example.org:80/a'],
      disableDiscovery: true,
    });
  });

  it('a blank value - counts as not set', () => {
    expect(loadConfig({ PORT: '  ' }, { PORT: null }).port).toBe(7000);
  });

  it('secret key - is also known by its other name, its own wins', () => {
    const [own, other] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(loadConfig({ SOURCE_SECURITY_KEY: other }).secretKey).toBe(other);
    expect(loadConfig({ SOURCE_SECURITY_KEY: other, SECRET_KEY: own }).secretKey).toBe(own);
    expect(loadConfig({ SOURCE_SECURITY_KEY: other }, { SECRET_KEY: own }).secretKey).toBe(other);
  });

  it('cache directory - lies in the data directory unless it is set', () => {
    expect(loadConfig({ DATA_DIR: '/srv/headstart' }).cacheDir).toBe('/srv/headstart/cache');
    expect(loadConfig({ CACHE_DIR: '/var/cache/h' }).cacheDir).toBe('/var/cache/h');
  });
});

describe('what is refused', () => {
  it('a wrong value - is named with its variable and what is allowed', () => {
    expect(problemsOf({ CACHE_MAX_BYTES: '10MB' })).toEqual([
      'CACHE_MAX_BYTES: "10MB" cannot be used (too small); allowed: a size such as 500MB, 20GB or 512MiB, at least 64MB',
    ]);
    expect(problemsOf({ AUTH: 'maybe' })[0]).toContain('allowed: key, none');
  });

  it('several wrong values - are all reported at once', () => {
    expect(problemsOf({ PORT: '70000', MAX_WAIT: 'soon', TRUSTED_PROXIES: '10.0.0.0/8, nobody' })).toEqual([
      expect.stringContaining('PORT: "70000"'),
      expect.stringMatching(/^TRUSTED_PROXIES: .*entry 2/),
      expect.stringContaining('MAX_WAIT: "soon"'),
    ]);
  });

  it('error - carries the exit code of a configuration error', () => {
    expect(new ConfigError([]).exitCode).toBe(78);
  });

  it.each([
    ['SECRET_KEY', 'short-but-secret'],
    ['SOURCE_SECURITY_KEY', 'short-but-secret'],
    ['API_KEY', 'secret with blanks'],
    ['TORRENT_PROXY', 'socks5://user:secret@host'],
    ['TRACKERS', 'ftp://tracker.example.org/secret/announce'],
    ['TRACKERS_URL', 'ftp://example.org/?key=secret'],
    ['INDEXERS', 'torznab+https://indexer.example.org/?key=secret&apikey=secret-%zz'],
    ['METADATA_URL', 'https://meta.example.org/secret/?key=secret'],
    ['NNTP_PROVIDERS', 'nntps://user:secret@news.example.org/?depth=100'],
  ])('secret value of %s - is never repeated', (name, value) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toContain('secret-');
    expect(problems[0]).not.toContain(value);
    expect(problems[0]).not.toMatch(/:secret@|key=secret|\/secret\//);
  });

  it('no keys - only where nobody else can reach it', () => {
    expect(problemsOf({ AUTH: 'none' })[0]).toContain('loopback');
    expect(problemsOf({ AUTH: 'none', HOST: '192.168.1.2' })[0]).toContain('192.168.1.2');
    for (const HOST of ['127.0.0.1', '::1', 'localhost', '[::1]'])
      expect(loadConfig({ AUTH: 'none', HOST }).auth).toBe('none');
  });

  it('certificate - needs its key', () => {
    expect(problemsOf({ TLS_CERT: 'cert.pem' })[0]).toContain('TLS_KEY');
    expect(loadConfig({ TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' })).toMatchObject({
      tlsCertFile: 'cert.pem',
      tlsKeyFile: 'key.pem',
    });
  });

  it('settings file of another shape - is one problem', () => {
    expect(problemsOf({}, ['PORT'])).toHaveLength(1);
    expect(problemsOf({}, { PORT: { number: 1 } })).toHaveLength(1);
  });
});

describe('what is only warned about', () => {
  it('short API key - is accepted with a warning that does not repeat it', () => {
    const { warnings, apiKey } = loadConfig({ API_KEY: 'letmein' });
    expect(apiKey).toBe('letmein');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).not.toContain('letmein');
  });

  it('unknown names in the settings file - are ignored with a warning', () => {
    expect(loadConfig({}, { PROT: 7001 }).warnings).toEqual([expect.stringContaining('PROT')]);
  });
});

describe('values with several forms', () => {
  it('private addresses - all, none, or networks', () => {
    expect(loadConfig({ ALLOW_PRIVATE_FETCH: 'true' }).allowPrivateFetch).toBe(true);
    expect(loadConfig({ ALLOW_PRIVATE_FETCH: '0' }).allowPrivateFetch).toBe(false);
    expect(loadConfig({ ALLOW_PRIVATE_FETCH: '10.0.0.0/8 ::1' }).allowPrivateFetch).toEqual(['10.0.0.0/8', '::1/128']);
    expect(problemsOf({ ALLOW_PRIVATE_FETCH: 'lan' })).toHaveLength(1);
  });

  it('upload limit - a plain number means MB/s, 0 means none', () => {
    expect(loadConfig({ CONTENT_UPLOAD_LIMIT: '2.5' }).uploadLimitBytesPerSecond).toBe(2.5e6);
    expect(loadConfig({ CONTENT_UPLOAD_LIMIT: '20MB' }).uploadLimitBytesPerSecond).toBe(20e6);
    expect(loadConfig({ CONTENT_UPLOAD_LIMIT: '0' }).uploadLimitBytesPerSecond).toBe(0);
  });

  it('trackers - none is an empty list', () => {
    expect(loadConfig({ TRACKERS: 'none' }).trackers).toEqual([]);
    expect(loadConfig({ TRACKERS: 'udp://127.0.0.1:6969' }).trackers).toEqual(['udp://127.0.0.1:6969']);
  });

  it('proxy - is a SOCKS5 address with a port', () => {
    expect(loadConfig({ TORRENT_PROXY: 'socks5://u:p@127.0.0.1:1080' }).torrentProxy).toBe(
      'socks5://u:p@127.0.0.1:1080',
    );
    for (const value of ['http://127.0.0.1:1080', 'socks5://127.0.0.1', '127.0.0.1:1080'])
      problemsOf({ TORRENT_PROXY: value });
  });

  it('whatever the values are - either a config or a ConfigError', () => {
    const names = Object.values(variables).map(({ name }) => name);
    const env = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(fc.string(), fc.webUrl(), fc.ipV4(), fc.nat().map(String)),
    );
    fc.assert(
      fc.property(env, (values) => {
        try {
          loadConfig(values);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('settings file', () => {
  let dataDir = '';

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'headstart-config-'));
  });

  afterEach(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  it('settings.json in DATA_DIR - is read when it is there', async () => {
    expect((await readConfig({ DATA_DIR: dataDir })).port).toBe(7000);
    await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ PORT: '7003' }));
    expect((await readConfig({ DATA_DIR: dataDir })).port).toBe(7003);
  });

  it('settings.json that is no JSON - is a ConfigError that names the file', async () => {
    await writeFile(join(dataDir, 'settings.json'), '{"PORT":');
    await expect(readConfig({ DATA_DIR: dataDir })).rejects.toThrow(/settings\.json is not JSON/);
  });

  it('library - kept for ever unless a time is set; an export has a folder', () => {
    expect(loadConfig({})).toMatchObject({ libraryTtlMs: 0 });
    expect(loadConfig({}).exportDir).toBeUndefined();
    const set = loadConfig({ LIBRARY_TTL: '90d', EXPORT_DIR: 'films' });
    expect(set).toMatchObject({ libraryTtlMs: 90 * 86_400e3, exportDir: resolve('films'), warnings: [] });
  });
});
