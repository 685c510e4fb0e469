// Preloaded into a server under test: on SIGUSR2 every worker thread of the process is terminated, as a crash would do it.
// Plain JavaScript, for `node --import`.
import { syncBuiltinESMExports } from 'node:module';
import workerThreads, { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const running = new Set();
  workerThreads.Worker = class TrackedWorker extends workerThreads.Worker {
    constructor(...args) {
      super(...args);
      running.add(this);
      this.once('exit', () => running.delete(this));
    }
  };
  syncBuiltinESMExports();
  process.on('SIGUSR2', () => {
    process.stdout.write(`{"msg":"test: terminating ${running.size} workers"}\n`);
    for (const worker of running) void worker.terminate();
  });
}
