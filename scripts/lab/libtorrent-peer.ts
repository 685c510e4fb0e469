// A libtorrent session in a child process, spoken to by JSON lines (see libtorrent-peer.py). Ends with its parent.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./libtorrent-peer.py', import.meta.url));

/** Payload counts and rates of one torrent, as libtorrent reports them. */
export interface PeerStats {
  readonly uploadedBytes: number;
  readonly downloadedBytes: number;
  readonly uploadBytesPerSecond: number;
  readonly peers: number;
  readonly progress: number;
  readonly isSeeding: boolean;
}

/** A peer on 127.0.0.1. Every call rejects when the process has ended. */
export interface LibtorrentPeer {
  readonly pid: number;
  /** `127.0.0.1:<port>`, as `initial_peers` takes it. */
  readonly address: string;
  readonly port: number;
  /** Adds a torrent file; a seed is believed to have everything. `paths` maps file index to the place on disk. */
  add(options: {
    torrent: string;
    folder: string;
    seed?: boolean;
    /** Bytes per second, 0 (default) is unlimited. */
    uploadLimit?: number;
    paths?: Readonly<Record<number, string>>;
    peers?: readonly (readonly [string, number])[];
  }): Promise<string>;
  /** Upload limit in bytes per second; 0 is unlimited. */
  limit(infoHash: string, uploadBytesPerSecond: number): Promise<void>;
  /** Drops every connection and refuses new ones. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  stats(infoHash: string): Promise<PeerStats>;
  /** Writes the torrent of a file or folder. */
  make(options: { source: string; target: string; pieceLength: number; version?: 'v1' | 'v2' | 'hybrid' }): Promise<{
    infoHash: string | null;
    infoHashV2: string | null;
  }>;
  /** Resolves once the torrent is complete here. */
  untilFinished(infoHash: string): Promise<void>;
  /** Ends the process and waits for it. Idempotent. */
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly ok?: boolean;
  readonly error?: string;
  readonly event?: string;
  readonly port?: number;
  readonly infoHash?: string;
}

/** Starts a peer. Needs Debian's python3-libtorrent. */
export async function startLibtorrentPeer(): Promise<LibtorrentPeer> {
  const child = spawn('/usr/bin/python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const peer = new ChildPeer(child);
  await peer.untilListening();
  return peer;
}

class ChildPeer implements LibtorrentPeer {
  port = 0;
  private nextId = 1;
  private readonly waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  private readonly finished = new Set<string>();
  private readonly finishWaiters = new Map<string, (() => void)[]>();
  private listening: (() => void) | null = null;
  private readonly ended: Promise<void>;
  private hasEnded = false;

  constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(() => this.end());
    child.stdin?.on('error', () => undefined);
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => this.hear(line));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get address(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  async untilListening(): Promise<void> {
    const heard = new Promise<void>((resolve) => (this.listening = resolve));
    await Promise.race([heard, this.ended]);
    if (this.port === 0) throw new Error('The libtorrent peer did not start: is python3-libtorrent installed?');
  }

  async add(options: Parameters<LibtorrentPeer['add']>[0]): Promise<string> {
    const { uploadLimit, ...rest } = options;
    const answer = await this.ask('add', { ...rest, upload_limit: uploadLimit ?? 0 });
    return String(answer.infoHash);
  }

  async limit(infoHash: string, upload: number): Promise<void> {
    await this.ask('limit', { info_hash: infoHash, upload });
  }

  async pause(): Promise<void> {
    await this.ask('pause', {});
  }

  async resume(): Promise<void> {
    await this.ask('resume', {});
  }

  async stats(infoHash: string): Promise<PeerStats> {
    return (await this.ask('stats', { info_hash: infoHash })) as unknown as PeerStats;
  }

  async make(options: Parameters<LibtorrentPeer['make']>[0]): ReturnType<LibtorrentPeer['make']> {
    const { pieceLength, ...rest } = options;
    const answer = await this.ask('make', { ...rest, piece_length: pieceLength });
    return answer as unknown as Awaited<ReturnType<LibtorrentPeer['make']>>;
  }

  async untilFinished(infoHash: string): Promise<void> {
    if (this.finished.has(infoHash)) return;
    await Promise.race([
      new Promise<void>((resolve) =>
        this.finishWaiters.set(infoHash, [...(this.finishWaiters.get(infoHash) ?? []), resolve]),
      ),
      this.ended.then(() => Promise.reject(new Error('The libtorrent peer has ended.'))),
    ]);
  }

  async close(): Promise<void> {
    this.child.stdin?.end();
    const killer = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await this.ended;
    clearTimeout(killer);
  }

  private ask(cmd: string, parameters: object): Promise<Answer> {
    if (this.hasEnded) return Promise.reject(new Error('The libtorrent peer has ended.'));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.stdin?.write(`${JSON.stringify({ id, cmd, ...parameters })}\n`);
    });
  }

  private hear(line: string): void {
    const answer = JSON.parse(line) as Answer;
    if (answer.event === 'listening') {
      this.port = answer.port ?? 0;
      this.listening?.();
    } else if (answer.event === 'finished' && answer.infoHash) {
      this.finished.add(answer.infoHash);
      for (const resolve of this.finishWaiters.get(answer.infoHash) ?? []) resolve();
      this.finishWaiters.delete(answer.infoHash);
    } else if (answer.id !== undefined) {
      const waiter = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if (answer.ok) waiter?.resolve(answer);
      else waiter?.reject(new Error(`libtorrent: ${answer.error ?? 'unknown error'}`));
    }
  }

  private end(): void {
    this.hasEnded = true;
    for (const { reject } of this.waiting.values()) reject(new Error('The libtorrent peer has ended.'));
    this.waiting.clear();
  }
}
