// The settings of one run: environment over settings file over default, parsed once, frozen. The only file that reads the
// environment. What each variable is, and how it is documented, stands in config-schema.ts.

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../content/index.js';
import { variables, variableFor } from './config-schema.js';
import type { Variable } from './config-schema.js';
import { isLoopbackHost } from './config-values.js';
import type { NntpProvider } from './nntp-providers.js';
import type { Settings } from './settings.js';

/** All settings, frozen. Times in ms, sizes in bytes, directories absolute. */
export interface Config extends Settings {
  /** Where disposable bytes live; `<dataDir>/cache` unless set. */
  readonly cacheDir: string;
  readonly logFormat: 'pretty' | 'json';
  /** Sentences for the person who starts the server, to be logged once. */
  readonly warnings: readonly string[];
}

/** Names and values, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  /** Whether somebody looks at standard output: decides the default of `LOG_FORMAT`. Default: asks standard output. */
  readonly isTerminal?: boolean;
}

/** The settings cannot be used. `problems` holds one sentence each: variable, value (never a secret one), what is allowed. */
export class ConfigError extends InputError {
  /** What the process should exit with (sysexits.h, EX_CONFIG). */
  readonly exitCode = 78;

  constructor(readonly problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`, {
      code: 'CONFIG',
    });
  }
}

/** Settings of the field that this version cannot honour. Who sets `VPN_CHECK` counts on being protected: that is no warning. */
const NOT_YET = ['REAL_DEBRID_API_KEY', 'TORBOX_API_KEY'];

/** A key or password shorter than this is warned about. */
const SHORT_KEY_LENGTH = 20;

const settingsFile = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]),
);

type SettingsFile = z.infer<typeof settingsFile>;

/**
 * Settings from the environment, then from `settings` (the parsed settings file: variable names to values), then the
 * defaults. A blank value counts as not set. @throws {ConfigError} with every problem at once.
 */
export function loadConfig(env: Environment, settings?: unknown, options: LoadConfigOptions = {}): Config {
  const problems: string[] = [];
  const warnings: string[] = [];
  const file = checkSettingsFile(settings, problems, warnings);
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries<Variable<unknown>>(variables)) {
    const text = textOf(variable, env, file);
    if (text === undefined) continue;
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[key] = freeze(parsed.data);
    else problems.push(describeProblem(variable, text, parsed.error));
  }
  checkUnsupported(env, problems, warnings);
  if (problems.length > 0) throw new ConfigError(problems);
  // Each key was parsed by the schema that `variables` ties to its type.
  return complete(values as unknown as Settings, warnings, options);
}

/** `loadConfig` of this process: its environment, and `settings.json` in `DATA_DIR` when there is one. @throws {ConfigError} */
export async function readConfig(env: Environment = process.env): Promise<Config> {
  const { dataDir } = loadConfig({ DATA_DIR: env['DATA_DIR'] });
  return loadConfig(env, await readSettings(join(dataDir, 'settings.json')));
}

async function readSettings(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ConfigError([`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError([`${path} is not JSON; allowed: an object of variable names and values, or no file at all`]);
  }
}

function checkSettingsFile(settings: unknown, problems: string[], warnings: string[]): SettingsFile {
  const parsed = settingsFile.safeParse(settings ?? {});
  if (!parsed.success) {
    problems.push('settings.json: allowed is an object of variable names and texts, numbers, yes/no values or lists');
    return {};
  }
  for (const name of Object.keys(parsed.data)) {
    if (!variableFor(name)) warnings.push(`settings.json: ${name} is not a setting known here; it is ignored.`);
  }
  return parsed.data;
}

function checkUnsupported(env: Environment, problems: string[], warnings: string[]): void {
  const check = env['VPN_CHECK']?.trim() ?? '';
  if (check !== '' && check !== 'off') problems.push('VPN_CHECK: there is no VPN guard in this version; allowed: off');
  for (const name of NOT_YET) {
    if ((env[name] ?? '') !== '') warnings.push(`${name} is set, but this version does nothing with it.`);
  }
}

function textOf(variable: Variable<unknown>, env: Environment, file: SettingsFile): string | undefined {
  const names = [variable.name, ...variable.aliases];
  const candidates = [...names.map((name) => env[name]), ...names.map((name) => textOfSetting(file[name]))];
  return candidates.find((text) => text !== undefined && text.trim() !== '') ?? variable.default;
}

function textOfSetting(value: SettingsFile[string] | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(' ') : String(value);
}

function describeProblem(variable: Variable<unknown>, text: string, error: z.ZodError): string {
  const shown = variable.isSecret ? 'this value (not shown, it is a secret)' : JSON.stringify(text.slice(0, 120));
  const detail = error.issues[0]?.message ?? '';
  return `${variable.name}: ${shown} cannot be used${detail === '' ? '' : ` (${detail})`}; allowed: ${variable.allowed}`;
}

function complete(values: Settings, warnings: string[], options: LoadConfigOptions): Config {
  const problems: string[] = [];
  if (values.auth === 'none' && !isLoopbackHost(values.host)) {
    problems.push(
      `AUTH: "none" is allowed only when HOST is a loopback address (127.0.0.1, ::1, localhost); HOST is "${values.host}"`,
    );
  }
  if ((values.tlsCertFile === undefined) !== (values.tlsKeyFile === undefined)) {
    problems.push('TLS_CERT, TLS_KEY: one is set without the other; allowed: both or neither');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  warnings.push(...shortnessOf('API_KEY', values.apiKey), ...shortnessOf('WEBDAV_PASSWORD', values.webdavPassword));
  for (const provider of values.nntpProviders) warnings.push(...providerWarnings(provider));
  const isTerminal = options.isTerminal ?? process.stdout.isTTY === true;
  const dataDir = resolve(values.dataDir);
  return Object.freeze({
    ...values,
    dataDir,
    cacheDir: values.cacheDir === undefined ? join(dataDir, 'cache') : resolve(values.cacheDir),
    ...(values.exportDir === undefined ? {} : { exportDir: resolve(values.exportDir) }),
    logFormat: values.logFormat ?? (isTerminal ? ('pretty' as const) : ('json' as const)),
    warnings: Object.freeze(warnings),
  });
}

function shortnessOf(name: string, key: string | undefined): readonly string[] {
  if (key === undefined || key.length >= SHORT_KEY_LENGTH) return [];
  return [`${name} is short: ${SHORT_KEY_LENGTH} random characters or more are hard to guess.`];
}

/** What somebody on the way to this server could do. */
function providerWarnings({ host, isInsecure, isTls, password }: NntpProvider): readonly string[] {
  if (isLoopbackHost(host)) return [];
  if (isTls) return isInsecure ? [`NNTP_PROVIDERS: the certificate of ${host} is not checked (insecure=1).`] : [];
  return password === undefined ? [] : [`NNTP_PROVIDERS: the password for ${host} is sent without TLS.`];
}

function freeze(value: unknown): unknown {
  return Array.isArray(value) ? Object.freeze(value) : value;
}
