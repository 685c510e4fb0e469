// Nothing in a test reaches beyond this machine: sockets and name lookups that would are refused and, when
// HEADSTART_TEST_PROBLEMS is set (scripts/test.mjs does), written there so that the run fails even if the code
// under test swallowed the error. CommonJS, so that `node --require` loads it in every process and worker thread.
const dgram = require('node:dgram');
const dns = require('node:dns');
const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');

const installed = Symbol.for('headstart.loopbackGuard');
const localAddress = /^(127\.|0\.0\.0\.0$|::1$|::$|::ffff:(0:)?127\.)/;
const localName = /(^|\.)localhost$/;
const reservedName = /\.(invalid|test|example)$|(^|\.)example\.(com|net|org)$/; // RFC 2606: asking for these is no offence

function refuse(what) {
  const error = Object.assign(new Error(`the loopback guard refused ${what}`), { code: 'ENETUNREACH' });
  const file = process.env.HEADSTART_TEST_PROBLEMS;
  if (file) appendFileSync(file, `${error.stack}\n\n`);
  return error;
}

function isLocal(address) {
  return !address || localAddress.test(address) || localName.test(address);
}

/** Wraps a lookup so that its answers are checked, whoever supplied it. */
function checkedLookup(lookup) {
  return (host, options, callback) =>
    lookup(host, options, (error, address, family) => {
      const addresses = Array.isArray(address) ? address.map((entry) => entry.address) : [address];
      const outside = error ? undefined : addresses.find((entry) => !isLocal(entry));
      if (outside) callback(refuse(`a connection to ${host} (${outside})`));
      else callback(error, address, family);
    });
}

function nameError(host) {
  if (!reservedName.test(host)) refuse(`the lookup of ${host}`);
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host });
}

function guardNames() {
  const { lookup } = dns;
  const lookupPromise = dns.promises.lookup;
  dns.lookup = (host, options, callback) => {
    const done = typeof options === 'function' ? options : callback;
    if (isLocal(host) || net.isIP(host)) return lookup(host, options, callback);
    return void process.nextTick(() => done(nameError(host)));
  };
  dns.promises.lookup = async (host, options) => {
    if (isLocal(host) || net.isIP(host)) return lookupPromise(host, options);
    throw nameError(host);
  };
  for (const name of ['resolve', 'resolve4', 'resolve6', 'resolveSrv', 'resolveTxt']) {
    dns[name] = (host, ...rest) => void process.nextTick(() => rest.at(-1)(nameError(host)));
    dns.promises[name] = async (host) => {
      throw nameError(host);
    };
  }
}

function guardStreams() {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function guarded(...args) {
    // Node passes its own normalized argument array along when it calls itself.
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
    if (options.path || typeof options.host !== 'string') return connect.apply(this, args);
    if (net.isIP(options.host) && !isLocal(options.host)) {
      const error = refuse(`a connection to ${options.host}:${options.port}`);
      process.nextTick(() => this.destroy(error));
      return this;
    }
    if (options.lookup) options.lookup = checkedLookup(options.lookup);
    return connect.apply(this, args);
  };
}

function guardDatagrams() {
  const { send, connect } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function guarded(...args) {
    const address = args.slice(1).find((arg) => typeof arg === 'string');
    if (isLocal(address) || reservedName.test(address)) return send.apply(this, args);
    const error = refuse(`a datagram to ${address}`);
    const done = args.at(-1);
    if (typeof done === 'function') process.nextTick(() => done(error));
  };
  dgram.Socket.prototype.connect = function guarded(port, address, done) {
    if (typeof address !== 'string' || isLocal(address)) return connect.call(this, port, address, done);
    throw refuse(`a datagram socket connected to ${address}`);
  };
}

if (!net.Socket.prototype[installed]) {
  net.Socket.prototype[installed] = true;
  guardNames();
  guardStreams();
  guardDatagrams();
  syncBuiltinESMExports();
}
