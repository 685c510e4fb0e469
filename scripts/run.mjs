// Builds what changed and runs one of the compiled scripts: `node scripts/run.mjs demo` runs dist/scripts/demo.js.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildOrExit, projectDir } from './build.mjs';

const name = process.argv[2] ?? '';
await buildOrExit();
const script = [`${name}.js`, `${name}/main.js`, `${name}/index.js`]
  .map((path) => join(projectDir, 'dist/scripts', path))
  .find((path) => /^[\w/-]+$/.test(name) && existsSync(path));
if (!script) {
  process.stderr.write('usage: node scripts/run.mjs <script> [arguments]\nwhere scripts/<script>.ts exists\n');
  process.exit(1);
}
process.argv.splice(1, 2, script);
await import(pathToFileURL(script).href);
