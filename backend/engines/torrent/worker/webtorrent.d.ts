// The parts of webtorrent 3.0.21 that the worker touches, private ones included: the version is pinned exactly for that.

declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events';
  import type { Server, Socket } from 'node:net';

  export interface Bitfield {
    get(index: number): boolean;
    set(index: number, value?: boolean): void;
  }

  export interface Wire extends EventEmitter {
    readonly type: string;
    readonly destroyed: boolean;
    readonly peerChoking: boolean;
    readonly amInterested: boolean;
    readonly hasFast: boolean;
    readonly peerPieces: Bitfield;
    readonly peerAllowedFastSet: readonly number[];
    readonly peerExtendedHandshake?: { readonly reqq?: unknown };
    readonly requests: readonly unknown[];
    remoteAddress?: string;
    interested(): void;
    uninterested(): void;
    have(piece: number): void;
    request(
      piece: number,
      offset: number,
      length: number,
      answer: (error: Error | null, data: Uint8Array | null) => void,
    ): void;
    cancel(piece: number, offset: number, length: number): void;
    destroy(): void;
    readonly _parserSize: number;
    readonly _pePending?: boolean;
    readonly _buffer: Uint8Array[];
    _bufferSize: number;
    readonly _encryptor: { decrypt(data: Uint8Array): Uint8Array } | null;
    _write(data: Uint8Array, done: (error: Error | null) => void): void;
    _onKeepAlive(): void;
    _onMessage(message: Uint8Array): void;
    _onPiece(index: number, begin: number, block: Uint8Array): void;
    readonly lt_donthave?: { donthave(piece: number): void };
  }

  export interface Peer extends EventEmitter {
    readonly id: string;
    readonly addr: string | null;
    readonly type: string;
    readonly destroyed: boolean;
    connected: boolean;
    conn: Socket | null;
    readonly wire: Wire | null;
    /** Failed attempts; the library sets it to 0 when a handshake is done. */
    retries: number;
    onConnect(): void;
    startConnectTimeout(): void;
    destroy(error?: Error): void;
  }

  export interface Torrent extends EventEmitter {
    readonly infoHash: string;
    readonly destroyed: boolean;
    readonly ready: boolean;
    /** The bencoded `info`, once known. */
    readonly infoBuffer?: Uint8Array;
    readonly wires: readonly Wire[];
    /** Once the metadata is known. */
    readonly bitfield?: Bitfield;
    readonly pieces: unknown[];
    readonly received: number;
    readonly uploaded: number;
    readonly downloadSpeed: number;
    readonly uploadSpeed: number;
    readonly client: WebTorrent;
    paused: boolean;
    _queue: Peer[];
    readonly _peers: Map<string, Peer>;
    _numConns: number;
    addPeer(peer: string, source?: string): boolean;
    destroy(options?: { destroyStore?: boolean }, done?: () => void): void;
    _addPeer(peer: string, type: 'tcp' | 'utp', source?: string): Peer | null;
    _addIncomingPeer(peer: Peer): void;
    _processParsedTorrent(parsed: object): void;
    readonly private?: boolean;
    _startDiscovery(): void;
    _verifyPieces(done: (error?: Error) => void): void;
    _markVerified(piece: number): void;
    _markUnverified(piece: number): void;
    _drain(): void;
    _update(): void;
    _updateWire(wire: Wire): void;
    _updateWireInterest(wire: Wire): void;
    _updateInterest(): void;
    _updateSelections(): void;
    _gcSelections(): void;
    _checkDone(): boolean;
  }

  export interface ClientOptions {
    maxConns: number;
    dht: boolean;
    lsd: boolean;
    utPex: boolean;
    tracker: boolean | object;
    utp: boolean;
    natUpnp: boolean;
    natPmp: boolean;
    webSeeds: boolean;
    downloadLimit: number;
    uploadLimit: number;
    secure: 0 | 1 | 2;
    /** Handed to `server.listen` as it is: a number, or where to bind. */
    torrentPort: number | { readonly port: number; readonly host: string };
  }

  export interface ChunkStore {
    readonly chunkLength: number;
    get(
      index: number,
      options: { offset?: number; length?: number },
      done: (error: Error | null, data?: Uint8Array) => void,
    ): void;
    put(index: number, data: Uint8Array, done: (error: Error | null) => void): void;
    close(done: (error: Error | null) => void): void;
    destroy(done: (error: Error | null) => void): void;
  }

  export interface AddOptions {
    announce?: readonly string[];
    urlList?: readonly string[];
    deselect: true;
    storeCacheSlots: 0;
    store: new (chunkLength: number) => ChunkStore;
    private?: boolean;
    uploads?: number;
    maxWebConns?: number;
  }

  export default class WebTorrent extends EventEmitter {
    static readonly UTP_SUPPORT: boolean;
    constructor(options: ClientOptions);
    readonly utp: boolean;
    lsd: boolean;
    readonly destroyed: boolean;
    readonly _utpServer?: { connect(port: number, host: string): Socket };
    readonly _connPool: { readonly tcpServer: Server } | null;
    address(): { readonly port: number } | null;
    add(id: Uint8Array | string, options: AddOptions): Torrent;
    destroy(done?: (error?: Error) => void): void;
  }
}
