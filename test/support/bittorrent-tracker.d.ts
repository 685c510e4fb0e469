// The little of bittorrent-tracker that tests use.

declare module 'bittorrent-tracker' {
  import type { EventEmitter } from 'node:events';

  export class Server extends EventEmitter {
    constructor(options: {
      http: boolean;
      udp: boolean;
      ws: boolean;
      stats: boolean;
      trustProxy: boolean;
      interval: number;
    });
    readonly http: { address(): { port: number }; closeAllConnections(): void };
    listen(port: number, host: string): void;
    close(done: () => void): void;
  }
}
