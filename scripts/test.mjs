// Runs jest: builds first (workers and whole servers run from dist/), keeps every process it starts on loopback, and
// fails when anything tried to leave, or failed where no test looked. Arguments are jest's own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, projectDir } from './build.mjs';

const usage = `usage: node scripts/test.mjs [--long] [--no-build] [jest arguments]
  npm test                    everything but test/long
  npm test -- test/unit/jobs  what lies under a path
  npm run test:unit           test/unit only
  npm run test:long           test/long only (big files, long fault runs)
  npm run test:long -- fault  those of test/long whose path says so`;

function jestArguments(args) {
  const long = ['--testPathIgnorePatterns=<rootDir>/test/(?!long/)'];
  if (args.includes('--long')) return [...args.filter((arg) => arg !== '--long'), ...long];
  return [...args, '--testPathIgnorePatterns=/test/long/'];
}

function runJest(args, problemFile) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const preloads = ['loopback-guard', 'stray-errors'].map((name) => {
    return `--require=${JSON.stringify(join(projectDir, `test/support/${name}.cjs`))}`;
  });
  const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', ...preloads];
  const env = { ...process.env, HEADSTART_TEST_PROBLEMS: problemFile };
  env.NODE_OPTIONS = [process.env.NODE_OPTIONS, ...options].filter(Boolean).join(' ');
  const child = spawn(process.execPath, [jest, ...args], { cwd: projectDir, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

const args = process.argv.slice(2);
if (args.includes('--help')) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
if (!args.includes('--no-build')) {
  // A file that does not compile fails the tests that need it, not the others.
  const { problems } = await build();
  if (problems.length > 0) process.stderr.write(`${problems.join('\n')}\n`);
}
const scratch = mkdtempSync(join(tmpdir(), 'headstart-test-'));
const problemFile = join(scratch, 'problems.log');
const jestCode = await runJest(jestArguments(args.filter((arg) => arg !== '--no-build')), problemFile);
const problems = existsSync(problemFile) ? readFileSync(problemFile, 'utf8') : '';
rmSync(scratch, { recursive: true, force: true });
if (problems) process.stderr.write(`\nOutside the tests' own results:\n\n${problems}`);
process.exitCode = jestCode || (problems ? 1 : 0);
