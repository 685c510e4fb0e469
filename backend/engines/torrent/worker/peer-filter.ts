// Which addresses may be peers: the house's address policy plus the blocklist. Counts what it refuses.

import { isIP } from 'node:net';
import type { AddressPolicy } from '../../../platform/index.js';
import type { PackedRanges } from '../address-ranges.js';
import { isInRanges } from '../address-ranges.js';

export class PeerFilter {
  private blocked: PackedRanges | null = null;
  private refusals = 0;

  constructor(private readonly policy: Pick<AddressPolicy, 'allows'>) {}

  /** Peers refused so far. */
  get refused(): number {
    return this.refusals;
  }

  setBlocklist(ranges: PackedRanges): void {
    this.blocked = ranges;
  }

  /** `address` is a bare IP address; anything else is refused. */
  allows(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const isBlocked = this.blocked !== null && isInRanges(this.blocked, plain);
    const isAllowed = isIP(plain) !== 0 && !isBlocked && this.policy.allows(plain);
    if (!isAllowed) this.refusals++;
    return isAllowed;
  }
}
