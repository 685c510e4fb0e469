// A file on an HTTP server is a MediaFile like any other.

import { HttpEngine } from '../../backend/engines/http/index.js';
import { AddressPolicy, createHttpClient, systemClock } from '../../backend/platform/index.js';
import { NotedLog } from '../support/noted-log.js';
import { pseudoRandomBytes } from '../support/pseudo-random.js';
import { RangeServer } from '../support/range-server.js';
import { describeMediaFile } from './media-file-suite.js';

describeMediaFile('on an http server', async () => {
  const original = pseudoRandomBytes('media file over http', 3_000_001);
  const server = new RangeServer({ bytes: original });
  const origin = await server.start();
  const client = createHttpClient({ policy: new AddressPolicy(true), log: new NotedLog() });
  const engine = new HttpEngine({ client, clock: systemClock });
  const signal = new AbortController().signal;
  const release = await engine.resolve(
    { kind: 'http', url: `${origin}/film.mkv` },
    { signal, report: () => undefined },
  );
  const [remote] = release.files;
  if (remote === undefined) throw new Error('The server shows no file.');
  const file = await engine.open(release, remote, { signal });
  return { file, original, close: () => server.close() };
});
