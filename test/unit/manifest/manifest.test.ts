import { describe, expect, it } from '@jest/globals';
import { createManifest } from '../../../manifest/index.js';

describe('manifest', () => {
  const manifest = createManifest({ version: '1.2.3', logoUrl: 'https://tv.example/logo.png' });

  it('resources - are whole objects: core calls none without types and inherits no prefixes', () => {
    for (const resource of manifest.resources) {
      expect(Object.keys(resource).sort()).toEqual(['idPrefixes', 'name', 'types']);
      expect(resource.types.length * resource.idPrefixes.length).toBeGreaterThan(0);
    }
  });

  it('size - stays under 8 KiB without a null', () => {
    const text = JSON.stringify(manifest);
    expect(text.length).toBeLessThan(8192);
    expect(text).not.toContain('null');
  });
});
