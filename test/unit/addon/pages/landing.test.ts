import { describe, expect, it } from '@jest/globals';
import { landingOf } from '../../../../addon/pages/landing.js';

describe('where a sign-in leads', () => {
  it('own pages - by their names', () => {
    expect([landingOf({ to: 'library' }), landingOf({ to: 'configure' })]).toEqual(['library', 'configure']);
  });

  it.each([
    [undefined],
    [null],
    ['library'],
    [{}],
    [{ to: '' }],
    [{ to: '/library' }],
    [{ to: '//evil.example/library' }],
    [{ to: 'https://evil.example/' }],
    [{ to: ['library'] }],
    [{ to: 'library\r\nx: y' }],
  ])('anything else - %j leads to the settings', (sent) => {
    expect(landingOf(sent)).toBe('configure');
  });
});
