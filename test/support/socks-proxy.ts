// A SOCKS5 proxy (RFC 1928, RFC 1929) on loopback that knows its own names and writes down who was asked for.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SocksOptions {
  /** Which loopback port stands for a target (`host:port`); other targets are unreachable. */
  readonly routes?: Readonly<Record<string, number>>;
  /** `user:password` that are required. */
  readonly credentials?: string;
  /** Accepts connections and says nothing. */
  readonly isMute?: boolean;
}

/** A running proxy. */
export interface SocksProxy {
  /** `socks5://127.0.0.1:…`, without credentials. */
  readonly url: string;
  readonly port: number;
  /** Every target asked for, as `host:port`, in order; names as they were sent. */
  readonly targets: readonly string[];
  /** What flowed from the targets to the clients. */
  downstreamBytes(): number;
  /** More routes, known from now on. */
  learn(routes: Readonly<Record<string, number>>): void;
  close(): Promise<void>;
}

const GRANTED = 0;
const NOT_REACHABLE = 4;

/** Starts a proxy. */
export async function startSocksProxy(options: SocksOptions = {}): Promise<SocksProxy> {
  const routes = new Map(Object.entries(options.routes ?? {}));
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  let downstream = 0;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const serve = async (client: Socket): Promise<void> => {
    const target = await greet(client, options.credentials);
    targets.push(target);
    const port = routes.get(target);
    const far = port === undefined ? null : keep(connect({ host: '127.0.0.1', port, allowHalfOpen: true }));
    const isConnected = far !== null && (await once(far, 'connect').then(() => true, () => false)); // prettier-ignore
    client.write(Uint8Array.of(5, isConnected ? GRANTED : NOT_REACHABLE, 0, 1, 0, 0, 0, 0, 0, 0));
    if (far === null || !isConnected) return void client.end();
    far.on('data', (chunk) => (downstream += chunk.length));
    client.pipe(far).pipe(client);
    client.once('close', () => far.destroy());
    far.once('close', (hasFailed) => hasFailed && client.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    if (options.isMute !== true) serve(client).catch(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `socks5://127.0.0.1:${String(port)}`,
    port,
    targets,
    downstreamBytes: () => downstream,
    learn: (more) => Object.entries(more).forEach(([target, to]) => routes.set(target, to)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Goes through the handshake; returns the target as `host:port`. Rejects clients that break the rules. */
async function greet(client: Socket, credentials: string | undefined): Promise<string> {
  const read = readerOf(client);
  const [version, methodCount = 0] = await read(2);
  const methods = [...(await read(methodCount))];
  const method = credentials === undefined ? 0 : 2;
  if (version !== 5 || !methods.includes(method)) {
    client.end(Uint8Array.of(5, 0xff));
    throw new Error('no common method');
  }
  client.write(Uint8Array.of(5, method));
  if (credentials !== undefined) {
    const user = (await read((await read(2))[1] ?? 0)).toString();
    const password = (await read((await read(1))[0] ?? 0)).toString();
    const isRight = `${user}:${password}` === credentials;
    client.write(Uint8Array.of(1, isRight ? 0 : 1));
    if (!isRight) throw new Error('wrong credentials');
  }
  const [, command, , kind] = await read(4);
  if (command !== 1) throw new Error('only CONNECT is served');
  const host = await readHost(kind ?? 0, read);
  return `${host}:${String((await read(2)).readUInt16BE())}`;
}

async function readHost(kind: number, read: (bytes: number) => Promise<Buffer>): Promise<string> {
  if (kind === 1) return [...(await read(4))].join('.');
  if (kind === 3) return (await read((await read(1))[0] ?? 0)).toString();
  if (kind !== 4) throw new Error('no such kind of address');
  const address = await read(16);
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16));
  return `[${groups.join(':')}]`;
}

/** Reads exact numbers of bytes off a socket, and leaves the rest in it. */
function readerOf(socket: Socket): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    if (bytes === 0) return Buffer.alloc(0);
    for (;;) {
      const chunk = socket.read(bytes) as Buffer | null;
      if (chunk !== null && chunk.length === bytes) return chunk;
      if (chunk !== null || socket.readableEnded || socket.destroyed) throw new Error('the client left');
      await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
    }
  };
}
