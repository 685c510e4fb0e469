// Scrapes over UDP (BEP 15): the packets of both sides. Pure; sockets and time are not known here.

import { ProtocolError, type InfoHash } from '../../../content/index.js';
import type { SwarmCount } from './swarm-count.js';

/** What a tracker answers; `transactionId` is the one it was asked with. */
export type TrackerPacket = { readonly transactionId: number } & (
  | { readonly kind: 'connected'; readonly connectionId: bigint }
  /** In the order in which the torrents were named. */
  | { readonly kind: 'counted'; readonly counts: readonly SwarmCount[] }
  | { readonly kind: 'refused' }
);

/** Says what protocol is spoken. */
const PROTOCOL_ID = 0x417_2710_1980n;
const [CONNECT, SCRAPE, ERROR] = [0, 2, 3];
const HEADER_BYTES = 8;
const REQUEST_BYTES = 16;
const HASH_BYTES = 20;
const COUNT_BYTES = 12;
/** More torrents fit into no packet (BEP 15). */
const MAX_COUNTS = 74;

/** Asks for a connection id: it shows the tracker that answers reach whoever asks. */
export function encodeConnect(transactionId: number): Uint8Array {
  return request(PROTOCOL_ID, CONNECT, transactionId);
}

/** Asks how many have each of these torrents, 74 at most. */
export function encodeScrape(
  { connectionId, transactionId }: { readonly connectionId: bigint; readonly transactionId: number },
  infoHashes: readonly InfoHash[],
): Uint8Array {
  const packet = request(connectionId, SCRAPE, transactionId, infoHashes.length * HASH_BYTES);
  infoHashes.forEach((infoHash, place) => {
    const bytes = (infoHash.match(/../g) ?? []).map((byte) => parseInt(byte, 16));
    packet.set(bytes, REQUEST_BYTES + place * HASH_BYTES);
  });
  return packet;
}

/** @throws {ProtocolError} for what is no answer to either */
export function decodeTrackerPacket(packet: Uint8Array): TrackerPacket {
  if (packet.length < HEADER_BYTES) throw unreadable();
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const transactionId = view.getUint32(4);
  switch (view.getUint32(0)) {
    case CONNECT:
      if (packet.length < HEADER_BYTES + 8) throw unreadable();
      return { kind: 'connected', transactionId, connectionId: view.getBigUint64(HEADER_BYTES) };
    case SCRAPE:
      return { kind: 'counted', transactionId, counts: countsOf(view) };
    case ERROR:
      return { kind: 'refused', transactionId };
    default:
      throw unreadable();
  }
}

function countsOf(view: DataView): SwarmCount[] {
  const count = Math.min(MAX_COUNTS, Math.floor((view.byteLength - HEADER_BYTES) / COUNT_BYTES));
  return Array.from({ length: count }, (_, place) => {
    const at = HEADER_BYTES + place * COUNT_BYTES;
    return { seeders: view.getUint32(at), leechers: view.getUint32(at + 8) };
  });
}

function request(id: bigint, action: number, transactionId: number, moreBytes = 0): Uint8Array {
  const packet = new Uint8Array(REQUEST_BYTES + moreBytes);
  const view = new DataView(packet.buffer);
  view.setBigUint64(0, id);
  view.setUint32(8, action);
  view.setUint32(12, transactionId);
  return packet;
}

function unreadable(): ProtocolError {
  return new ProtocolError('The answer of the tracker cannot be read.');
}
