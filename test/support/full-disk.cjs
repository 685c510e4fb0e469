// Preloaded into a server under test: while the file HEADSTART_TEST_FULL_DISK exists, writes below HEADSTART_TEST_FULL_FOLDER
// fail as they do on a full disk. Plain CommonJS, so that it holds in worker threads too.
const fs = require('node:fs');

const flag = process.env.HEADSTART_TEST_FULL_DISK;
const folder = process.env.HEADSTART_TEST_FULL_FOLDER;

function isFull(handle) {
  return fs.existsSync(flag) && fs.readlinkSync(`/proc/self/fd/${handle.fd}`).startsWith(folder);
}

function guard(prototype, name) {
  const plain = prototype[name];
  prototype[name] = async function guarded(...args) {
    if (isFull(this)) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    return plain.apply(this, args);
  };
}

if (flag && folder) {
  void fs.promises.open('/dev/null').then(async (probe) => {
    for (const name of ['write', 'writev', 'writeFile', 'appendFile']) guard(Object.getPrototypeOf(probe), name);
    await probe.close();
  });
}
