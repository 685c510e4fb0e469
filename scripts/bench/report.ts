// What a bench says in the end: the machine, a table, what is held and whether it was, and the same as JSON.

import { mkdir, writeFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';

import type { Result, Spread } from './measure.js';

/** One thing that performance must hold. */
export interface Claim {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** Whether the measured number must be at least or at most the limit. */
  readonly must: 'be at least' | 'be at most';
}

/** A finished bench. */
export interface Report {
  readonly bench: string;
  /** What was done, in a line: sizes, rates, distances. */
  readonly setting: string;
  readonly results: readonly Result[];
  readonly claims: readonly Claim[];
}

/** Prints the report and writes it to `bench-results/<bench>-<time>.json`. */
export async function publish(report: Report): Promise<void> {
  const machine = describeMachine();
  const date = new Date().toISOString();
  const lines = [
    `\nbench:${report.bench} · ${report.setting}`,
    `${machine} · ${date.slice(0, 10)}`,
    '',
    ...formatTable(report.results),
    '',
  ];
  process.stdout.write(`${[...lines, ...report.claims.map(formatClaim)].join('\n')}\n`);
  await mkdir('bench-results', { recursive: true });
  const file = join('bench-results', `${report.bench}-${date.replace(/[:.]/g, '-')}.json`);
  await writeFile(file, `${JSON.stringify({ ...report, machine, date }, null, 2)}\n`);
  process.stdout.write(`\nWritten to ${file}\n`);
}

/** Median of one column of one side; NaN when there is none. */
export function medianOf(results: readonly Result[], side: string, column: string): number {
  return results.find(({ name }) => name === side)?.columns[column]?.median ?? NaN;
}

function describeMachine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? arch();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${String(processors.length)} × ${model}, ${memory}, Linux ${release()}, Node ${process.version}`;
}

function formatTable(results: readonly Result[]): string[] {
  const columns = [...new Set(results.flatMap((result) => Object.keys(result.columns)))];
  const rows = results.map((result) => [
    result.name,
    ...columns.map((column) => {
      const spread = result.columns[column];
      return spread ? formatSpread(spread) : '–';
    }),
  ]);
  const table = [['', ...columns], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('   ')
      .trimEnd(),
  );
}

function formatSpread({ median, min, max }: Spread): string {
  return `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function formatClaim({ what, measured, limit, must }: Claim): string {
  const holds = must === 'be at least' ? measured >= limit : measured <= limit;
  return `${holds ? 'held    ' : 'NOT HELD'}  ${what}: ${formatNumber(measured)}, must ${must} ${formatNumber(limit)}`;
}
