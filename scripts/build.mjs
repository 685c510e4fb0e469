// Builds dist/ from the sources: each TypeScript file on its own (types are checked by `npm run types`), other files copied.
// Only what changed is done (an output carries its source's time), and outputs appear whole: a running test never reads half a file.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const projectDir = fileURLToPath(new URL('..', import.meta.url));
const outDir = join(projectDir, 'dist');
const sourceDirs = ['addon', 'backend', 'manifest', 'scripts'];
const usage = `usage: node scripts/build.mjs [--clean]
Builds dist/ from ${sourceDirs.join(', ')}. --clean removes dist/ first.`;

function modifiedMs(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function listFiles(dir) {
  if (modifiedMs(dir) === 0) return [];
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function writeWhole(file, content, timeMs) {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, content);
  utimesSync(partial, timeMs / 1000, timeMs / 1000);
  renameSync(partial, file);
}

function isStale(source) {
  return Math.abs(modifiedMs(source) - modifiedMs(outputOf(source))) >= 1;
}

/** Compiles each file; resolves with what is wrong in those that could not be. */
async function compile(sources) {
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile(join(projectDir, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectDir);
  // On its own a file does not know package.json's "type", so what NodeNext would find out is said here.
  const { ESNext: module } = ts.ModuleKind;
  const compilerOptions = { ...options, module, moduleResolution: ts.ModuleResolutionKind.Bundler, rootDir: undefined };
  const problems = [];
  for (const source of sources) {
    const output = outputOf(source);
    const fileName = relative(dirname(output), source);
    const timeMs = modifiedMs(source);
    const text = readFileSync(source, 'utf8');
    const result = ts.transpileModule(text, { fileName, compilerOptions, reportDiagnostics: true });
    const problem = result.diagnostics?.[0];
    if (problem) {
      problems.push(`${relative(projectDir, source)}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
      continue;
    }
    writeWhole(`${output}.map`, fixSourceMap(result.sourceMapText, fileName), timeMs);
    writeWhole(output, result.outputText, timeMs);
  }
  return problems;
}

function fixSourceMap(text, fileName) {
  return JSON.stringify({ ...JSON.parse(text), sourceRoot: '', sources: [fileName] });
}

function outputOf(source) {
  return join(outDir, relative(projectDir, source)).replace(/\.ts$/, '.js');
}

/** Brings dist/ up to date; resolves with how many files were stale, and what is wrong in those that could not be compiled. */
export async function build() {
  const sources = sourceDirs
    .flatMap((dir) => listFiles(join(projectDir, dir)))
    .filter((file) => !file.endsWith('.d.ts'));
  const wanted = new Set(sources.flatMap((source) => [outputOf(source), `${outputOf(source)}.map`]));
  for (const file of listFiles(outDir)) {
    if (!wanted.has(file) && !file.endsWith('.partial')) rmSync(file, { force: true });
  }
  const stale = sources.filter(isStale);
  const scripts = stale.filter((source) => source.endsWith('.ts'));
  const problems = scripts.length > 0 ? await compile(scripts) : [];
  for (const file of stale) if (!file.endsWith('.ts')) writeWhole(outputOf(file), readFileSync(file), modifiedMs(file));
  return { count: stale.length, problems };
}

/** Builds for a script that needs dist/: ends the process when that cannot be. */
export async function buildOrExit() {
  const { count, problems } = await build();
  if (problems.length === 0) return count;
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
  } else {
    if (process.argv.includes('--clean')) rmSync(outDir, { recursive: true, force: true });
    const count = await buildOrExit();
    process.stdout.write(count === 0 ? 'dist/ is up to date\n' : `built ${count} files into dist/\n`);
  }
}
