import { describe, expect, it } from '@jest/globals';
import { parseBasic } from '../../../backend/api/webdav-access.js';

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

describe('basic credentials', () => {
  it('header - name up to the first colon, the rest is the password', () => {
    expect(parseBasic(basic('headstart:a:b c ü'))).toEqual({ user: 'headstart', password: 'a:b c ü' });
    expect(parseBasic(basic(':key').replace('Basic', 'bAsIc '))).toEqual({ user: '', password: 'key' });
  });

  it.each([undefined, '', 'Basic', 'Basic ???', 'Bearer abc', basic('no colon'), `Basic ${'A'.repeat(3_000)}`])(
    'header %.30s - is none',
    (header) => {
      expect(parseBasic(header)).toBeNull();
    },
  );
});
