// Reads the messages of a peer out of what its socket delivers (BEP 3 framing), in place: the protocol library joins every
// chunk with what was left of the last one, which copies all payload twice and keeps the garbage collector busy. It also
// takes messages of any length; here they have a bound.

import type { Wire } from 'webtorrent';

const PIECE = 7;
const LENGTH_BYTES = 4;
/** `<length><id><index><begin>` of a piece message. */
const PIECE_HEADER_BYTES = 13;
const MAX_BLOCK_BYTES = 128 * 1024;
/** A bitfield of four million pieces; nothing else comes near. */
const MAX_MESSAGE_BYTES = 512 * 1024;

/** What complete messages are handed to. */
export interface MessageSink {
  keepAlive(): void;
  /** `message` starts with its id; it is the sink's. */
  message(message: Uint8Array): void;
  /** `block` is valid during the call only. */
  piece(index: number, begin: number, block: Uint8Array): void;
  /** The peer broke the framing. */
  broken(reason: string): void;
}

/** A push machine: bytes in, messages out. Holds one message at most. */
export class WireReader {
  private readonly header = Buffer.alloc(PIECE_HEADER_BYTES);
  private headerBytes = 0;
  private headerNeeds = LENGTH_BYTES;
  private body: Buffer | null = null;
  private bodyBytes = 0;
  private bodyNeeds = 0;
  private isPiece = false;
  private isBroken = false;
  private readonly block = Buffer.allocUnsafeSlow(16 * 1024);

  constructor(private readonly sink: MessageSink) {}

  push(data: Uint8Array): void {
    let at = 0;
    while (at < data.length && !this.isBroken) {
      at = this.bodyNeeds > 0 ? this.readBody(data, at) : this.readHeader(data, at);
    }
  }

  private readHeader(data: Uint8Array, from: number): number {
    const end = Math.min(data.length, from + this.headerNeeds - this.headerBytes);
    this.header.set(data.subarray(from, end), this.headerBytes);
    this.headerBytes += end - from;
    if (this.headerBytes === this.headerNeeds) this.headerIsHere();
    return end;
  }

  private headerIsHere(): void {
    const length = this.header.readUInt32BE(0);
    if (this.headerNeeds === LENGTH_BYTES) {
      if (length === 0) {
        this.reset();
        this.sink.keepAlive();
      } else {
        this.headerNeeds = LENGTH_BYTES + 1;
      }
    } else if (this.headerNeeds === LENGTH_BYTES + 1 && this.header[4] === PIECE && length >= 9) {
      this.headerNeeds = PIECE_HEADER_BYTES;
    } else {
      this.startBody(length);
    }
  }

  private startBody(length: number): void {
    this.isPiece = this.headerNeeds === PIECE_HEADER_BYTES;
    this.bodyNeeds = this.isPiece ? length - 9 : length;
    if (this.bodyNeeds > (this.isPiece ? MAX_BLOCK_BYTES : MAX_MESSAGE_BYTES))
      return this.fail('a message is too long');
    this.bodyBytes = 0;
    if (this.isPiece) {
      this.body = this.bodyNeeds <= this.block.length ? this.block : Buffer.allocUnsafe(this.bodyNeeds);
      if (this.bodyNeeds === 0) this.finish(new Uint8Array());
      return;
    }
    this.body = Buffer.allocUnsafe(length);
    this.body[0] = this.header[4]!;
    this.bodyBytes = 1;
    if (length === 1) this.finish(this.body);
  }

  private readBody(data: Uint8Array, from: number): number {
    const end = Math.min(data.length, from + this.bodyNeeds - this.bodyBytes);
    const part = data.subarray(from, end);
    if (this.isPiece && part.length === this.bodyNeeds) {
      this.finish(part);
      return end;
    }
    this.body!.set(part, this.bodyBytes);
    this.bodyBytes += part.length;
    if (this.bodyBytes === this.bodyNeeds) this.finish(this.body!.subarray(0, this.bodyNeeds));
    return end;
  }

  private finish(body: Uint8Array): void {
    const isPiece = this.isPiece;
    const index = this.header.readUInt32BE(5);
    const begin = this.header.readUInt32BE(9);
    this.reset();
    if (isPiece) this.sink.piece(index, begin, body);
    else this.sink.message(body);
  }

  private reset(): void {
    this.headerBytes = 0;
    this.headerNeeds = LENGTH_BYTES;
    this.bodyNeeds = 0;
    this.body = null;
    this.isPiece = false;
  }

  private fail(reason: string): void {
    this.isBroken = true;
    this.sink.broken(reason);
  }
}

/**
 * Lets a `WireReader` take over from the library's parser at the next boundary between two messages, once the handshake
 * is done. Web seeds have no wire format and are left alone.
 */
export function readInPlace(wire: Wire): void {
  if (wire.type === 'webSeed') return;
  const reader = new WireReader({
    keepAlive: () => wire._onKeepAlive(),
    message: (message) => wire._onMessage(message),
    piece: (index, begin, block) => wire._onPiece(index, begin, block),
    broken: () => wire.destroy(),
  });
  const write = wire._write.bind(wire);
  const isAtBoundary = (): boolean => wire._parserSize === LENGTH_BYTES && !wire._pePending;
  wire._write = (data, done) => {
    if (!isAtBoundary()) return write(data, done);
    // What the library's parser holds is less than a message's length.
    for (const rest of wire._buffer.splice(0)) reader.push(rest);
    wire._bufferSize = 0;
    wire._write = (chunk, next) => {
      reader.push(wire._encryptor ? wire._encryptor.decrypt(chunk) : chunk);
      next(null);
    };
    wire._write(data, done);
  };
}
