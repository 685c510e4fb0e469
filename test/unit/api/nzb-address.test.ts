import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { addressMd5sOf } from '../../../backend/api/nzb-address.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const cases: [string, string, string[]][] = [
  [
    'Newznab with get: its type and id',
    'https://indexer.example/api?t=get&id=abc&apikey=secret',
    ['https://indexer.example/api?t=get&id=abc'],
  ],
  [
    'the order of parameters stays',
    'https://indexer.example/api?apikey=secret&id=abc&t=g',
    ['https://indexer.example/api?id=abc&t=g'],
  ],
  [
    'nothing to leave out',
    'https://indexer.example/api?t=get&id=a%20b',
    ['https://indexer.example/api?t=get&id=a%20b'],
  ],
  [
    'what stays is written anew',
    'https://indexer.example/api?t=get&id=a%20b&apikey=secret',
    ['https://indexer.example/api?t=get&id=a+b'],
  ],
  [
    'below a path, with a slash',
    'https://x.example/nab/api/?t=get&id=1&r=2',
    ['https://x.example/nab/api/?t=get&id=1'],
  ],
  ['another type', 'https://indexer.example/api?t=details&id=abc', ['https://indexer.example/api']],
  ['no id', 'https://indexer.example/api?t=get&apikey=secret', ['https://indexer.example/api']],
  [
    'a link of Prowlarr',
    'http://prowlarr.example:9696/1/download?apikey=secret&link=QUJD&file=Film',
    ['http://prowlarr.example:9696/1/download?link=QUJD'],
  ],
  ['a download without a link', 'http://indexer.example/download?file=Film', ['http://indexer.example/download']],
  ['getnzb with an id', 'https://indexer.example/getnzb?id=abc&r=secret', ['https://indexer.example/getnzb?id=abc']],
  [
    'getnzb in the path',
    'https://indexer.example/getnzb/abc.nzb?r=secret#top',
    ['https://indexer.example/getnzb/abc.nzb'],
  ],
  ['a fragment alone', 'https://indexer.example/getnzb/abc.nzb#top?x', ['https://indexer.example/getnzb/abc.nzb']],
  [
    'capitals of the host: serialised, and as written',
    'HTTPS://Indexer.Example:443/nzb/1?key=secret',
    ['https://indexer.example/nzb/1', 'HTTPS://Indexer.Example:443/nzb/1'],
  ],
  [
    'parameters after `&`: serialised, and without them',
    'https://indexer.example/getnzb/abc.nzb&i=1&r=secret',
    ['https://indexer.example/getnzb/abc.nzb&i=1&r=secret', 'https://indexer.example/getnzb/abc.nzb'],
  ],
  ['no address', 'abc.nzb&i=1', ['abc.nzb']],
];

describe('sums of addresses', () => {
  it.each(cases)('sums of addresses - %s', (_title, address, cleaned) => {
    expect(addressMd5sOf(address)).toEqual(cleaned.map(md5));
  });
});
