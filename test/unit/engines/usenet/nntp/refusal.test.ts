import { describe, expect, it } from '@jest/globals';
import {
  faultOf,
  isMissing,
  isUnknownCommand,
  refusalError,
  wantsModeReader,
} from '../../../../../backend/engines/usenet/nntp/refusal.js';
import type { RefusalStage } from '../../../../../backend/engines/usenet/nntp/refusal.js';

const ACCOUNT = { host: 'news.test', user: 'ann.lee', password: 's3cr3t' };

describe('refusals', () => {
  it.each<[RefusalStage, number, string, string]>([
    ['greeting', 400, 'service temporarily unavailable', 'PROVIDER_UNREACHABLE'],
    ['greeting', 400, 'Too many connections from your address', 'PROVIDER_LIMIT'],
    ['greeting', 502, '', 'PROVIDER_LIMIT'],
    ['greeting', 502, 'Access denied', 'PROVIDER_AUTH'],
    ['login', 481, 'Authentication rejected', 'PROVIDER_AUTH'],
    ['login', 481, 'Too many connections for your account', 'PROVIDER_LIMIT'],
    ['login', 482, '', 'PROVIDER_LIMIT'],
    ['login', 482, 'Invalid username or password', 'PROVIDER_AUTH'],
    ['login', 502, 'Authentication Failed', 'PROVIDER_AUTH'],
    ['login', 502, 'Connection limit exceeded', 'PROVIDER_LIMIT'],
    ['login', 452, '', 'PROVIDER_AUTH'],
    ['login', 599, '', 'PROVIDER_AUTH'],
    ['command', 480, 'Authentication required', 'PROVIDER_AUTH'],
    ['command', 502, 'You have exceeded your download quota', 'PROVIDER_LIMIT'],
    ['command', 400, 'idle timeout', 'PROVIDER_UNREACHABLE'],
    ['command', 403, 'internal fault', 'PROVIDER_UNREACHABLE'],
  ])('%s %d %s - is %s', (stage, code, text, fault) => {
    expect(faultOf({ code, text }, stage)).toBe(fault);
    expect(refusalError(ACCOUNT, { code, text }, stage)).toMatchObject({ name: 'UpstreamError', code: fault });
  });

  it('missing articles, unknown commands and reader mode - are told apart', () => {
    const replies = [420, 423, 430, 451, 500, 501, 503, 401, 480, 400].map((code) => ({ code, text: '' }));
    const codes = (is: typeof isMissing): number[] => replies.filter((reply) => is(reply)).map(({ code }) => code);
    expect(codes(isMissing)).toEqual([420, 423, 430, 451]);
    expect(codes(isUnknownCommand)).toEqual([500, 501, 503]);
    expect(codes(wantsModeReader)).toEqual([401]);
    expect(wantsModeReader({ code: 480, text: 'Transfer permission denied, use MODE READER' })).toBe(true);
  });

  it('a login that is wanted where none is configured - is asked for', () => {
    const hint = 'wants a login: put user:password@ into its address.';
    const reply = { code: 480, text: 'Authentication required' };
    expect(refusalError({ host: 'news.test' }, reply, 'command')).toMatchObject({
      code: 'PROVIDER_AUTH',
      message: expect.stringContaining(hint),
    });
    expect(refusalError(ACCOUNT, reply, 'command').message).not.toContain(hint);
    const limit = { code: 480, text: 'too many connections' };
    expect(refusalError({ host: 'news.test' }, limit, 'command').message).not.toContain(hint);
  });

  it('what the server says - is quoted in bounds', () => {
    const { message } = refusalError(ACCOUNT, { code: 502, text: `bye\u0007${'x'.repeat(5000)}` }, 'greeting');
    expect(message).toContain('502 bye x');
    expect(message.length).toBeLessThan(400);
  });

  it.each([
    ['bad password: AUTHINFO PASS s3cr3t', 'bad password: …'],
    ['s3cr3t is wrong for ann.lee (S3CR3T)', '… is wrong for … (…)'],
    ['`authinfo user` of someone else', '`…'],
    [`${'x'.repeat(197)}s3cr3t`, `${'x'.repeat(197)}…`],
  ])('a login that is echoed: %s - is never quoted', (text, quoted) => {
    const { message } = refusalError(ACCOUNT, { code: 481, text }, 'login');
    expect(message.slice(message.indexOf('481'))).toBe(`481 ${quoted}`);
  });

  it('a password of blanks, signs and letters beyond ASCII - is not quoted either', () => {
    const account = { host: 'news.test', user: 'u', password: ' p$.*\u00e4\t(x ' };
    const mangled = Buffer.from(account.password).toString('latin1');
    for (const echo of [account.password, account.password.trim(), mangled, encodeURIComponent(account.password)]) {
      const { message } = refusalError(account, { code: 481, text: `no: ${echo}` }, 'login');
      expect(message).toMatch(/481 no: \s?…\s?$/);
    }
  });
});
