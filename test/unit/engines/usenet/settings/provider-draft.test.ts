import { describe, expect, it } from '@jest/globals';
import { InputError } from '../../../../../backend/content/index.js';
import { draftProvider } from '../../../../../backend/engines/usenet/settings/provider-draft.js';

const known = draftProvider('pier', { host: 'pier.example', user: 'reader', password: 'hunter2' }, null);

describe('draft of a news server', () => {
  it('a new one - is TLS at the usual port, named by its host, where nothing else is said', () => {
    expect(draftProvider('x', { host: ' News.Example.ORG ' }, null)).toEqual({
      ...{ id: 'x', name: 'news.example.org', host: 'news.example.org', port: 563, isTls: true, isInsecure: false },
      ...{ connections: 10, depth: 3, priority: 0, isBackup: false },
    });
    expect(draftProvider('x', { host: 'a.example', isTls: false }, null).port).toBe(119);
    expect(draftProvider('x', { host: '[::1]', port: 8563 }, null)).toMatchObject({ host: '::1', port: 8563 });
  });

  it('TLS turned off or on - takes the usual port along, and no other', () => {
    const plain = draftProvider('pier', { isTls: false }, known);
    expect(plain).toMatchObject({ isTls: false, port: 119 });
    expect(draftProvider('pier', { isTls: true }, plain).port).toBe(563);
    expect(draftProvider('pier', { isTls: false, port: 563 }, known).port).toBe(563);
    const own = draftProvider('pier', { port: 8563 }, known);
    expect(draftProvider('pier', { isTls: false }, own).port).toBe(8563);
    expect(draftProvider('pier', { isTls: false, port: null }, own).port).toBe(119);
  });

  it.each([undefined, '', '••••'])('user and password of %j - stay as they are', (text) => {
    const changed = draftProvider('pier', { user: text, password: text, connections: 4 }, known);
    expect(changed).toEqual({ ...known, connections: 4 });
  });

  it('a password alone - is changed alone, as is a user', () => {
    expect(draftProvider('pier', { password: 'new' }, known)).toEqual({ ...known, password: 'new' });
    expect(draftProvider('pier', { user: 'new' }, known)).toEqual({ ...known, user: 'new' });
    expect(draftProvider('pier', { password: null }, known)).not.toHaveProperty('password');
    expect(draftProvider('pier', { user: null }, known)).not.toHaveProperty('password');
  });

  it('an account - is not carried over to another host', () => {
    const elsewhere = { host: 'evil.example' };
    for (const fields of [elsewhere, { ...elsewhere, user: 'reader' }, { ...elsewhere, password: 'x' }]) {
      expect(() => draftProvider('pier', fields, known)).toThrow(/^password must be given again/);
    }
    const moved = draftProvider('pier', { ...elsewhere, user: 'reader', password: 'x' }, known);
    expect(moved).toMatchObject({ host: 'evil.example', user: 'reader', password: 'x' });
    expect(draftProvider('pier', { ...elsewhere, user: null }, known)).not.toHaveProperty('user');
  });

  it.each([
    [{}, /^host/],
    [{ host: 'news.example.org:563' }, /^host/],
    [{ host: 'https://news.example.org' }, /^host/],
    [{ host: 'a b' }, /^host/],
    [{ host: 'a.example', password: 'x' }, /^user/],
    [{ host: 'a.example', user: null, password: 'x' }, /^user/],
    [{ host: 'a.example', user: '••••', password: 'x' }, /^user/],
  ])('%j - is told by its field', (fields, message) => {
    const draft = (): unknown => draftProvider('x', fields, null);
    expect(draft).toThrow(InputError);
    expect(draft).toThrow(message);
  });
});
