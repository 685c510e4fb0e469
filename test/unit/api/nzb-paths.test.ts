import { describe, expect, it } from '@jest/globals';
import { splitVirtualPath, virtualPathOf } from '../../../backend/api/nzb-paths.js';

describe('nzb paths', () => {
  it('nzb paths - lead back to category, folder and file', () => {
    const place = { category: 'stremio', folder: 'Film 50% & more (2)', filePath: 'a.rar/b/Film?.mkv' };
    const path = virtualPathOf(place, place.filePath);
    expect(path).toBe('/complete/stremio/Film 50% & more (2)/a.rar/b/Film?.mkv');
    expect(splitVirtualPath(path)).toEqual(place);
  });

  it('nzb paths - nothing else is one', () => {
    const others = [
      '',
      '/',
      '/complete',
      '/complete/',
      '/complete/a',
      '/complete/a/b',
      '/complete/a/b/',
      '/complete//b/c',
    ];
    for (const path of [...others, 'complete/a/b/c', '/nzbs/a/b/c', `/complete/a/b/${'c'.repeat(9_000)}`])
      expect(splitVirtualPath(path)).toBeNull();
  });
});
