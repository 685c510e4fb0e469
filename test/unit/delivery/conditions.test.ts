import { describe, expect, it } from '@jest/globals';

import { checkConditions, headerText, isRangeCurrent } from '../../../backend/delivery/conditions.js';

const AT = 'Mon, 06 May 2024 07:08:09 GMT';
const BEFORE = 'Mon, 06 May 2024 07:08:08 GMT';
const AFTER = 'Mon, 06 May 2024 07:08:10 GMT';
const now = { etag: '"abc"', lastModifiedMs: Date.UTC(2024, 4, 6, 7, 8, 9) };

describe('conditions', () => {
  it.each<[string, Record<string, string>, string]>([
    ['none', {}, 'proceed'],
    ['the same tag', { 'if-none-match': '"abc"' }, 'not-modified'],
    ['the same tag, weak', { 'if-none-match': 'W/"abc"' }, 'not-modified'],
    ['the same tag among others', { 'if-none-match': '"x,y", W/"z" ,"abc"' }, 'not-modified'],
    ['any tag', { 'if-none-match': '*' }, 'not-modified'],
    ['another tag', { 'if-none-match': '"abcd"' }, 'proceed'],
    ['no tag at all', { 'if-none-match': 'abc' }, 'proceed'],
    ['a tag inside a tag', { 'if-none-match': '"x\\"abc"' }, 'proceed'],
    ['a broken list that names it too late', { 'if-none-match': 'x, "abc"' }, 'proceed'],
    ['another tag beats the date', { 'if-none-match': '"x"', 'if-modified-since': AT }, 'proceed'],
    ['the same date', { 'if-modified-since': AT }, 'not-modified'],
    ['a later date', { 'if-modified-since': AFTER }, 'not-modified'],
    ['an earlier date', { 'if-modified-since': BEFORE }, 'proceed'],
    ['no date', { 'if-modified-since': 'yesterday' }, 'proceed'],
    ['must match and does', { 'if-match': '"x", "abc"' }, 'proceed'],
    ['must match anything', { 'if-match': '*' }, 'proceed'],
    ['must match and does not', { 'if-match': '"x"' }, 'failed'],
    ['must match strongly', { 'if-match': 'W/"abc"' }, 'failed'],
    ['must be unmodified and is', { 'if-unmodified-since': AT }, 'proceed'],
    ['must be unmodified and is not', { 'if-unmodified-since': BEFORE }, 'failed'],
    ['a matching tag beats the date', { 'if-match': '"abc"', 'if-unmodified-since': BEFORE }, 'proceed'],
    ['failing comes first', { 'if-match': '"x"', 'if-none-match': '"abc"' }, 'failed'],
  ])('conditions - %s', (_title, headers, expected) => expect(checkConditions(headers, now)).toBe(expected));

  it('conditions - without a date of our own, dates decide nothing', () => {
    const undated = { etag: '"abc"', lastModifiedMs: null };
    expect(checkConditions({ 'if-modified-since': AFTER }, undated)).toBe('proceed');
    expect(checkConditions({ 'if-unmodified-since': BEFORE }, undated)).toBe('proceed');
    expect(isRangeCurrent({ 'if-range': AT }, undated)).toBe(false);
  });

  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['"abc"', true],
    ['W/"abc"', false],
    ['"abd"', false],
    [AT, true],
    ['Monday, 06-May-24 07:08:09 GMT', true],
    [BEFORE, false],
    [AFTER, false],
    ['*', false],
    ['', false],
  ])('conditions - If-Range %s', (text, expected) => {
    expect(isRangeCurrent(text === undefined ? {} : { 'if-range': text }, now)).toBe(expected);
  });

  it('conditions - repeated headers are one list', () => {
    expect(headerText({ a: ['"x"', '"abc"'] }, 'a')).toBe('"x", "abc"');
    expect(headerText({}, 'a')).toBeUndefined();
  });
});
