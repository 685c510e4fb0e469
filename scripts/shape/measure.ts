// Measures what makes code readable: lines per file, lines per function, imports per file. Proportional to the source text.

import ts from 'typescript';
import type { SourceFile } from './source-files.js';

/** A thing with a length, and where it is. */
export interface Measured {
  readonly where: string;
  readonly count: number;
}

/** All lengths of some files. */
export interface Shape {
  readonly files: readonly Measured[];
  readonly functions: readonly Measured[];
  readonly imports: readonly Measured[];
}

/** Median, 95th percentile and largest; zeros when there is nothing. */
export interface Summary {
  readonly total: number;
  readonly median: number;
  readonly p95: number;
  readonly max: Measured;
}

/** Measures TypeScript and JavaScript files. A function counts from its first to its last line, its inner ones included. */
export function measureShape(sources: readonly SourceFile[]): Shape {
  const parsed = sources.map((source) => ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true));
  return {
    files: parsed.map((file) => ({ where: file.fileName, count: file.text.trimEnd().split('\n').length })),
    functions: parsed.flatMap(measureFunctions),
    imports: parsed.map((file) => ({
      where: file.fileName,
      count: file.statements.filter(ts.isImportDeclaration).length,
    })),
  };
}

/** Sums up one column of a shape. */
export function summarize(measured: readonly Measured[]): Summary {
  const sorted = [...measured].sort((a, b) => a.count - b.count);
  const at = (fraction: number): Measured => {
    const position = Math.ceil(sorted.length * fraction) - 1;
    return sorted[Math.max(0, position)] ?? { where: '-', count: 0 };
  };
  return { total: sorted.length, median: at(0.5).count, p95: at(0.95).count, max: at(1) };
}

function measureFunctions(file: ts.SourceFile): Measured[] {
  const found: Measured[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
      const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
      const last = file.getLineAndCharacterOfPosition(node.end).line;
      found.push({ where: `${file.fileName}:${first + 1}`, count: last - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
