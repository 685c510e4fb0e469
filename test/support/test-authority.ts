// A certificate authority of a test's own, and one server certificate for loopback from it. Made by openssl, in memory.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestAuthority {
  /** What a client has to believe, PEM. */
  readonly certificate: string;
  /** For `localhost` and `127.0.0.1`, PEM. */
  readonly server: { readonly key: string; readonly cert: string };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function createTestAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'headstart-authority-'));
  const file = (name: string): string => join(folder, name);
  const read = (name: string): string => readFileSync(file(name), 'utf8');
  try {
    const root = ['-x509', '-days', '2', '-subj', '/CN=Headstart test authority'];
    run(['req', ...NEW_KEY, ...root, '-keyout', file('ca.key'), '-out', file('ca.crt')]);
    run(['req', ...NEW_KEY, '-subj', '/CN=localhost', '-keyout', file('server.key'), '-out', file('server.csr')]);
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    const signed = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
    run(['x509', '-req', '-days', '2', '-in', file('server.csr'), ...signed, '-out', file('server.crt')]);
    return { certificate: read('ca.crt'), server: { key: read('server.key'), cert: read('server.crt') } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(words: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${words[0]} failed: ${stderr}`);
}
