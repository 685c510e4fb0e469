import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../backend/platform/index.js';
import { createUsenet } from '../../backend/usenet-parts.js';
import type { UsenetParts } from '../../backend/usenet-parts.js';

describe('the Usenet engine at start', () => {
  it('a certificate file that cannot be read - is refused with its name and why', async () => {
    const config = loadConfig({ NNTP_PROVIDERS: 'nntps://news.example.org/?ca=/nowhere/authority.pem' });
    await expect(createUsenet({ config } as UsenetParts)).rejects.toMatchObject({
      code: 'CONFIG',
      exitCode: 78,
      message: expect.stringMatching(/NNTP_PROVIDERS: ca of news\.example\.org: .*authority\.pem .*ENOENT/),
    });
  });
});
