// Rules about single lines of code that the linter has no rule for.

import { describe, expect, it } from '@jest/globals';
import { linesMatching, purePaths, shippedFolders, typescriptOf } from './house.js';

describe('the code', () => {
  const shipped = typescriptOf(...shippedFolders);
  const pure = shipped.filter((file) => purePaths.some((path) => file.path.startsWith(path)));

  it('environment - is read in one file only', () => {
    const others = shipped.filter((file) => file.path !== 'backend/platform/config.ts');
    expect(linesMatching(others, /process\.env\b/)).toEqual([]);
  });

  it('pure folders - know no time and no chance', () => {
    expect(
      linesMatching(pure, /\b(Math\.random|Date\.now|new Date\(\)|setTimeout|setInterval|setImmediate)\b/),
    ).toEqual([]);
  });

  it('status numbers - are answered at the edge only', () => {
    const inside = shipped.filter((file) => !/^(addon|backend\/(delivery|api))\//.test(file.path));
    expect(linesMatching(inside, /\.(status|sendStatus|writeHead)\(\s*\d|\bstatusCode\s*=[^=]/)).toEqual([]);
  });

  it('names - carry neither Impl nor a leading I', () => {
    expect(linesMatching(shipped, /\b(class|interface)\s+(\w+Impl\b|I[A-Z][a-z]\w*)/)).toEqual([]);
  });

  it('errors - are Errors', () => {
    expect(linesMatching(shipped, /\bthrow\s+(\{|'|"|`)/)).toEqual([]);
  });

  it('shell - is never called', () => {
    expect(linesMatching(shipped, /\bexec(Sync)?\(\s*[`'"]|shell:\s*true/)).toEqual([]);
  });
});
