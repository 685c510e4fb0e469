// Piece buffers used again and again, so that a download does not fault in new memory for every piece.

/** Keeps up to `maxBytes` of buffers of one size; others are allocated and dropped. */
export class BufferPool {
  private readonly free: Buffer[] = [];

  constructor(
    private readonly sizeBytes: number,
    private readonly maxBytes: number,
  ) {}

  /** A buffer with undefined content. */
  take(bytes: number): Buffer {
    if (bytes !== this.sizeBytes) return Buffer.allocUnsafeSlow(bytes);
    return this.free.pop() ?? Buffer.allocUnsafeSlow(bytes);
  }

  /** The caller must not touch `buffer` afterwards. */
  give(buffer: Uint8Array): void {
    if (buffer.length !== this.sizeBytes || (this.free.length + 1) * this.sizeBytes > this.maxBytes) return;
    this.free.push(buffer as Buffer);
  }
}
