// Asks the server of this machine's settings for /health and exits with 0 when it answers; the container's health check.

import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { readConfig } from '../backend/platform/index.js';

const TIMEOUT_MS = 4_000;

const config = await readConfig();
const isAnyAddress = config.host === '0.0.0.0' || config.host === '::';
const options = {
  host: isAnyAddress ? '127.0.0.1' : config.host,
  port: config.port,
  path: '/health',
  timeout: TIMEOUT_MS,
  rejectUnauthorized: false, // the certificate is for the name clients use, not for this address
};
const request = (config.tlsCertFile === undefined ? getPlain : getSecure)(options, (response) => {
  process.exit(response.statusCode === 200 ? 0 : 1);
});
request.on('timeout', () => process.exit(1));
request.on('error', () => process.exit(1));
