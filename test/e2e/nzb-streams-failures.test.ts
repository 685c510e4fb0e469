// `POST /api/nzb/streams` of the built server: what does not play says why, in numbers its clients understand, and soon.

import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { pseudoRandomSource, sourceOfBytes, writeNzb } from '../../scripts/lab/index.js';
import { askHash } from '../support/http.js';
import { startIndexer, type Indexer, type IndexerReply } from '../support/indexer.js';
import { nzbAnswer, nzbFailure, submitNzb, type NzbAsk, type SubmittedNzb } from '../support/nzb-client.js';
import { openUsenetLab, type PostedNzb, type UsenetLab } from '../support/usenet-lab.js';

const secret = 'indexer-secret-5f2d';

describe('nzb streams that fail', () => {
  let lab: UsenetLab;
  let indexer: Indexer;
  let count = 0;
  beforeAll(async () => {
    lab = await openUsenetLab({ server: 'scripted' });
    indexer = lab.resources.use(await startIndexer());
  });
  afterAll(async () => {
    const { logs } = lab.headstart;
    await lab.close();
    expect(logs).not.toContain(secret);
    expect(logs).not.toContain('open-sesame');
  });

  const submit = (fields: Readonly<Record<string, string>>, options?: NzbAsk): Promise<SubmittedNzb> =>
    submitNzb(lab.headstart, fields, options);
  const upload = (name: string, nzb: string): Promise<SubmittedNzb> =>
    submit({}, { file: { name, bytes: Buffer.from(nzb) } });
  const postFilm = (isMissing: (part: { readonly number: number }) => boolean): Promise<PostedNzb> => {
    const name = `Film.${String(++count)}.2020.1080p`;
    const files = [{ name: `${name}.mkv`, content: pseudoRandomSource(name, 400_000) }];
    return lab.post(name, files, { partBytes: 20_000, isMissing });
  };
  /** Commands about articles of this release so far. */
  const commandsFor = ({ messageIds }: PostedNzb): number =>
    Object.values(messageIds)
      .flatMap((ids) => ids.flatMap((id) => [`STAT ${id}`, `BODY ${id}`]))
      .reduce((sum, command) => sum + (lab.scripted.counts.asked.get(command) ?? 0), 0);

  it('a dead release - fails in seconds, without a question the second time, also after a restart; force tries again', async () => {
    const dead = await postFilm(() => true);
    const first = await submit({ nzb_url: dead.nzbUrl });
    expect(nzbFailure(first)).toEqual([422, 'ARTICLE_MISSING']);
    expect(first.tookMs).toBeLessThan(20_000);
    const asked = commandsFor(dead);
    expect(nzbFailure(await submit({ nzb_url: dead.nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    expect(nzbFailure(await upload('other.nzb', dead.nzb))).toEqual([422, 'ARTICLE_MISSING']);
    expect(commandsFor(dead)).toBe(asked);
    await lab.headstart.kill();
    await lab.headstart.start();
    expect(nzbFailure(await submit({ nzb_url: dead.nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    expect(commandsFor(dead)).toBe(asked);
    expect(nzbFailure(await submit({ nzb_url: dead.nzbUrl, force: 'true' }))).toEqual([422, 'ARTICLE_MISSING']);
    expect(commandsFor(dead)).toBeGreaterThan(asked);
  });

  it('a release that was dead and is there now - plays when forced', async () => {
    const posted = await postFilm(() => false);
    for (const { messageId } of posted.articles) lab.scripted.remove(messageId);
    expect(nzbFailure(await submit({ nzb_url: posted.nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    for (const article of posted.articles) lab.scripted.post(article);
    expect(nzbFailure(await submit({ nzb_url: posted.nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    const { streams } = nzbAnswer(await submit({ nzb_url: posted.nzbUrl, force: 'true' }));
    expect((await askHash(streams[0]?.url ?? '')).sizeBytes).toBe(400_000);
  });

  it('a first article that is missing - is a refusal; one in the middle of many is not', async () => {
    const headless = await postFilm(({ number }) => number === 1);
    expect(nzbFailure(await submit({ nzb_url: headless.nzbUrl }))).toEqual([422, 'ARTICLE_MISSING']);
    const name = 'Holed.Film.2020.1080p';
    const content = pseudoRandomSource(name, 400_000);
    const holed = await lab.post(name, [{ name: `${name}.mkv`, content }], {
      partBytes: 4_000,
      isMissing: ({ number }) => number === 50,
    });
    const { streams } = nzbAnswer(await submit({ nzb_url: holed.nzbUrl }));
    expect((await askHash(streams[0]?.url ?? '')).sizeBytes).toBe(400_000);
  });

  it.each(['rar5-compressed', 'rar4-compressed', '7z-lzma2', 'zip-deflated'])(
    'a compressed archive, %s - is refused as one, the second time without a question',
    async (name) => {
      const posted = await lab.postSet(name);
      const first = await submit({ nzb_url: posted.nzbUrl });
      expect(nzbFailure(first)).toEqual([422, 'ARCHIVE_COMPRESSED']);
      expect(first.tookMs).toBeLessThan(20_000);
      const asked = commandsFor(posted);
      expect(nzbFailure(await submit({ nzb_url: posted.nzbUrl }))).toEqual([422, 'ARCHIVE_COMPRESSED']);
      expect(commandsFor(posted)).toBe(asked);
    },
  );

  it.each(['rar5-password', 'rar5-encrypted-headers', 'rar4-encrypted-headers', '7z-stored-encrypted'])(
    'a password, %s - none or a wrong one is refused, the right one in the file name plays all the same',
    async (name) => {
      const { nzb, nzbUrl, contains } = await lab.postSet(name, { meta: { name } });
      expect(nzbFailure(await submit({ nzb_url: nzbUrl }))).toEqual([422, 'ARCHIVE_PASSWORD']);
      expect(nzbFailure(await upload(`${name}{{wrong}}.nzb`, nzb))).toEqual([422, 'ARCHIVE_PASSWORD']);
      const { streams } = nzbAnswer(await upload(`${name}{{open-sesame}}.nzb`, nzb));
      const [[film, { sha256 } = { sha256: '' }] = ['']] = Object.entries(contains);
      expect(streams.map(({ name: shown }) => shown)).toEqual([film]);
      expect((await askHash(streams[0]?.url ?? '')).sha256).toBe(sha256);
      expect(nzbFailure(await submit({ nzb_url: nzbUrl }))).toEqual([422, 'ARCHIVE_PASSWORD']);
    },
  );

  it('a password in the NZB itself - plays', async () => {
    const { nzbUrl } = await lab.postSet('rar4-password');
    expect(nzbAnswer(await submit({ nzb_url: nzbUrl })).streams).toHaveLength(1);
  });

  it('no video, or a volume that is not there - say so', async () => {
    const text = await lab.post('Text', [{ name: 'readme.txt', content: sourceOfBytes(Buffer.from('Hello.')) }]);
    expect(nzbFailure(await submit({ nzb_url: text.nzbUrl }))).toEqual([422, 'NO_VIDEO']);
    const { nzb } = await lab.postSet('rar5-volumes');
    const files = nzb.match(/ <file [\s\S]*?<\/file>\n/g) ?? [];
    const less = nzb.replace(files.find((file) => file.includes('part3.rar')) ?? '?', '');
    expect(nzbFailure(await upload('less.nzb', less))).toEqual([422, 'ARCHIVE_INCOMPLETE']);
  });

  const notNzbs: [string, IndexerReply, number, string][] = [
    ['noise', 'no NZB at all', 400, 'NZB_INVALID'],
    ['nothing', '', 400, 'NZB_INVALID'],
    ['a page', '<!DOCTYPE html><html><body><p>Please <b>log in<br></p></body></html>', 400, 'NZB_INVALID'],
    [
      'an error of a Newznab indexer',
      '<?xml version="1.0"?><error code="500" description="Limit"/>',
      400,
      'NZB_INVALID',
    ],
    ['an NZB without files', writeNzb([]), 400, 'NZB_INVALID'],
    ['an NZB that ends too soon', '<?xml version="1.0"?><nzb><file subject="a"><segments>', 400, 'NZB_INVALID'],
    ['a gzip that ends too soon', gzipSync(Buffer.alloc(9999, 'a')).subarray(0, 20), 400, 'NZB_INVALID'],
    ['a page that is not found', (_request, response) => response.writeHead(404).end('No'), 400, 'NZB_UNFETCHABLE'],
    ['a server in trouble', (_request, response) => response.writeHead(500).end(), 400, 'NZB_UNFETCHABLE'],
    ['an answer that breaks off', (_request, response) => breakOff(response), 400, 'NZB_UNFETCHABLE'],
    [
      'redirects without end',
      (_request, response) => response.writeHead(302, { location: '?' }).end(),
      400,
      'NZB_UNFETCHABLE',
    ],
    [
      'too much',
      (_request, response) => response.writeHead(200, { 'content-length': 100_000_001 }).write('<'),
      413,
      'TOO_LARGE',
    ],
  ];
  it.each(notNzbs)('%s in place of an NZB - is refused', async (_what, reply, status, code) => {
    const url = `${indexer.serve(`/${String(++count)}`, reply)}?apikey=${secret}`;
    const answer = await submit({ nzb_url: url });
    expect(nzbFailure(answer)).toEqual([status, code]);
    expect(JSON.stringify(answer.json)).not.toContain(secret);
  });

  it('an indexer that was wrong once - is asked again', async () => {
    const posted = await postFilm(() => false);
    let replies = 0;
    const url = indexer.serve('/wrong-once', (_request, response) => {
      response.end(replies++ === 0 ? 'Come back later' : posted.nzb);
    });
    expect(nzbFailure(await submit({ nzb_url: url }))).toEqual([400, 'NZB_INVALID']);
    expect(nzbAnswer(await submit({ nzb_url: url })).streams).toHaveLength(1);
  });

  it('an address that nobody answers - is refused', async () => {
    const gone = await startIndexer();
    await gone.close();
    const answer = await submit({ nzb_url: `${gone.origin}/a.nzb?apikey=${secret}` });
    expect(nzbFailure(answer)).toEqual([400, 'NZB_UNFETCHABLE']);
    expect(JSON.stringify(answer.json)).not.toContain(secret);
    expect(nzbFailure(await submit({ nzb_url: 'http://news.invalid/a.nzb' }))).toEqual([400, 'NZB_UNFETCHABLE']);
  });

  const mistakes: [string, Record<string, string>][] = [
    ['nothing', {}],
    ['no address', { nzb_url: 'nonsense' }],
    ['a file of this machine', { nzb_url: 'file:///etc/passwd' }],
    ['another protocol', { nzb_url: 'ftp://127.0.0.1/a.nzb' }],
    ['a season that is none', { nzb_url: 'http://127.0.0.1/a.nzb', season: 'one', episode: '1' }],
    ['a timeout that is none', { nzb_url: 'http://127.0.0.1/a.nzb', timeout: 'soon' }],
  ];
  it.each(mistakes)('a request with %s - is 400', async (_what, fields) => {
    const [status] = nzbFailure(await submit(fields));
    expect(status).toBe(400);
  });

  it('an upload that is too large or no form - is refused, and the server goes on', async () => {
    const huge = { name: 'huge.nzb', bytes: Buffer.alloc(100_000_001, ' ') };
    expect(nzbFailure(await submit({}, { file: huge }))).toEqual([413, 'TOO_LARGE']);
    const bomb = { name: 'bomb.nzb.gz', bytes: gzipSync(Buffer.alloc(410_000_000, ' '), { level: 1 }) };
    const [status] = nzbFailure(await submit({}, { file: bomb }));
    expect([400, 413]).toContain(status);
    expect(nzbFailure(await upload('empty.nzb', ''))[0]).toBe(400);
    const headers = { 'x-api-key': lab.headstart.apiKey, 'content-type': 'multipart/form-data; boundary=x' };
    expect(nzbFailure(await submit({}, { headers }))[0]).toBe(400);
  });
});

describe('nzb streams with a guard', () => {
  let lab: UsenetLab;
  beforeAll(async () => {
    lab = await openUsenetLab({
      server: 'scripted',
      sets: ['rar5-single'],
      headstart: { env: { ALLOW_PRIVATE_FETCH: 'false' } },
    });
  });
  afterAll(() => lab.close());

  it('private addresses - are refused; the configured provider is not', async () => {
    const { nzb, nzbUrl } = lab.set('rar5-single');
    const addresses = [
      nzbUrl,
      nzbUrl.replace('127.0.0.1', 'localhost'),
      nzbUrl.replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    ];
    for (const nzb_url of [...addresses, 'http://169.254.169.254/latest', 'http://10.0.0.1/a.nzb'])
      expect(nzbFailure(await submitNzb(lab.headstart, { nzb_url }))).toEqual([400, 'FETCH_REFUSED']);
    const file = { name: 'a.nzb', bytes: Buffer.from(nzb) };
    const { streams } = nzbAnswer(await submitNzb(lab.headstart, {}, { file }));
    expect((await askHash(streams[0]?.url ?? '')).sizeBytes).toBe(476_120);
  });
});

function breakOff(response: Parameters<Exclude<IndexerReply, string | Uint8Array>>[1]): void {
  response.writeHead(200, { 'content-length': 1000 });
  response.write('<nzb>', () => response.destroy());
}
