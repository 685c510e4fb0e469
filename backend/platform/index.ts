// What the process stands on: settings, log, clock, sealing, and the one guarded way out to the network. Knows no room of
// the house but the shared words. Holds no state at import; the environment is read in config.ts alone. Every outbound
// request for an address that a user gave goes through HttpClient, or through resolveAllowed where it is not HTTP.

export type { BufferPoolOptions } from './buffer-pool.js';
export type { Clock, Timer } from './clock.js';
export type { Config, Environment, LoadConfigOptions } from './config.js';
export type { Variable } from './config-schema.js';
export type {
  HttpClient,
  HttpClientOptions,
  HttpGetOptions,
  HttpResponse,
  HttpStream,
  HttpStreamOptions,
} from './http-client.js';
export type { IndexerKind } from './indexer-address.js';
export type { IndexerAddress } from './indexer-addresses.js';
export type { Logger, LoggerOptions } from './logger.js';
export type { NntpProvider } from './nntp-providers.js';
export type { LogLevel } from './settings.js';
export type { Steps } from './steps.js';

export { mapAtMost } from './at-most.js';
export { AddressPolicy } from './address-policy.js';
export { resolveAllowed } from './address-resolver.js';
export { BufferPool } from './buffer-pool.js';
export { systemClock } from './clock.js';
export { ConfigError, loadConfig, readConfig } from './config.js';
export { formatConfigTable, formatEnvExample } from './config-table.js';
export { createHttpClient } from './http-client.js';
export { INDEXER_KINDS, isIndexerKey, MAX_INDEXER_ADDRESS_LENGTH, parseIndexerAddress } from './indexer-address.js';
export { createLogger } from './logger.js';
export { makeFolder } from './make-folder.js';
export { isNntpHost, NNTP_DEFAULTS, NNTP_MAXIMA, usualNntpPort } from './nntp-providers.js';
export { RateMeter } from './rate-meter.js';
export { redact, redactText } from './redaction.js';
export { Sealer } from './sealer.js';
export { SingleFlight } from './single-flight.js';
export { connectThroughProxy } from './socks.js';
export { sortInSteps } from './sort-in-steps.js';
export { mapInSteps, runAtOnce, runInTurns } from './steps.js';
export { Turnstile } from './turnstile.js';
