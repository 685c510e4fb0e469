// Prints the table of sizes: files, functions and imports of the project's rooms, against what style allows.

import { measureShape, summarize } from './shape/measure.js';
import type { Measured } from './shape/measure.js';
import { listSourceFiles } from './shape/source-files.js';

const folders = ['addon', 'backend', 'manifest', 'scripts'];
const usage = `usage: node scripts/run.mjs shape-table [folder ...]
Lines per file and function and imports per file of ${folders.join(', ')} (or of the folders given).
`;

function row(name: string, measured: readonly Measured[], allowed: string): string {
  const { total, median, p95, max } = summarize(measured);
  const cells = [
    String(total).padStart(6),
    String(median).padStart(7),
    String(p95).padStart(5),
    String(max.count).padStart(5),
  ];
  return `${name.padEnd(20)}${cells.join('')}  ${allowed.padEnd(16)}${max.where}`;
}

function main(args: readonly string[]): void {
  if (args.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  const chosen = args.length > 0 ? args : folders;
  const sources = listSourceFiles(process.cwd(), { folders: chosen, endings: ['.ts', '.mjs'] });
  const shape = measureShape(sources.filter((source) => !source.path.endsWith('.d.ts')));
  const lines = [
    `${''.padEnd(20)} count median  p95  max  ${'allowed'.padEnd(16)}largest`,
    row('lines per file', shape.files, '100 300 400'),
    row('lines per function', shape.functions, '- 40 80'),
    row('imports per file', shape.imports, '- 10 -'),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

main(process.argv.slice(2));
