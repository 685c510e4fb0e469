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
    readonly udp4: { address(): { port: number } };
    listen(port: number, host: string | { http: string; udp: string; udp6: string }): void;
    close(done: () => void): void;
  }
}
