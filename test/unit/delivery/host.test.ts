import { describe, expect, it } from '@jest/globals';

import { isLoopbackName, parseAuthority } from '../../../backend/delivery/host.js';

describe('host', () => {
  it.each([
    ['localhost', 'localhost'],
    ['my_box.lan:7000', 'my_box.lan'],
    ['192.168.1.5:80', '192.168.1.5'],
    ['[::1]:7000', '::1'],
    ['[fe80::1]', 'fe80::1'],
    ['xn--bcher-kva.example.', 'xn--bcher-kva.example.'],
  ])('host - %s is a host', (text, name) => expect(parseAuthority(text)).toEqual({ name, text }));

  it.each([
    '',
    ' ',
    'a b',
    'a/b',
    'user@host',
    'host?x',
    'host#x',
    'host:0',
    'host:65536',
    'host:80:90',
    'host:',
    '::1',
    '[::1',
    '[host]',
    '[:::]',
    'bücher.example',
    'a..b',
    '-a',
    '127.1',
    '1.2.3.999',
    '2130706433',
    'a"><script>',
    'a\r\nb',
    'a\\b',
    'a%2eb',
    'a'.repeat(254),
  ])('host - "%s" is none', (text) => expect(parseAuthority(text)).toBeNull());

  it.each(['localhost', 'LOCALHOST.', 'a.localhost', '127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
    'host - %s is this machine',
    (name) => expect(isLoopbackName(name)).toBe(true),
  );

  it.each(['localhost.evil.test', 'notlocalhost', '127.0.0.1.evil.test', '10.0.0.1', '::', '0.0.0.0', ''])(
    'host - "%s" is another',
    (name) => expect(isLoopbackName(name)).toBe(false),
  );
});
