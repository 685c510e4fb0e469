import { describe, expect, it } from '@jest/globals';
import { settingsSection } from '../../../../addon/pages/settings-section.js';
import { loadConfig } from '../../../../backend/platform/index.js';

describe('settings section', () => {
  it('secrets - are dots: keys, passwords in proxies, passkeys in lists', () => {
    const config = loadConfig({
      API_KEY: 'the-api-key-of-this-test',
      SECRET_KEY: 'the-secret-key-of-this-test-long-enough',
      TORRENT_PROXY: 'socks5://user:proxy-password@10.1.2.3:1080',
      TRACKERS: 'https://tracker.example/passkey-1/announce',
      TRACKERS_URL: 'https://lists.example/passkey-2.txt',
    });
    const { text } = settingsSection(config);
    expect(text).not.toMatch(/the-api-key|the-secret-key|proxy-password|user|passkey/);
    expect(text).toContain('10.1.2.3:1080');
    expect(text).toContain('lists.example');
  });
});
