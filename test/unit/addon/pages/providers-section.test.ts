import { describe, expect, it } from '@jest/globals';
import { providersSection } from '../../../../addon/pages/providers-section.js';
import { readNewProvider } from '../../../../backend/api/provider-request.js';

describe('news servers section', () => {
  const { text } = providersSection('/headstart/api/providers');
  const names = [...text.matchAll(/data-field="(\w+)"/g)].map(([, name]) => name ?? '');

  it('form - asks for what the API takes, each with a label', () => {
    const fields = { host: 'news.example.org', port: null, isTls: true, isInsecure: false, user: 'u', password: 'p' };
    const known = { ...fields, connections: 10, priority: 0, isBackup: false, name: '' };
    expect(names.toSorted()).toEqual(Object.keys(readNewProvider(known)).sort());
    for (const name of names.filter((one) => !one.startsWith('is')))
      expect(text).toContain(`<label for="provider-${name}">`);
  });

  it('password - is not read over a shoulder, nor kept by the browser', () => {
    expect(text).toMatch(/id="provider-password"[^>]*type="password"[^>]*autocomplete="off"/);
  });

  it('a new one - has TLS and is no backup', () => {
    expect(text).toMatch(/data-field="isTls"[^>]*\schecked/);
    expect(text).not.toMatch(/data-field="is(?:Backup|Insecure)"[^>]*\schecked/);
  });

  it('address of the API - is the one it is given', () => {
    expect(text).toContain('data-url="/headstart/api/providers"');
  });
});
