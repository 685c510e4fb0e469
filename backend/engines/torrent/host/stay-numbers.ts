// A torrent's numbers over all its stays in the worker: what was received and uploaded never goes back.

import type { TorrentNumbers } from '../protocol.js';

export class StayNumbers {
  private latest: TorrentNumbers | null = null;
  private received = 0;
  private uploaded = 0;

  /** Of the present stay, with the bytes of all stays; null between two. */
  get current(): TorrentNumbers | null {
    return this.latest;
  }

  get receivedBytes(): number {
    return this.latest?.receivedBytes ?? this.received;
  }

  get uploadedBytes(): number {
    return this.latest?.uploadedBytes ?? this.uploaded;
  }

  arrived(numbers: TorrentNumbers): void {
    const receivedBytes = this.received + numbers.receivedBytes;
    this.latest = { ...numbers, receivedBytes, uploadedBytes: this.uploaded + numbers.uploadedBytes };
  }

  stayEnded(): void {
    this.received = this.receivedBytes;
    this.uploaded = this.uploadedBytes;
    this.latest = null;
  }
}
