import { describe, expect, it } from '@jest/globals';
import { passwordsInName } from '../../../../../backend/engines/usenet/nzb/name-password.js';

describe('passwords in the name of an NZB', () => {
  it.each([
    ['Some.Release.nzb', 'Some.Release', []],
    ['Some.Release{{secret}}.nzb', 'Some.Release', ['secret']],
    ['Some.Release{{a}b}}}.nzb.gz', 'Some.Release', ['a}b}']],
    ['a{{x}}{{ y }}{{x}}.NZB', 'a', ['x', 'y']],
    ['Some Release password=two words.nzb', 'Some Release', ['two words']],
    ['Release.password=p=1.nzb', 'Release', ['p=1']],
    ['mypassword=x.nzb', 'mypassword=x', []],
    ['a{{}}.nzb', 'a{{}}', []],
    ['', '', []],
  ])('password in name - %s', (fileName, name, passwords) => {
    expect(passwordsInName(fileName)).toEqual({ name, passwords });
  });
});
