import { afterEach, describe, expect, it } from '@jest/globals';
import type { NntpProvider } from '../../../../../backend/platform/index.js';
import { PoolLab } from '../../../../support/pool-lab.js';
import type { NewsScript } from '../../../../support/small-news-server.js';

describe('login to a news server', () => {
  let lab = new PoolLab();
  afterEach(async () => {
    await lab.close();
    lab = new PoolLab();
  });

  /** How a dial ended, and what was said. */
  async function loggedIn(script: NewsScript, options: Partial<NntpProvider> = {}): Promise<[string, string[]]> {
    const server = await lab.server(script);
    const { signal } = new AbortController();
    const { code } = await lab.pool([]).test(server.provider(options), { signal });
    return [code, server.commands.filter((line) => !/^(STAT|QUIT)/.test(line))];
  }
  const user = { user: 'me', password: 'secret' };

  it('no account - none is sent', async () => {
    expect(await loggedIn({})).toEqual(['OK', []]);
  });

  it('a user without password - is enough where the server says so', async () => {
    const answer = (line: string): string | undefined => (line.startsWith('AUTHINFO') ? '281 fine' : undefined);
    expect(await loggedIn({ answer }, { user: 'me' })).toEqual(['OK', ['AUTHINFO USER me']]);
  });

  it('a transit server - is asked for reader mode first', async () => {
    const script = { greeting: () => '200 news.test InterNetNews server (transit mode)', password: 'secret' };
    const said = ['MODE READER', 'AUTHINFO USER me', 'AUTHINFO PASS secret'];
    expect(await loggedIn(script, user)).toEqual(['OK', said]);
  });

  it('a server that knows no login yet - gets it again in reader mode', async () => {
    let isReader = false;
    const answer = (line: string): string | undefined => {
      if (line === 'MODE READER') isReader = true;
      return line.startsWith('AUTHINFO') && !isReader ? '500 unknown command' : undefined;
    };
    const said = ['AUTHINFO USER me', 'MODE READER', 'AUTHINFO USER me', 'AUTHINFO PASS secret'];
    expect(await loggedIn({ answer, password: 'secret' }, user)).toEqual(['OK', said]);
  });

  it.each([
    ['wrong', '481 no', 'PROVIDER_AUTH'],
    ['full', '502 too many connections for this user', 'PROVIDER_LIMIT'],
    ['empty', '482 block account is out of bytes', 'PROVIDER_LIMIT'],
  ])('an account that is %s - is told as such', async (_, refusal, code) => {
    const answer = (line: string): string | undefined => (line.startsWith('AUTHINFO PASS') ? refusal : undefined);
    expect((await loggedIn({ answer }, user))[0]).toBe(code);
  });

  it('a password that would be two lines - is never sent', async () => {
    expect(await loggedIn({}, { user: 'me', password: 'a\r\nQUIT' })).toEqual(['PROVIDER_AUTH', ['AUTHINFO USER me']]);
  });

  it.each(['USER', 'PASS'])('a server that echoes AUTHINFO %s - is quoted without it', async (field) => {
    const answer = (line: string): string | undefined =>
      line.startsWith(`AUTHINFO ${field}`) ? `481 secret of somebody is wrong: ${line}` : undefined;
    const server = await lab.server({ answer, password: 'secret' });
    const provider = server.provider({ user: 'somebody', password: 'secret' });
    const test = JSON.stringify(await lab.pool([]).test(provider, { signal: new AbortController().signal }));
    expect(test).toContain('481 … of … is wrong');
    expect(test).not.toMatch(/secret|somebody|AUTHINFO/);
  });
});
