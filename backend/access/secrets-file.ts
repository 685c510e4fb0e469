// The two keys of an installation: given by the settings, or made at first start and kept beside the data, readable by their
// owner alone. Knows nothing of what they are used for.

import { join } from 'node:path';
import { keyIn } from './key-file.js';

export interface Secrets {
  readonly apiKey: string;
  readonly secretKey: string;
  /** True when the API key was made just now: the one time to show it. */
  readonly isApiKeyNew: boolean;
  /** Where it can be read again; null when the settings gave it. */
  readonly apiKeyFile: string | null;
}

export interface LoadSecretsOptions {
  readonly dataDir: string;
  readonly apiKey?: string;
  readonly secretKey?: string;
}

const KEY_BYTES = 32;

/**
 * The keys, from `options`, else from the files `api-key` and `secret-key` in `dataDir`, else new ones that are written
 * there. @throws {ConfigError} when a file cannot be read or written, or is empty.
 */
export async function loadSecrets(options: LoadSecretsOptions): Promise<Secrets> {
  const apiKeyFile = options.apiKey === undefined ? join(options.dataDir, 'api-key') : null;
  const api = apiKeyFile === null ? { key: options.apiKey ?? '', isNew: false } : await keyIn(apiKeyFile, KEY_BYTES);
  const secretKey = options.secretKey ?? (await keyIn(join(options.dataDir, 'secret-key'), KEY_BYTES)).key;
  return { apiKey: api.key, secretKey, isApiKeyNew: api.isNew, apiKeyFile };
}
