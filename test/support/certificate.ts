// A certificate for 127.0.0.1 and localhost, signed by an authority of its own that no system believes. Needs openssl.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** PEM files. */
export interface Certificate {
  /** The authority: for `ca=` of a provider. */
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Writes `ca.pem`, `cert.pem`, `key.pem` into `folder`, which is made by the caller or here. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const at = (name: string): string => join(folder, name);
  await mkdir(folder, { recursive: true });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await writeFile(at('names.txt'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  const authority = [
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=Lab authority',
    '-keyout',
    at('ca-key.pem'),
    '-out',
    at('ca.pem'),
  ];
  await run('openssl', ['req', ...newKey, ...authority]);
  const request = ['-subj', '/CN=localhost', '-keyout', at('key.pem'), '-out', at('request.pem')];
  await run('openssl', ['req', ...newKey, ...request]);
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-CAcreateserial', '-days', '2'];
  const files = ['-in', at('request.pem'), '-extfile', at('names.txt'), '-out', at('cert.pem')];
  await run('openssl', ['x509', '-req', ...signing, ...files]);
  return { caFile: at('ca.pem'), certFile: at('cert.pem'), keyFile: at('key.pem') };
}
