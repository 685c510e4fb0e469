// A torrent's store as its scheduler sees it: room for a piece is taken from the worker's credit.

import type { ExtentStore } from './extent-store.js';
import type { PieceStore } from './scheduler.js';
import type { SpaceCredit } from './space-credit.js';

export function createCreditedStore(store: ExtentStore, credit: SpaceCredit): PieceStore {
  return {
    has: (piece) => store.has(piece),
    isClaimed: (piece) => store.isClaimed(piece),
    checkClaim: (piece) => store.checkClaim(piece),
    isBusy: (piece) => store.isBusy(piece),
    takeSpace: (bytes) => credit.take(bytes),
    returnSpace: (bytes) => credit.giveBack(bytes),
    createBuffer: (bytes) => store.createBuffer(bytes),
    releaseBuffer: (buffer) => store.releaseBuffer(buffer),
    accept: (piece, buffer) => store.accept(piece, buffer),
  };
}
