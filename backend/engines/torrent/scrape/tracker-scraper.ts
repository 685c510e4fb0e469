// Asks trackers how many have which torrents, without joining a swarm. Trackers are named by strangers: over HTTP they are
// reached through the guarded client, over UDP at an address that the policy allows, or not at all.

import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { InputError, UpstreamError, type InfoHash } from '../../../content/index.js';
import { resolveAllowed } from '../../../platform/index.js';
import type { AddressPolicy, Clock, HttpClient } from '../../../platform/index.js';
import { formatScrapeUrl, parseScrapeAnswer } from './http-scrape.js';
import type { SwarmCount } from './swarm-count.js';
import { scrapeOverUdp } from './udp-exchange.js';

export interface TrackerScraperOptions {
  /** Goes through the proxy where one is set; allows no more than `policy`. */
  readonly http: Pick<HttpClient, 'get'>;
  readonly policy: AddressPolicy;
  /** A proxy is set, which UDP would go around: trackers that speak UDP are not asked. */
  readonly isProxied: boolean;
  readonly clock: Clock;
  /** Default: the system's. */
  readonly createSocket?: (family: 'udp4' | 'udp6') => Socket;
}

/** Of one request: so many fit into a packet, and into an address that servers still take. */
export const MAX_SCRAPED = 70;
const HTTP_TIMEOUT_MS = 8_000;
/** Of 70 torrents' numbers, generously; some trackers answer with everything they have. */
const MAX_ANSWER_BYTES = 256 * 1024;
const DEFAULT_UDP_PORT = 80;

export class TrackerScraper {
  constructor(private readonly o: TrackerScraperOptions) {}

  /**
   * What this tracker counts of at most 70 torrents; what it says nothing of is left out.
   * @throws {InputError} `FETCH_REFUSED`, or for a tracker that cannot be asked; {ProtocolError}; {UpstreamError};
   * {TooLargeError}; {TimeoutError}; the signal's reason
   */
  async scrape(
    tracker: string,
    infoHashes: readonly InfoHash[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<ReadonlyMap<InfoHash, SwarmCount>> {
    if (infoHashes.length > MAX_SCRAPED) throw new InputError('Too many torrents are asked for at once.');
    return tracker.startsWith('udp:')
      ? this.#overUdp(new URL(tracker), infoHashes, signal)
      : this.#overHttp(tracker, infoHashes, signal);
  }

  async #overHttp(
    tracker: string,
    infoHashes: readonly InfoHash[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<InfoHash, SwarmCount>> {
    const url = formatScrapeUrl(tracker, infoHashes);
    if (url === null) throw new InputError('This tracker cannot be asked how many there are.');
    const options = { signal, timeoutMs: HTTP_TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES };
    const { status, body } = await this.o.http.get(url, options);
    if (status !== 200) throw new UpstreamError(`The tracker answered ${status}.`);
    return parseScrapeAnswer(body, infoHashes);
  }

  async #overUdp(
    { hostname, port }: URL,
    infoHashes: readonly InfoHash[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<InfoHash, SwarmCount>> {
    const { policy, isProxied, clock } = this.o;
    if (isProxied) throw new InputError('Trackers are not asked over UDP where a proxy is set.');
    const counts = await scrapeOverUdp({
      address: await resolveAllowed(hostname, policy, { signal }),
      port: port === '' ? DEFAULT_UDP_PORT : Number(port),
      infoHashes,
      signal,
      clock,
      createSocket: this.o.createSocket ?? createSocket,
      nextTransactionId: () => randomInt(2 ** 32),
    });
    return new Map(counts.flatMap((count, place) => pairOf(infoHashes[place], count)));
  }
}

function pairOf(infoHash: InfoHash | undefined, count: SwarmCount): [InfoHash, SwarmCount][] {
  return infoHash === undefined ? [] : [[infoHash, count]];
}
