// Listens: puts the backend's dialects and the Stremio face on one port, and takes them down again in order.

import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express, NextFunction, Request, Response } from 'express';
import express from 'express';
import { z } from 'zod';
import type { Backend, BackendParts } from '../backend/index.js';
import { createApiRoutes, createBackend } from '../backend/index.js';
import { NotFoundError } from '../backend/content/index.js';
import { sendError } from '../backend/delivery/index.js';
import type { Config } from '../backend/platform/index.js';
import { ConfigError } from '../backend/platform/index.js';
import type { Preferences } from '../manifest/index.js';
import { createAddonRoutes, formatManifestUrl } from './index.js';
import { isSignedIn } from './pages/signed-in.js';

/** A server that listens. */
export interface HeadstartServer {
  readonly manifestUrl: string;
  readonly pageUrl: string;
  readonly apiKey: string;
  readonly apiKeyFile: string | null;
  readonly isApiKeyNew: boolean;
  /** Who mounts the library. */
  readonly webdav: Pick<Backend['webdav']['account'], 'user' | 'password' | 'passwordFile' | 'isNew'>;
  readonly webdavUrl: string;
  /** Nobody needs a key (`AUTH=none`). */
  readonly isOpen: boolean;
  readonly backend: Backend;
  /** Stops taking requests, gives open streams a moment, closes everything. Idempotent. */
  close(): Promise<void>;
}

/** Open streams get this long to end by themselves when the server stops. */
const DRAIN_MS = 3000;
/** Slow or silent clients: a request's headers must be here by then (an idle connection is kept longer). */
const HEADERS_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_MS = 65_000;

/** Builds everything and listens. @throws {ConfigError} for settings that cannot be used, a taken port included */
export async function startServer(config: Config, parts: BackendParts = {}): Promise<HeadstartServer> {
  const packageDir = findPackageDir();
  const version = await readVersion(packageDir);
  const backend = await createBackend(config, { version, ...parts });
  for (const warning of config.warnings) backend.log.warn(warning);
  try {
    const server = await createHttpServer(config, createApp(backend, { packageDir, version }));
    await listen(server, config);
    const origin = config.baseUrl ?? originOf(server, config);
    backend.listening(origin);
    const { apiKey, apiKeyFile, isApiKeyNew } = backend.secrets;
    return {
      manifestUrl: formatManifestUrl({ origin, addonKey: backend.access.addonKey }),
      pageUrl: `${origin}/configure`,
      apiKey,
      apiKeyFile,
      isApiKeyNew,
      webdav: backend.webdav.account,
      webdavUrl: `${origin}/webdav/`,
      isOpen: backend.access.isOpen,
      backend,
      close: closer(server, backend),
    };
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function readVersion(packageDir: string): Promise<string> {
  const packageJson: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'));
  return z.object({ version: z.string() }).parse(packageJson).version;
}

interface PackageFacts {
  readonly version: string;
  readonly packageDir: string;
}

function createApp(backend: Backend, { version, packageDir }: PackageFacts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const manifestUrlOf = (req: Request): string =>
    formatManifestUrl({ origin: backend.originOf(req), addonKey: backend.access.addonKey });
  // Whoever looks at streams is about to play one.
  app.use('/stremio/:key/stream', (req, _res, next) => {
    if (backend.access.isAddonKey(req.params.key)) backend.torrents.warm();
    next();
  });
  const isAdmin = (req: Request): boolean => isSignedIn(req, backend.access);
  app.use(createApiRoutes(backend, { version, manifestUrlOf, isSignedIn: isAdmin }));
  const preferences = (): Preferences => backend.preferences.get();
  const keepPreferences = (wanted: Preferences): void => backend.preferences.set(wanted);
  app.use(createAddonRoutes({ ...backend, preferences, keepPreferences, version, packageDir }));
  app.use((_req: Request, res: Response) => {
    sendError(res, new NotFoundError('There is nothing at this address.'));
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    backend.log.error({ err: error, path: req.path }, 'A request failed');
    if (res.headersSent) res.destroy();
    else sendError(res, error);
  });
  return app;
}

async function createHttpServer(config: Config, app: Express): Promise<Server> {
  const { tlsCertFile, tlsKeyFile } = config;
  const timeouts = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };
  if (tlsCertFile === undefined || tlsKeyFile === undefined) return createServer(timeouts, app);
  const [cert, key] = await Promise.all([readPem('TLS_CERT', tlsCertFile), readPem('TLS_KEY', tlsKeyFile)]);
  try {
    return createSecureServer({ ...timeouts, cert, key }, app);
  } catch (error) {
    throw new ConfigError([`TLS_CERT, TLS_KEY: they do not fit together (${(error as Error).message})`]);
  }
}

async function readPem(variable: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new ConfigError([
      `${variable}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    ]);
  }
}

function listen(server: Server, config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'something else listens there already' : (error.code ?? error.message);
      reject(new ConfigError([`HOST, PORT: cannot listen on ${config.host} port ${config.port} (${why})`]));
    });
    server.listen(config.port, config.host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** The address people on this machine can use; others use the name they reach it by. */
function originOf(server: Server, config: Config): string {
  const { port } = server.address() as AddressInfo;
  const scheme = config.tlsCertFile === undefined ? 'http' : 'https';
  const isEverywhere = config.host === '0.0.0.0' || config.host === '::';
  const host = isEverywhere ? '127.0.0.1' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `${scheme}://${host}:${port}`;
}

function closer(server: Server, backend: Backend): () => Promise<void> {
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const drained = await Promise.race([ended.then(() => true), backend.clock.sleep(DRAIN_MS, {}).then(() => false)]);
    if (!drained) server.closeAllConnections();
    await backend.close();
    await ended;
  };
  return () => (closing ??= close());
}

/** The folder of package.json: this file runs from the sources and from the build. */
function findPackageDir(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
