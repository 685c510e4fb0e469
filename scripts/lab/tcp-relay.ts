// A TCP relay in front of a peer or server: adds latency, counts bytes, cuts connections. Makes "far away" on loopback.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A running relay. */
export interface TcpRelay {
  readonly port: number;
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Bytes that went from the target to the caller. */
  downstreamBytes(): number;
  connections(): number;
  /** Cuts everything that is connected; new connections go on being taken. */
  cut(): void;
  /** Takes and at once closes new connections until told otherwise. */
  refuse(isRefusing: boolean): void;
  close(): Promise<void>;
}

/**
 * Relays to `127.0.0.1:targetPort`, each direction delayed by `delayMs`, and all of it by `connectDelayMs` at first, as a far
 * host takes a round trip to connect. Memory is what that much time of traffic needs.
 */
export async function startTcpRelay(
  targetPort: number,
  options: { delayMs?: number; connectDelayMs?: number } = {},
): Promise<TcpRelay> {
  const delayMs = options.delayMs ?? 0;
  const sockets = new Set<Socket>();
  let downstream = 0;
  let isRefusing = false;
  const relay = (inbound: Socket): void => {
    if (isRefusing || inbound.destroyed) return void inbound.destroy();
    const outbound = connect(targetPort, '127.0.0.1');
    for (const socket of [inbound, outbound]) follow(socket, sockets);
    pass(inbound, outbound, delayMs, () => undefined);
    pass(outbound, inbound, delayMs, (count) => (downstream += count));
  };
  const server = createServer((inbound) => {
    inbound.on('error', () => undefined);
    if (options.connectDelayMs === undefined) relay(inbound);
    else setTimeout(() => relay(inbound), options.connectDelayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port,
    address: `127.0.0.1:${String(port)}`,
    downstreamBytes: () => downstream,
    connections: () => sockets.size / 2,
    cut,
    refuse: (value) => (isRefusing = value),
    close: () => {
      isRefusing = true;
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function follow(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
}

function pass(from: Socket, to: Socket, delayMs: number, count: (bytes: number) => void): void {
  from.on('data', (chunk) => {
    count(chunk.length);
    const send = (): void => {
      if (!to.destroyed && !to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    };
    if (delayMs === 0) send();
    else setTimeout(send, delayMs);
  });
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}
