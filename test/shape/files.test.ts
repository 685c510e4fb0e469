// Rules about files as wholes: their names, their first lines, and what must not stand in any of them.

import { describe, expect, it } from '@jest/globals';
import { basename } from 'node:path';
import { allTexts, shippedFolders, typescriptOf } from './house.js';

describe('the files', () => {
  const texts = allTexts();
  const sources = typescriptOf(...shippedFolders, 'scripts', 'test');

  it('names - are kebab-case and say what is inside', () => {
    const odd = sources.filter(
      ({ path }) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.fuzz|\.contract)?(\.test)?\.ts$/.test(basename(path)),
    );
    const vague = sources.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|types)(\/|\.ts$)/.test(path));
    expect([...odd, ...vague].map((file) => file.path)).toEqual([]);
  });

  it('first lines - say what a file is for', () => {
    const scripts = texts.filter(({ path }) => /\.(mjs|cjs|sh|py)$/.test(path));
    const named = sources.filter(({ path }) => !path.startsWith('test/unit/')); // those are told by the file they mirror
    const silent = [...named, ...scripts].filter(({ text }) => !/^(#!.*\n)?(\/\/ |\/\*\*|# |""")/.test(text));
    expect(silent.map((file) => file.path)).toEqual([]);
  });

  it('machine paths - stand nowhere', () => {
    const machinePath = /(?<![\w.:/$}])\/(work|home|root|Users|mnt)\/[\w.-]/;
    const found = texts.filter(({ path, text }) => path !== 'test/shape/files.test.ts' && machinePath.test(text));
    expect(found.map((file) => file.path)).toEqual([]);
  });

  it('lock file - names no registry', () => {
    const lock = texts.find((file) => file.path === 'package-lock.json')?.text ?? '';
    expect(lock.match(/"resolved": "(https?|git)[^"]*"/g) ?? []).toEqual([]);
  });

  it('npm scripts - only call what lies in scripts/', () => {
    const manifest = JSON.parse(texts.find((file) => file.path === 'package.json')?.text ?? '{}') as {
      scripts: Record<string, string>;
    };
    const odd = Object.values(manifest.scripts).filter(
      (line) => !/^(node|bash) scripts\/[\w-]+\.(mjs|sh)( |$)/.test(line),
    );
    expect(odd).toEqual([]);
  });
});
