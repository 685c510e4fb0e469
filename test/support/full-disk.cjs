// Preloaded into a server under test: while the file HEADSTART_TEST_FULL_DISK exists, writes below HEADSTART_TEST_FULL_FOLDER
// fail as they do on a full disk. Plain CommonJS, so that it holds in worker threads too.
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { promisify } = require('node:util');

const flag = process.env.HEADSTART_TEST_FULL_DISK;
const folder = process.env.HEADSTART_TEST_FULL_FOLDER;

function isFull({ fd }) {
  return fs.existsSync(flag) && fs.readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
}

function noSpace() {
  return Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
}

function guard(prototype, name) {
  const plain = prototype[name];
  prototype[name] = async function guarded(...args) {
    if (isFull(this)) throw noSpace();
    return plain.apply(this, args);
  };
}

/** The forms with a callback, and what `promisify` makes of them. */
function guardCallback(name) {
  const plain = fs[name];
  const promised = promisify(plain);
  const guarded = (fd, ...args) => {
    if (isFull({ fd })) return void process.nextTick(args.at(-1), noSpace());
    return plain(fd, ...args);
  };
  guarded[promisify.custom] = async (fd, ...args) => {
    if (isFull({ fd })) throw noSpace();
    return promised(fd, ...args);
  };
  fs[name] = guarded;
}

if (flag && folder) {
  for (const name of ['write', 'writev']) guardCallback(name);
  syncBuiltinESMExports();
  void fs.promises.open('/dev/null').then(async (probe) => {
    for (const name of ['write', 'writev', 'writeFile', 'appendFile']) guard(Object.getPrototypeOf(probe), name);
    await probe.close();
  });
}
