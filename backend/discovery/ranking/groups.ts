// Which of some things belong together, told pair by pair (disjoint sets). Pure; things are numbers from 0.

export class Groups {
  readonly #parents: number[];

  constructor(count: number) {
    this.#parents = Array.from({ length: count }, (_, index) => index);
  }

  /** From now on these two, and all that belong to either, are one group. */
  join(a: number, b: number): void {
    const [first, second] = [this.#rootOf(a), this.#rootOf(b)];
    this.#parents[Math.max(first, second)] = Math.min(first, second);
  }

  /** Every thing is in exactly one group, alone if nothing was said of it. */
  list(): readonly (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const index of this.#parents.keys()) {
      const root = this.#rootOf(index);
      const group = groups.get(root);
      if (group === undefined) groups.set(root, [index]);
      else group.push(index);
    }
    return [...groups.values()];
  }

  /** Shortens the way as it goes, so that long chains stay cheap. */
  #rootOf(index: number): number {
    let at = index;
    for (;;) {
      const parent = this.#parents[at] ?? at;
      if (parent === at) return at;
      const grandparent = this.#parents[parent] ?? parent;
      this.#parents[at] = grandparent;
      at = grandparent;
    }
  }
}
