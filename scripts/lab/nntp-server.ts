// A news server in this process: serves the articles it was given, counts, and fails as it is told. For demos, benches and
// tests on loopback; a real server (INN) stands beside it where behaviour has to be real.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import type { ArticleTaker, LabArticle } from './lab-article.js';
import type { FaultScript } from './nntp-faults.js';
import { NntpSession } from './nntp-session.js';

export interface NntpServerOptions {
  /** With `password`: commands about articles are 480 until these were given; others are 481. */
  readonly user?: string;
  readonly password?: string;
  /** Connections beyond are greeted with 502 and closed. Default: no limit. */
  readonly maxConnections?: number;
  /** Every answer comes this much after its command; commands under way at once wait at once. Default 0. */
  readonly delayMs?: number;
  /** Of each connection. Default: no limit. */
  readonly bytesPerSecond?: number;
  readonly faults?: FaultScript;
  /** First line; null says nothing ever. `connection` counts from 1. Default `200 …`. */
  readonly greeting?: (connection: number) => string | null;
  /** PEM; then only TLS is spoken. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

/** What has happened so far. */
export interface NntpCounts {
  /** All that were accepted, refused ones too. */
  connections: number;
  open: number;
  /** The most that were open at once, refused ones not counted. */
  highestOpen: number;
  /** Greeted with 502. */
  refused: number;
  logins: number;
  failedLogins: number;
  /** By name, in upper case. */
  readonly commands: Map<string, number>;
  /** `BODY <id>` and the like: how often. */
  readonly asked: Map<string, number>;
  /** Bodies sent to their end. */
  bodies: number;
  bytes: number;
}

/** A running server. */
export interface NntpServer extends ArticleTaker {
  readonly port: number;
  readonly counts: NntpCounts;
  post(article: LabArticle): void;
  /** Takes the article away: 430 from now on. */
  remove(messageId: string): void;
  /** Replaces some options from now on, for open connections too. */
  set(options: Partial<Pick<NntpServerOptions, 'delayMs' | 'bytesPerSecond' | 'faults' | 'maxConnections'>>): void;
  /** How often an article was asked for by BODY or ARTICLE. */
  fetches(messageId: string): number;
  /** Breaks the connections that fell silent; those at work, and those still on their way in, go on. */
  cutSilent(): void;
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1, on a port of the system's choice. */
export async function startNntpServer(options: NntpServerOptions = {}): Promise<NntpServer> {
  const articles = new Map<string, LabArticle>();
  const counts = noCounts();
  const settings = { ...options };
  const sockets = new Set<Socket>();
  const sessions = new Map<Socket, NntpSession>();
  const take = (socket: Socket): void => {
    socket.on('error', () => undefined);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const number = ++counts.connections;
    if (counts.open >= (settings.maxConnections ?? Infinity)) {
      counts.refused += 1;
      socket.end('502 Too many connections\r\n');
      return;
    }
    counts.open += 1;
    counts.highestOpen = Math.max(counts.highestOpen, counts.open);
    const session = new NntpSession(socket, { number, articles, counts, settings });
    sessions.set(socket, session);
    socket.on('close', () => {
      counts.open -= 1;
      sessions.delete(socket);
    });
    session.start();
  };
  const server = options.tls ? createTlsServer(options.tls, take) : createServer(take);
  if (options.tls) server.on('tlsClientError', () => undefined);
  const port = await listen(server);
  const fetches = (messageId: string): number =>
    (counts.asked.get(`BODY ${messageId}`) ?? 0) + (counts.asked.get(`ARTICLE ${messageId}`) ?? 0);
  return {
    port,
    counts,
    post: (article) => void articles.set(article.messageId, article),
    remove: (messageId) => void articles.delete(messageId),
    set: (changes) => void Object.assign(settings, changes),
    fetches,
    cutSilent: () => sessions.forEach(({ isMute }, socket) => void (isMute && socket.destroy())),
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

function noCounts(): NntpCounts {
  const numbers = { connections: 0, open: 0, highestOpen: 0, refused: 0, logins: 0, failedLogins: 0 };
  return { ...numbers, commands: new Map(), asked: new Map(), bodies: 0, bytes: 0 };
}
