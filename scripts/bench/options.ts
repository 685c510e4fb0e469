// What all benches take on the command line.

import { parseArgs } from 'node:util';

/** Parsed command line. */
export interface BenchOptions {
  /** Which benches; all when none is named. */
  readonly names: readonly string[];
  /** Bytes of content per side and round. */
  readonly sizeBytes: number;
  readonly rounds: number;
}

const units: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30 };

/** Null when help was asked for or something is not understood. */
export function parseOptions(args: readonly string[]): BenchOptions | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { size: { type: 'string' }, rounds: { type: 'string' }, help: { type: 'boolean' } },
  });
  const sizeBytes = parseSize(values.size ?? '1GiB');
  const rounds = Number(values.rounds ?? 3);
  if (values.help || sizeBytes === null || !Number.isInteger(rounds) || rounds < 1) return null;
  return { names: positionals, sizeBytes, rounds };
}

function parseSize(text: string): number | null {
  const [, digits, unit] = /^(\d+)\s*([KMG]i?B)?$/i.exec(text) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (unit === undefined ? 1 : (units[unit.toUpperCase()] ?? 1));
}
