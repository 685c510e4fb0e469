// Builds dist/ from the sources: each TypeScript file on its own (types are checked by `npm run types`), other files copied.
// Only what is newer than its output is done, and outputs appear whole, so a running test never reads half a file.
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

function writeWhole(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, file);
}

async function compile(sources) {
  const { default: ts } = await import('typescript');
  const { config } = ts.readConfigFile(join(projectDir, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, projectDir);
  // On its own a file does not know package.json's "type", so what NodeNext would find out is said here.
  const { ESNext: module } = ts.ModuleKind;
  const compilerOptions = { ...options, module, moduleResolution: ts.ModuleResolutionKind.Bundler, rootDir: undefined };
  for (const source of sources) {
    const output = outputOf(source);
    const fileName = relative(dirname(output), source);
    const text = readFileSync(source, 'utf8');
    const result = ts.transpileModule(text, { fileName, compilerOptions, reportDiagnostics: true });
    const problem = result.diagnostics?.[0];
    if (problem) throw new Error(`${source}: ${ts.flattenDiagnosticMessageText(problem.messageText, '\n')}`);
    writeWhole(`${output}.map`, fixSourceMap(result.sourceMapText, fileName));
    writeWhole(output, result.outputText);
  }
}

function fixSourceMap(text, fileName) {
  return JSON.stringify({ ...JSON.parse(text), sourceRoot: '', sources: [fileName] });
}

function outputOf(source) {
  return join(outDir, relative(projectDir, source)).replace(/\.ts$/, '.js');
}

/** Brings dist/ up to date and resolves with how many files that took. */
export async function build() {
  const sources = sourceDirs
    .flatMap((dir) => listFiles(join(projectDir, dir)))
    .filter((file) => !file.endsWith('.d.ts'));
  const wanted = new Set(sources.flatMap((source) => [outputOf(source), `${outputOf(source)}.map`]));
  for (const file of listFiles(outDir))
    if (!wanted.has(file) && !file.endsWith('.partial')) rmSync(file, { force: true });
  const stale = sources.filter((source) => modifiedMs(source) > modifiedMs(outputOf(source)));
  const scripts = stale.filter((source) => source.endsWith('.ts'));
  if (scripts.length > 0) await compile(scripts);
  for (const file of stale) if (!file.endsWith('.ts')) writeWhole(outputOf(file), readFileSync(file));
  return stale.length;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
  } else {
    if (process.argv.includes('--clean')) rmSync(outDir, { recursive: true, force: true });
    const count = await build();
    process.stdout.write(count === 0 ? 'dist/ is up to date\n' : `built ${count} files into dist/\n`);
  }
}
