import { describe, expect, it } from '@jest/globals';
import type { DavEntry } from '../../../backend/api/webdav-entry.js';
import { escapeXml, formatResponse } from '../../../backend/api/webdav-multistatus.js';

const file: DavEntry = {
  kind: 'file',
  path: ['complete', 'tv', `A & "B"`, 'film.mkv'],
  sizeBytes: 5_000,
  modifiedAt: Date.UTC(2024, 0, 2, 3, 4, 5),
  etag: '"abc"',
};
const folder: DavEntry = { kind: 'folder', path: ['complete'], modifiedAt: null };

describe('multistatus', () => {
  it('file - length, type, times, etag, under its percent-encoded address', () => {
    expect(formatResponse(file, '/pre', { kind: 'all' })).toBe(
      '<D:response><D:href>/pre/webdav/complete/tv/A%20%26%20%22B%22/film.mkv</D:href><D:propstat><D:prop>' +
        '<D:resourcetype/><D:displayname>film.mkv</D:displayname><D:getcontentlength>5000</D:getcontentlength>' +
        '<D:getcontenttype>video/x-matroska</D:getcontenttype>' +
        '<D:getlastmodified>Tue, 02 Jan 2024 03:04:05 GMT</D:getlastmodified>' +
        '<D:creationdate>2024-01-02T03:04:05.000Z</D:creationdate><D:getetag>&quot;abc&quot;</D:getetag>' +
        '</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>\n',
    );
  });

  it('folder - is a collection, without a length', () => {
    const xml = formatResponse(folder, '', { kind: 'all' });
    expect(xml).toContain('<D:href>/webdav/complete/</D:href>');
    expect(xml).toContain('<D:resourcetype><D:collection/></D:resourcetype>');
    expect(xml).not.toMatch(/getcontentlength|getcontenttype|getetag|getlastmodified/);
  });

  it('named properties - those there are come first, the others as not found', () => {
    const names = [
      { space: 'urn:"<', name: 'odd' },
      { space: 'DAV:', name: 'quota-used-bytes' },
      { space: 'DAV:', name: 'getcontentlength' },
      { space: '', name: 'bare' },
    ];
    expect(formatResponse(file, '', { kind: 'these', names })).toContain(
      '<D:propstat><D:prop><D:getcontentlength>5000</D:getcontentlength></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>' +
        '<D:propstat><D:prop><odd xmlns="urn:&quot;&lt;"/><D:quota-used-bytes/><bare xmlns=""/></D:prop>' +
        '<D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>',
    );
  });

  it('names of properties - without values', () => {
    const xml = formatResponse(file, '', { kind: 'names' });
    expect(xml).toContain('<D:getcontentlength/>');
    expect(xml).not.toContain('5000');
  });

  it('text - what XML cannot hold is replaced, the rest escaped', () => {
    expect(escapeXml('a<b>&"\u0001\uffff\r🎬')).toBe('a&lt;b&gt;&amp;&quot;\ufffd\ufffd&#13;🎬');
  });
});
