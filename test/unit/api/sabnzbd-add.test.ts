import { describe, expect, it } from '@jest/globals';
import { namesOf } from '../../../backend/api/sabnzbd-add.js';

const names: [string, string, string | null, string, string[]][] = [
  ['a plain one', 'Film 2024', null, 'Film 2024', []],
  ['one with an ending', 'Film  2024.nzb.gz', null, 'Film  2024', []],
  ['one with a password', 'Film{{one}}.nzb', null, 'Film', ['one']],
  ['one with a password spelled out', 'Film password=one', null, 'Film', ['one']],
  ['none', '', 'http://indexer.example/get/Film', '', []],
  ['the end of a path', 'Film', 'http://indexer.example/get/Film.nzb', 'Film', []],
  ['the end of a query', 'get?id=1&apikey=secret', 'http://x.example/get?id=1&apikey=secret', '', []],
  ['the end of what follows `&`', 'abc.nzb&r=secret', 'http://x.example/get/abc.nzb&r=secret', '', []],
  ['a part of a query', 'Film', 'http://x.example/get?id=1&file=a/Film.nzb', '', []],
  ['the end of a path that says what the server does', 'download', 'http://x.example/nzb/1/download', '', []],
  ['the end of a path that is a number', '1234', 'http://x.example/nzb/1234.nzb', '', []],
  ['a number that is no end of the address', '1917', 'http://x.example/nzb/1234', '1917', []],
  ['another than the address', 'Film', 'http://x.example/get?id=1', 'Film', []],
];

describe('names of what is added', () => {
  it.each(names)('names - %s', (_title, nzbName, address, name, passwords) => {
    expect(namesOf({ nzbName, password: '' }, address)).toEqual({ name, passwords });
  });

  it('names - a password beside the name is tried first', () => {
    expect(namesOf({ nzbName: 'Film{{one}}', password: 'two' }, null).passwords).toEqual(['two', 'one']);
  });
});
