// Whatever a client of SABnzbd sends: a request within bounds or an InputError; sums and names of any address.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressMd5sOf } from '../../backend/api/nzb-address.js';
import { namesOf } from '../../backend/api/sabnzbd-add.js';
import { parseSabnzbdRequest } from '../../backend/api/sabnzbd-request.js';
import { categoryOf, parseEntryId } from '../../backend/api/sabnzbd-words.js';
import { InputError } from '../../backend/content/index.js';

const keys = [
  'mode',
  'name',
  'value',
  'value2',
  'cat',
  'nzbname',
  'priority',
  'start',
  'limit',
  'nzo_ids',
  '__proto__',
];
const noise = fc.string({ unit: 'binary', maxLength: 200 });
const value = fc.oneof(noise, fc.integer().map(String), fc.webUrl({ withQueryParameters: true }));
const address = fc.oneof(
  noise,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(fc.constantFrom('api', 'download', 'getnzb', 'get/1.nzb'), fc.constantFrom('?', '&', '/?'), noise)
    .map(([path, mark, query]) => `https://indexer.example/${path}${mark}t=get&id=1&link=2&${query}`),
);

describe('calls of SABnzbd from anywhere', () => {
  it('parameters - make a request within bounds, or an InputError', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 12 }), (fields) => {
        try {
          const { start, limit, values, category } = parseSabnzbdRequest(new Map(fields));
          for (const number of [start, limit]) expect(Number.isInteger(number) && number >= 0).toBe(true);
          expect(values).not.toContain('');
          expect(categoryOf(category)).not.toMatch(/[/*\p{Cc}]|^\.{0,2}$/u);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
    );
  });

  it('ids - are an item’s, with a sum or without', () => {
    fc.assert(
      fc.property(fc.oneof(noise, fc.stringMatching(/^SABnzbd_nzo_[0-9a-f]{4}(_[0-9a-f]{32})?$/)), (id) => {
        const { nzoId, addressMd5 } = parseEntryId(id);
        expect(addressMd5 === null ? nzoId : `${nzoId}_${addressMd5}`).toBe(id);
      }),
    );
  });

  it('addresses - have one sum or two, which no fragment changes', () => {
    fc.assert(
      fc.property(address, (text) => {
        const sums = addressMd5sOf(text);
        expect([1, 2]).toContain(sums.length);
        for (const sum of sums) expect(sum).toMatch(/^[0-9a-f]{32}$/);
        if (/^[^#]*[^#\s\p{Cc}]$/u.test(text)) expect(addressMd5sOf(`${text}#part`)).toEqual(sums);
      }),
    );
  });

  it('names - are parts of what was given, and passwords the one beside them first', () => {
    fc.assert(
      fc.property(noise, noise, fc.option(address), (nzbName, password, from) => {
        const { name, passwords } = namesOf({ nzbName, password }, from);
        expect(name.length).toBeLessThanOrEqual(nzbName.length);
        if (password !== '') expect(passwords[0]).toBe(password);
      }),
    );
  });
});
