// What is known of where a torrent comes from, and of the ways into its swarm; it only grows.

import type { TorrentSource } from '../../../content/index.js';
import type { SwarmAddress } from '../protocol.js';

/** What the operator says about trackers. */
export interface TrackerRules {
  /** Trackers added to every public torrent. */
  trackers(): readonly string[];
  /** False for a tracker never to be used, whoever names it. */
  allowsTracker(tracker: string): boolean;
}

export class KnownSource {
  constructor(
    private current: TorrentSource,
    private readonly rules: TrackerRules,
  ) {}

  get source(): TorrentSource {
    return this.current;
  }

  learnInfo(info: Uint8Array): void {
    this.current = { ...this.current, info };
  }

  /** Returns the ways that may be used, or null when all were known. */
  learnWays(news: SwarmAddress): SwarmAddress | null {
    const { trackers, webSeeds, peers } = this.current;
    const next = {
      trackers: union(trackers, news.trackers),
      webSeeds: union(webSeeds, news.webSeeds),
      peers: union(peers, news.peers),
    };
    const known = trackers.length + webSeeds.length + peers.length;
    if (next.trackers.length + next.webSeeds.length + next.peers.length === known) return null;
    this.current = { ...this.current, ...next };
    return { trackers: this.allowed(news.trackers), webSeeds: news.webSeeds, peers: news.peers };
  }

  /** Every way into the swarm that may be used; a private torrent's are only its own (BEP 27). */
  swarm({ isPrivate }: { readonly isPrivate: boolean }): SwarmAddress {
    const { trackers, webSeeds, peers } = this.current;
    const wider = isPrivate ? trackers : union(trackers, this.rules.trackers());
    return { trackers: this.allowed(wider), webSeeds, peers };
  }

  private allowed(trackers: readonly string[]): string[] {
    return trackers.filter((tracker) => this.rules.allowsTracker(tracker));
  }
}

function union(first: readonly string[], second: readonly string[]): string[] {
  return [...new Set([...first, ...second])];
}
