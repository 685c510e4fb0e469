import { describe, expect, it } from '@jest/globals';
import { parseDepth, parsePropfind } from '../../../backend/api/webdav-propfind.js';

describe('propfind', () => {
  it('depth - 0, 1 and infinity in any case; absent is infinity', () => {
    expect(['0', ' 1 ', 'infinity', 'Infinity', undefined].map(parseDepth)).toEqual([
      0,
      1,
      'infinity',
      'infinity',
      'infinity',
    ]);
    for (const wrong of ['2', '-1', '1,noroot', 'deep']) expect(() => parseDepth(wrong)).toThrow();
  });

  it('body - none asks for all', () => {
    expect(parsePropfind('')).toEqual({ kind: 'all' });
    expect(parsePropfind(' \n')).toEqual({ kind: 'all' });
  });

  it('body - allprop, also with more to include, and propname', () => {
    const all = '<?xml version="1.0"?><propfind xmlns="DAV:"><allprop/><include><a/></include></propfind>';
    expect(parsePropfind(all)).toEqual({ kind: 'all' });
    expect(parsePropfind('<D:propfind xmlns:D="DAV:"><D:propname/></D:propfind>')).toEqual({ kind: 'names' });
  });

  it('body - the properties that are named, each once, of whatever namespace', () => {
    const body = `<?xml version="1.0" encoding="utf-8" ?>
      <d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop>
        <d:getetag/><oc:checksums/><d:getetag/><plain xmlns=""/><d:resourcetype><d:inner/></d:resourcetype>
      </d:prop></d:propfind>`;
    expect(parsePropfind(body)).toEqual({
      kind: 'these',
      names: [
        { space: 'DAV:', name: 'getetag' },
        { space: 'http://owncloud.org/ns', name: 'checksums' },
        { space: '', name: 'plain' },
        { space: 'DAV:', name: 'resourcetype' },
      ],
    });
  });

  it.each([
    ['text', 'hello'],
    ['cut off', '<D:propfind xmlns:D="DAV:"><D:prop>'],
    ['another element', '<D:propertyupdate xmlns:D="DAV:"/>'],
    ['another namespace', '<propfind xmlns="urn:other"><prop/></propfind>'],
    ['nothing asked', '<propfind xmlns="DAV:"/>'],
    ['an unbound prefix', '<D:propfind><D:allprop/></D:propfind>'],
    ['entities', '<!DOCTYPE a [<!ENTITY b "c">]><propfind xmlns="DAV:"><allprop/></propfind>'],
    [
      'too many',
      `<propfind xmlns="DAV:"><prop>${Array.from({ length: 201 }, (_, n) => `<p${n}/>`).join('')}</prop></propfind>`,
    ],
    ['a long name', `<propfind xmlns="DAV:"><prop><${'a'.repeat(1_100)}/></prop></propfind>`],
  ])('body - %s is refused', (_what, body) => {
    expect(() => parsePropfind(body)).toThrow(expect.objectContaining({ code: 'INPUT' }));
  });
});
