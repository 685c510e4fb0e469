// A relay in front of a news server that withholds bodies: whoever asks for one waits until it is released. Commands behind it
// on the same connection wait too, so answers stay in order.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A running relay. */
export interface NntpRelay {
  readonly port: number;
  /** Bodies of these ids are withheld from now on, beside those before. */
  withhold(messageIds: Iterable<string>): void;
  /** Everything goes through again, what waits as well. */
  release(): void;
  /** Message ids whose bodies were asked for, in order, withheld ones too. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Relays to a plain news server on `127.0.0.1:targetPort`. */
export async function startNntpRelay(targetPort: number): Promise<NntpRelay> {
  const withheld = new Set<string>();
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const releases = new Set<() => void>();
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    target.pipe(client);
    const gate = new CommandGate((line) => target.write(line), { withheld, asked });
    releases.add(gate.open);
    client.on('close', () => releases.delete(gate.open));
    client.on('data', (chunk: Buffer) => gate.take(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    withhold: (messageIds) => {
      for (const id of messageIds) withheld.add(id);
    },
    release: () => {
      withheld.clear();
      for (const open of releases) open();
    },
    asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Lets commands of one connection through in order, up to the first that is withheld. */
class CommandGate {
  #text = '';
  #seen = 0;

  constructor(
    private readonly pass: (line: string) => void,
    private readonly shared: { readonly withheld: ReadonlySet<string>; readonly asked: string[] },
  ) {}

  take(chunk: Buffer): void {
    this.#text += chunk.toString('latin1');
    this.open();
  }

  /** Looks again at what waits. */
  readonly open = (): void => {
    this.#note();
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end + 1);
      if (this.shared.withheld.has(idOf(line) ?? '')) return;
      this.#text = this.#text.slice(end + 1);
      this.#seen -= line.length;
      this.pass(line);
    }
  };

  /** Every command is noted once, when its line is whole. */
  #note(): void {
    for (let end = this.#text.indexOf('\n', this.#seen); end >= 0; end = this.#text.indexOf('\n', this.#seen)) {
      const id = idOf(this.#text.slice(this.#seen, end));
      if (id !== null) this.shared.asked.push(id);
      this.#seen = end + 1;
    }
  }
}

function idOf(line: string): string | null {
  return /^(?:BODY|ARTICLE) <([^>]*)>/i.exec(line)?.[1] ?? null;
}
