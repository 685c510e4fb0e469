// The yardstick of bench:nntp: what Node carries through one process, in by one way and out by the other, without looking at it.

import { connect } from 'node:net';

import { startChild } from './child.js';
import type { EchoReady } from './echo-child.js';
import { costOf, ratesOf, type Sample } from './measure.js';

const chunk = Buffer.alloc(256 * 1024, 1);
const bufferBytes = 1 << 20;

/**
 * Sends `sizeBytes` to a process that echoes, until all of it is back. Both ways count as throughput: the stricter measure for
 * whoever is compared. What the echoing process costs is counted, not the sender.
 */
export async function echoOnce(sizeBytes: number): Promise<Sample> {
  const child = startChild('echo-child');
  try {
    const { port } = await child.ask<EchoReady>({});
    return ratesOf(2 * sizeBytes, await costOf(child.pid, () => passThrough(port, sizeBytes)));
  } finally {
    await child.close();
  }
}

function passThrough(port: number, sizeBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let [left, had] = [sizeBytes, 0];
    const callback = (count: number): boolean => {
      had += count;
      if (had >= sizeBytes) socket.destroy();
      return had < sizeBytes;
    };
    const socket = connect({ host: '127.0.0.1', port, onread: { buffer: Buffer.alloc(bufferBytes), callback } });
    const write = (): void => {
      while (left > 0) {
        const piece = left < chunk.length ? chunk.subarray(0, left) : chunk;
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on('connect', write);
    socket.on('drain', write);
    socket.on('error', reject);
    socket.on('close', () => (had >= sizeBytes ? resolve() : reject(new Error('The echo ended early.'))));
  });
}
