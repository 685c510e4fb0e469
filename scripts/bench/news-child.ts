// A process of its own in which a news server stands, so that what it costs is not counted with the server under test. Told by
// its parent what to post; answers with NZBs, port and counts; ends with its parent.

import { readFile } from 'node:fs/promises';

import { rarVolumes } from '../fixtures/index.js';
import {
  makePost,
  pseudoRandomBytes,
  repeatedSource,
  startNntpServer,
  startTcpRelay,
  type FileToPost,
} from '../lab/index.js';

/** A release to post. Its content is `partBytes` of noise over and over: encoded once, served as fast as can be. */
export interface NewsRelease {
  /** Of the film in it. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly partBytes: number;
  /** In so many RAR5 volumes; absent: the film itself. */
  readonly volumes?: number;
}

/** What the parent sends first. */
export interface NewsTask {
  readonly releases: readonly NewsRelease[];
  /** How far away it is, connecting included; 0 is here. */
  readonly roundTripMs: number;
  /** Of each connection; 0 is unlimited. */
  readonly bytesPerSecond: number;
  readonly account: { readonly user: string; readonly password: string } | null;
  /** PEM files; null speaks plainly. */
  readonly tls: { readonly keyFile: string; readonly certFile: string } | null;
}

/** What it answers to the task. */
export interface NewsReady {
  readonly port: number;
  /** In the order of the releases. */
  readonly nzbs: readonly string[];
}

/** What it answers to any later message. */
export interface NewsNumbers {
  /** That left it, protocol and all; where it is here, only bodies that were sent to their end. */
  readonly bytes: number;
  readonly bodies: number;
  readonly connections: number;
  readonly open: number;
}

/** More than a volume's headers take: then there is not one volume too many. */
const volumeHeaderBytes = 512;

type Answering = (answer: NewsReady | NewsNumbers) => void;

async function serve(task: NewsTask, answer: Answering): Promise<() => void> {
  const { account, bytesPerSecond, roundTripMs, tls } = task;
  const server = await startNntpServer({
    bytesPerSecond,
    ...account,
    ...(tls && { tls: { key: await readFile(tls.keyFile), cert: await readFile(tls.certFile) } }),
  });
  const posts = task.releases.map((release) =>
    makePost(filesOf(release), { seed: release.name, partBytes: release.partBytes, isFast: true }),
  );
  for (const article of posts.flatMap((post) => post.articles)) server.post(article);
  const relay =
    roundTripMs === 0
      ? null
      : await startTcpRelay(server.port, { delayMs: roundTripMs / 2, connectDelayMs: roundTripMs });
  answer({ port: relay?.port ?? server.port, nzbs: posts.map((post) => post.nzb) });
  return () => {
    const { bodies, connections, open, bytes } = server.counts;
    answer({ bytes: relay?.downstreamBytes() ?? bytes, bodies, connections, open });
  };
}

function filesOf({ name, sizeBytes, partBytes, volumes }: NewsRelease): readonly FileToPost[] {
  const content = repeatedSource(pseudoRandomBytes(name, partBytes), sizeBytes);
  if (volumes === undefined) return [{ name, content }];
  const volumeBytes = Math.ceil(sizeBytes / volumes) + volumeHeaderBytes;
  const set = { format: 'rar5', innerName: name, setName: name.replace(/\.mkv$/, ''), hasChecksums: false } as const;
  return rarVolumes({ ...set, content, volumeBytes });
}

let count: (() => void) | null = null;
process.on('message', (task: NewsTask) => {
  const answer: Answering = (message) => process.send?.(message);
  if (count !== null) count();
  else void serve(task, answer).then((counting) => (count = counting));
});
process.on('disconnect', () => process.exit(0));
