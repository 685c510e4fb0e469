// How every bench measures: sides take turns, so that a noisy minute falls on all of them; medians with min and max.

import { cpuSecondsOf } from '../lab/index.js';

/** One side's numbers of one round, by column. */
export type Sample = Readonly<Record<string, number>>;

/** Something that is measured; `run` does one round from a clean beginning and answers its numbers. */
export interface Side {
  readonly name: string;
  run(round: number): Promise<Sample>;
}

/** Median and range of one number. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One side's numbers of all rounds. */
export interface Result {
  readonly name: string;
  readonly rounds: readonly Sample[];
  readonly columns: Readonly<Record<string, Spread>>;
}

/** Runs all sides `rounds` times in turn. Says what it is doing on standard error. */
export async function takeTurns(sides: readonly Side[], rounds: number): Promise<readonly Result[]> {
  const samples = new Map<string, Sample[]>(sides.map((side) => [side.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const side of sides) {
      process.stderr.write(`  round ${String(round + 1)}/${String(rounds)}: ${side.name}\n`);
      samples.get(side.name)?.push(await side.run(round));
    }
  }
  return sides.map(({ name }) => summarize(name, samples.get(name) ?? []));
}

/** CPU seconds and wall seconds that a process tree takes for `work`. */
export async function costOf(
  pid: number,
  work: () => Promise<unknown>,
): Promise<{ seconds: number; cpuSeconds: number }> {
  const cpuBefore = await cpuSecondsOf(pid);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: (await cpuSecondsOf(pid)) - cpuBefore };
}

/** Throughput and CPU per GB of `sizeBytes` that took this. */
export function ratesOf(sizeBytes: number, cost: { seconds: number; cpuSeconds: number }): Sample {
  return {
    'MB/s': sizeBytes / 1e6 / cost.seconds,
    'CPU-s/GB': cost.cpuSeconds / (sizeBytes / 1e9),
  };
}

/** Median, smallest and largest of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  return { median: percentile(sorted, 0.5), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

/** The value below which `fraction` of the sorted numbers lie, interpolated. */
export function percentile(sorted: readonly number[], fraction: number): number {
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)] ?? NaN;
  const high = sorted[Math.ceil(at)] ?? NaN;
  return low + (high - low) * (at - Math.floor(at));
}

function summarize(name: string, rounds: readonly Sample[]): Result {
  const keys = Object.keys(rounds[0] ?? {});
  const columns = Object.fromEntries(keys.map((key) => [key, spreadOf(rounds.map((round) => round[key] ?? NaN))]));
  return { name, rounds, columns };
}
