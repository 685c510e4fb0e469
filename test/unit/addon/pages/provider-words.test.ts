// The sentences of the page's script, which browsers load as it is.

import { beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Words {
  stateName(provider: unknown): string;
  stateSentence(provider: unknown): string;
  ownPort(settings: unknown): number | null;
  figures(provider: unknown): string;
  findingSentence(findings: unknown): string;
  formSentence(message: string): string;
  fieldOf(message: string): string | null;
}

const provider = {
  ...{ host: 'news.example.org', port: 563, tls: true, state: 'ok', lastError: { message: 'An old trouble.' } },
  connections: { open: 2, busy: 1, limit: 10 },
  settings: { priority: 0 },
  speedBytesPerSecond: 0,
};
const ok = ['dns', 'connect'].map((stage) => ({ stage, ok: true }));

describe('words about news servers', () => {
  let words: Words;

  beforeAll(async () => {
    const file = join(process.cwd(), 'addon/pages/assets/provider-words.js');
    words = (await import(pathToFileURL(file).href)) as Words;
  });

  it('state - is told with its trouble, as long as there is one', () => {
    expect([words.stateName(provider), words.stateSentence(provider)]).toEqual(['Connected', '']);
    expect(words.stateSentence({ ...provider, state: 'auth', lastError: { message: 'It said 481.' } })).toBe(
      'It refuses the login: check user and password. It said 481.',
    );
  });

  it('state - of one that NNTP_PROVIDERS has, too, says what to do', () => {
    const twin = { ...provider, state: 'twin', lastError: null };
    expect(words.stateName(twin)).toBe('Not used');
    expect(words.stateSentence(twin)).toContain('Remove it here or there.');
  });

  it('port - the usual one is left to the server, so that it follows TLS', () => {
    expect(words.ownPort({ port: 563, isTls: true })).toBeNull();
    expect(words.ownPort({ port: 119, isTls: false })).toBeNull();
    expect(words.ownPort({ port: 563, isTls: false })).toBe(563);
  });

  it('figures - name the speed where there is any', () => {
    expect(words.figures(provider)).toBe('news.example.org:563, TLS · priority 0 · 2 of 10 connections open, 1 busy');
    expect(words.figures({ ...provider, tls: false, speedBytesPerSecond: 2_340_000 })).toMatch(
      /no TLS .* · 2\.3 MB\/s$/,
    );
  });

  it.each([
    ['connect', 'It does not answer.', 'It fails at this step: connection. It does not answer. Check server and port,'],
    ['tls', 'No certificate.', 'It fails at this step: TLS. No certificate.'],
    ['login', 'Refused.', 'It fails at this step: login. Refused. Check user and password.'],
  ])('a test that fails at %s - says where, why, and what to look at', (stage, message, sentence) => {
    const findings = { ok: false, code: 'X', message, stages: [...ok, { stage, ok: false }] };
    expect(words.findingSentence(findings)).toContain(sentence);
  });

  it('a test of a server that is full - sends nobody looking for a mistake', () => {
    const findings = { ok: false, code: 'PROVIDER_LIMIT', message: 'Full.', stages: [{ stage: 'login', ok: false }] };
    expect(words.findingSentence(findings)).toBe('It fails at this step: login. Full.');
    expect(words.findingSentence({ ok: true, stages: ok })).toBe('Everything is fine: name, connection.');
  });

  it('what the API says of fields - is told in the form’s words', () => {
    const message = 'password must be given again, and the user too, because host is another one.';
    expect(words.formSentence(message)).toBe(
      'The password must be given again, and the user too, because the server is another one.',
    );
    expect([words.fieldOf(message), words.fieldOf('There are 64 news servers already')]).toEqual(['password', null]);
  });
});
