// Small files and functions: the budget of the house, measured over everything that is not a test.

import { describe, expect, it } from '@jest/globals';
import { measureShape, summarize } from '../../scripts/shape/measure.js';
import { shippedFolders, typescriptOf } from './house.js';

describe('the sizes of the house', () => {
  const shape = measureShape(typescriptOf(...shippedFolders, 'scripts'));
  const over = (measured: typeof shape.files, limit: number) => measured.filter(({ count }) => count > limit);

  it('files - most are short, none has more than 400 lines', () => {
    expect(over(shape.files, 400)).toEqual([]);
    expect(summarize(shape.files).median).toBeLessThanOrEqual(100);
    expect(summarize(shape.files).p95).toBeLessThanOrEqual(300);
  });

  it('functions - nineteen in twenty fit 40 lines, none has more than 80', () => {
    expect(over(shape.functions, 80)).toEqual([]);
    expect(summarize(shape.functions).p95).toBeLessThanOrEqual(40);
  });

  it('imports - nineteen in twenty files have ten or fewer', () => {
    expect(summarize(shape.imports).p95).toBeLessThanOrEqual(10);
  });
});
