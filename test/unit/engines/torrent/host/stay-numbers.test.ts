import { describe, expect, it } from '@jest/globals';
import type { InfoHash } from '../../../../../backend/content/index.js';
import { StayNumbers } from '../../../../../backend/engines/torrent/host/stay-numbers.js';
import type { TorrentNumbers } from '../../../../../backend/engines/torrent/protocol.js';

function numbersOf(receivedBytes: number, uploadedBytes: number): TorrentNumbers {
  return {
    infoHash: 'a'.repeat(40) as InfoHash,
    isJoined: true,
    isDeserted: false,
    hasAnswer: true,
    peersConnected: 3,
    peersQueued: 2,
    peersSeen: 5,
    receivedBytes,
    uploadedBytes,
    downloadBytesPerSecond: 10,
    uploadBytesPerSecond: 1,
    demandBytes: [],
  };
}

describe('stay numbers', () => {
  it('stay numbers - bytes go on from stay to stay, the rest is of the present one', () => {
    const stays = new StayNumbers();
    expect([stays.receivedBytes, stays.uploadedBytes, stays.current]).toEqual([0, 0, null]);
    stays.arrived(numbersOf(100, 7));
    stays.stayEnded();
    expect([stays.receivedBytes, stays.uploadedBytes, stays.current]).toEqual([100, 7, null]);
    stays.stayEnded();
    stays.arrived(numbersOf(0, 0));
    expect(stays.receivedBytes).toBe(100);
    stays.arrived(numbersOf(20, 3));
    expect(stays.current).toMatchObject({ receivedBytes: 120, uploadedBytes: 10, peersConnected: 3 });
  });
});
