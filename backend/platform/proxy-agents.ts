// HTTP and HTTPS through a SOCKS5 proxy, as agents of node's client. The name in the address goes to the proxy as it is; TLS
// is ours, end to end.

import { Agent as HttpAgent } from 'node:http';
import type { AgentOptions, ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { connectThroughProxy } from './socks.js';

type Connected = (error: Error | null, stream: Duplex) => void;

export interface ProxyAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/** Agents for one request; `signal` ends what is being connected. */
export function createProxyAgents(proxyUrl: string, signal: AbortSignal, options: AgentOptions): ProxyAgents {
  const open = (request: ClientRequestArgs, secure: (socket: Socket) => Duplex, done: Connected | undefined): void => {
    const target = { host: (request.host ?? '').replace(/^\[(.*)\]$/, '$1'), port: Number(request.port) };
    connectThroughProxy(proxyUrl, target, { signal }).then(
      (socket) => done?.(null, secure(socket)),
      (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
    );
  };
  return {
    httpAgent: new (class extends HttpAgent {
      override createConnection(request: ClientRequestArgs, done?: Connected): undefined {
        open(request, (socket) => socket, done);
      }
    })(options),
    httpsAgent: new (class extends HttpsAgent {
      override createConnection(request: RequestOptions, done?: Connected): undefined {
        open(request, (socket) => connectTls({ ...(request as object), socket }), done);
      }
    })(options),
  };
}
