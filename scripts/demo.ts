// `npm run demo`: with no network and no accounts, a film is made, given to Headstart through a swarm (or, with `-- --usenet`,
// through a news server) on loopback, prepared through its API and played over HTTP while it downloads; under a minute.

import { demoTorrent } from './demo/torrent.js';
import { demoUsenet } from './demo/usenet.js';

const usage = `usage: npm run demo [-- --usenet]
Makes a film, seeds it (or posts it as an archive to a news server) on loopback, prepares it, plays it over HTTP while it
downloads, prints what happened and when.
`;

try {
  if (process.argv.includes('--help')) process.stdout.write(usage);
  else await (process.argv.includes('--usenet') ? demoUsenet() : demoTorrent());
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
