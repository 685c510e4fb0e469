// Unhandled rejections and uncaught exceptions that no test catches (after a file's last test, in workers, in servers
// under test) are noted in HEADSTART_TEST_PROBLEMS, and scripts/test.mjs fails the run. During a test jest itself sees them.
const { appendFileSync } = require('node:fs');
const { threadId } = require('node:worker_threads');

const installed = Symbol.for('headstart.strayErrors');

if (!process[installed]) {
  process[installed] = true;
  process.on('uncaughtExceptionMonitor', (error, origin) => {
    const file = process.env.HEADSTART_TEST_PROBLEMS;
    const place = `${process.argv[1] ?? 'node'} (pid ${process.pid}, thread ${threadId})`;
    if (file) appendFileSync(file, `${origin} in ${place}: ${error?.stack ?? error}\n\n`);
  });
}
