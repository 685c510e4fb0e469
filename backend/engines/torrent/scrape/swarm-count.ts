// What a tracker tells of a swarm when it is only asked how many there are.

/** As one tracker counts them. */
export interface SwarmCount {
  readonly seeders: number;
  readonly leechers: number;
}
