// `npm start`: reads the settings, starts the server, says where it is, and stops it in order on SIGINT or SIGTERM.
// Knows nothing of how the server is put together.

import { startServer } from '../addon/server.js';
import { ConfigError, readConfig } from '../backend/platform/index.js';

/** A start or stop that hangs is ended by force after this; open streams get that long to finish. */
const STOP_TIMEOUT_MS = 15_000;

const usage = `usage: npm start
Starts Headstart. Settings come from the environment and DATA_DIR/settings.json; headstart.env.example lists them all.
`;

type RunningServer = Awaited<ReturnType<typeof startServer>>;

function greeting(server: RunningServer): string {
  const { webdav } = server;
  const key = shownOnce(server.apiKey, { isNew: server.isApiKeyNew, file: server.apiKeyFile, variable: 'API_KEY' });
  const password = shownOnce(webdav.password, {
    isNew: webdav.isNew,
    file: webdav.passwordFile,
    variable: 'WEBDAV_PASSWORD',
  });
  return [
    '',
    `  Manifest  ${server.manifestUrl}`,
    `  Install   ${server.manifestUrl.replace(/^https?:/, 'stremio:')}`,
    `  Web page  ${server.pageUrl}`,
    server.isOpen ? '  API key   not needed (AUTH=none)' : `  API key   ${key}`,
    `  WebDAV    ${server.webdavUrl}`,
    ...(server.isOpen ? [] : [`  … user    ${webdav.user}, password ${password}`]),
    '',
    '',
  ].join('\n');
}

function shownOnce(
  secret: string,
  o: { readonly isNew: boolean; readonly file: string | null; readonly variable: string },
): string {
  const where = o.file === null ? `from ${o.variable}` : `kept in ${o.file}`;
  return `${o.isNew ? `${secret} (shown this once)` : 'unchanged'}, ${where}`;
}

function stopOnSignal(server: RunningServer): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) process.exit(1); // asked twice: the person does not want to wait
    isStopping = true;
    process.stdout.write('\n  Stopping: open streams get a few seconds. Once more to stop at once.\n');
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    server.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  try {
    const server = await startServer(await readConfig());
    stopOnSignal(server);
    process.stdout.write(greeting(server));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof ConfigError ? error.exitCode : 1);
  }
}

await main();
