// Who imports whom, and what a room shows.

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { withoutComments } from '../../scripts/shape/source-files.js';
import { linesMatching, projectDir, shippedFolders, typescriptOf } from './house.js';

describe('the rooms', () => {
  const shipped = typescriptOf(...shippedFolders);
  const doors = shipped.filter((file) => file.path.endsWith('/index.ts'));

  it('imports - keep the order, the doors and the purity that .dependency-cruiser.cjs states, without a cycle', () => {
    const run = spawnSync('bash', ['scripts/house.sh'], { cwd: projectDir, encoding: 'utf8' });
    expect(run.status === 0 ? '' : `${run.stdout}${run.stderr}`).toBe('');
  });

  it('doors - export by name only', () => {
    expect(linesMatching(typescriptOf('addon', 'backend', 'manifest', 'scripts', 'test'), /^\s*export \*/)).toEqual([]);
  });

  it('doors - hold no logic', () => {
    const statement = /^export (type )?\{[^}]*\} from '[^']+';$/;
    const other = doors.filter((file) => {
      const statements = withoutComments(file.text).replace(/\s+/g, ' ').replaceAll('; ', ';\n').trim().split('\n');
      return statements.some((line) => !statement.test(line.trim()));
    });
    expect(other.map((file) => file.path)).toEqual([]);
  });

  it('doors - list types and values apart', () => {
    expect(linesMatching(doors, /^export \{[^}]*\btype\s/)).toEqual([]);
  });

  it('doors - open with what the room does', () => {
    const silent = doors.filter((file) => !/^(?:\/\/(?: .*)?\n){2,12}|^\/\*\*?\n(?: \*.*\n){2,}/.test(file.text));
    expect(silent.map((file) => file.path)).toEqual([]);
  });
});
