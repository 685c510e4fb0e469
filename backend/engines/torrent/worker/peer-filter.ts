// Which addresses may be peers: the house's address policy plus the blocklist. Counts what it refuses.

import { BlockList, isIP } from 'node:net';
import type { AddressPolicy } from '../../../platform/index.js';
import type { BlockedRange } from '../protocol.js';

export class PeerFilter {
  private blocked = new BlockList();
  private refusals = 0;

  constructor(private readonly policy: Pick<AddressPolicy, 'allows'>) {}

  /** Peers refused so far. */
  get refused(): number {
    return this.refusals;
  }

  setBlocklist(ranges: readonly BlockedRange[]): void {
    const list = new BlockList();
    for (const range of ranges) list.addRange(range.first, range.last, isIP(range.first) === 6 ? 'ipv6' : 'ipv4');
    this.blocked = list;
  }

  /** `address` is a bare IP address; anything else is refused. */
  allows(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    const isAllowed =
      version !== 0 && this.policy.allows(plain) && !this.blocked.check(plain, version === 6 ? 'ipv6' : 'ipv4');
    if (!isAllowed) this.refusals++;
    return isAllowed;
  }
}
