// One scrape over UDP, from the first packet to the last: asks, asks again what got lost, gives up in time. The socket is
// connected, so that nobody but the tracker is heard.

import type { Socket } from 'node:dgram';
import { TimeoutError, UpstreamError, type InfoHash } from '../../../content/index.js';
import type { Clock } from '../../../platform/index.js';
import type { SwarmCount } from './swarm-count.js';
import { decodeTrackerPacket, encodeConnect, encodeScrape, type TrackerPacket } from './udp-packets.js';

export interface UdpExchangeOptions {
  /** Already judged: an IP address. */
  readonly address: string;
  readonly port: number;
  readonly infoHashes: readonly InfoHash[];
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly createSocket: (family: 'udp4' | 'udp6') => Socket;
  /** 32 bits that nobody can guess. */
  readonly nextTransactionId: () => number;
}

/** Nobody waits for it, so that a lost packet may be sent again late. */
const RESEND_MS = 2_500;
const TIMEOUT_MS = 8_000;

/**
 * In the order of `infoHashes`; fewer where the tracker tells less.
 * @throws {UpstreamError} when it refuses or cannot be reached; {TimeoutError}; the signal's reason
 */
export function scrapeOverUdp(o: UdpExchangeOptions): Promise<readonly SwarmCount[]> {
  o.signal.throwIfAborted();
  return new Exchange(o).result;
}

class Exchange {
  readonly result: Promise<readonly SwarmCount[]>;
  #transactionId: number;
  #packet: Uint8Array;
  #isOpen = false;

  constructor(private readonly o: UdpExchangeOptions) {
    this.#transactionId = o.nextTransactionId();
    this.#packet = encodeConnect(this.#transactionId);
    this.result = new Promise((resolve, reject) => this.#begin(resolve, reject));
  }

  #begin(resolve: (counts: readonly SwarmCount[]) => void, reject: (reason: unknown) => void): void {
    const { address, port, signal, clock, createSocket } = this.o;
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const end = (settle: () => void): void => {
      for (const timer of timers) timer.cancel();
      signal.removeEventListener('abort', stop);
      socket.removeAllListeners().on('error', () => undefined);
      socket.close();
      settle();
    };
    const fail = (error: unknown): void => end(() => reject(error));
    const stop = (): void => fail(signal.reason);
    const send = (): void => socket.send(this.#packet, (error) => error && socket.emit('error', error));
    const timers = [
      clock.after(TIMEOUT_MS, () => fail(new TimeoutError('The tracker did not answer in time.'))),
      clock.every(RESEND_MS, () => this.#isOpen && send()),
    ];
    signal.addEventListener('abort', stop, { once: true });
    socket.on('error', (cause) => fail(unreachable(cause)));
    socket.on('message', (bytes) => {
      const answer = this.#read(bytes);
      if (answer?.kind === 'refused') fail(new UpstreamError('The tracker refuses to tell.'));
      if (answer?.kind === 'counted') end(() => resolve(answer.counts));
      if (answer?.kind === 'connected') this.#ask(answer.connectionId, send);
    });
    const open = (): void => {
      this.#isOpen = true;
      send();
    };
    try {
      socket.connect(port, address, open);
    } catch (cause) {
      fail(unreachable(cause));
    }
  }

  /** Null for what is noise, late, or of somebody else. */
  #read(bytes: Uint8Array): TrackerPacket | null {
    try {
      const answer = decodeTrackerPacket(bytes);
      return answer.transactionId === this.#transactionId ? answer : null;
    } catch {
      return null;
    }
  }

  #ask(connectionId: bigint, send: () => void): void {
    this.#transactionId = this.o.nextTransactionId();
    this.#packet = encodeScrape({ connectionId, transactionId: this.#transactionId }, this.o.infoHashes);
    send();
  }
}

function unreachable(cause: unknown): UpstreamError {
  return new UpstreamError('The tracker cannot be reached.', 'UPSTREAM', { cause });
}
