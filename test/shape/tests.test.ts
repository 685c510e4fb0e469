// Rules about the tests themselves: no literal port, no sleep, plain titles, and a fuzz target for every decoder.

import { describe, expect, it } from '@jest/globals';
import { dirname, join } from 'node:path';
import { withoutComments } from '../../scripts/shape/source-files.js';
import type { SourceFile } from '../../scripts/shape/source-files.js';
import { linesMatching, shippedFolders, typescriptOf } from './house.js';

describe('the tests', () => {
  const tests = typescriptOf('test').filter((file) => !file.path.startsWith('test/shape/'));

  it('ports - are assigned by the system', () => {
    expect(linesMatching(tests, /\.listen\(\s*[1-9]|--port[= '",]+[1-9]/)).toEqual([]);
    const servers = tests.filter((file) => !file.path.startsWith('test/unit/')); // a unit test may read the setting
    expect(linesMatching(servers, /\bPORT:\s*['"`][1-9]/)).toEqual([]);
  });

  it('waiting - is for events, never for time to pass', () => {
    const sleep =
      /new Promise(<\w+>)?\(\((\w+)\) => (void )?setTimeout\(\2,|from 'node:timers\/promises'|systemClock\.sleep\(/;
    const suites = tests.filter((file) => file.path.endsWith('.test.ts')); // support may wait between looks, and be slow on purpose
    expect(linesMatching(suites, sleep)).toEqual([]);
  });

  it('titles - say what happens, not what should', () => {
    expect(linesMatching(tests, /\b(it|test|describe)(\.\w+)*\(\s*['"`][^'"`]*\b(should|works)\b/)).toEqual([]);
  });

  it('none is left out or alone', () => {
    expect(linesMatching(tests, /\b(it|test|describe)\.(skip|only|todo)\b|\b(xit|xdescribe|fit|fdescribe)\(/)).toEqual(
      [],
    );
  });

  it('decoders - each is fed with noise by a property test, itself or through the file that uses it', () => {
    const properties = tests.filter((file) => file.text.includes("from 'fast-check'")).map((file) => file.text);
    const notFromOutside = /^backend\/(platform\/config|storage\/|engines\/torrent\/resume)|\/index\.ts$/; // settings, and what we wrote
    const sources = typescriptOf(...shippedFolders).filter((file) => !notFromOutside.test(file.path));
    const isFed = (file: SourceFile): boolean =>
      exportedNames(file).some((name) => properties.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
    const fed = new Set(sources.filter(isFed));
    for (const file of fed) for (const used of usedBy(file, sources)) fed.add(used);
    const decoders = sources.filter((file) => exportedNames(file).some((name) => /^(parse|decode)[A-Z]/.test(name)));
    expect(decoders.filter((file) => !fed.has(file)).map((file) => file.path)).toEqual([]);
  });
});

function exportedNames(file: SourceFile): string[] {
  return [...withoutComments(file.text).matchAll(/^export (?:async )?(?:function\*?|class) (\w+)/gm)].map(
    ([, name]) => name ?? '',
  );
}

/** Files of the same room that `file` imports. */
function usedBy(file: SourceFile, sources: readonly SourceFile[]): SourceFile[] {
  const specifiers = [...file.text.matchAll(/from '(\.\.?\/[^']+)\.js'/g)].map(([, specifier]) => specifier ?? '');
  const paths = specifiers.map((specifier) => `${join(dirname(file.path), specifier)}.ts`);
  return sources.filter((source) => paths.includes(source.path));
}
