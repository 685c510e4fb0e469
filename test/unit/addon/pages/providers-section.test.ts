import { describe, expect, it } from '@jest/globals';
import { providersSection } from '../../../../addon/pages/providers-section.js';
import { loadConfig } from '../../../../backend/platform/index.js';

describe('news servers section', () => {
  const { text } = providersSection('/api/providers');

  it('line to start from - is one that the settings take', () => {
    const [, line = ''] = /value="NNTP_PROVIDERS=([^"]+)"/.exec(text) ?? [];
    expect(loadConfig({ NNTP_PROVIDERS: line }).nntpProviders).toMatchObject([
      { host: 'news.example.org', user: 'user' },
    ]);
  });

  it('servers - cannot be changed here, and it says so', () => {
    expect(text).toMatch(/are not\s+changed on this page/);
    expect(text.match(/<(?:input|select|textarea)\b/g)).toHaveLength(1);
  });
});
