// What the shape tests look at: the project's own text, by folder.

import { fileURLToPath } from 'node:url';
import { listSourceFiles, withoutComments } from '../../scripts/shape/source-files.js';
import type { SourceFile } from '../../scripts/shape/source-files.js';

export const projectDir = fileURLToPath(new URL('../..', import.meta.url));

/** What runs in production. */
export const shippedFolders = ['addon', 'backend', 'manifest'];

/** Folders and files that may only compute: no clock, no chance, no timer. Mirrors .dependency-cruiser.cjs. */
export const purePaths = [
  'backend/content/',
  'backend/naming/',
  'backend/engines/torrent/demand/',
  'backend/engines/torrent/metainfo',
  'backend/engines/usenet/nzb/',
  'backend/engines/usenet/yenc/',
  'backend/engines/usenet/nntp/codec',
  'manifest/',
];

/** TypeScript below `folders`, declarations of foreign packages left out. */
export function typescriptOf(...folders: string[]): SourceFile[] {
  return listSourceFiles(projectDir, { folders, endings: ['.ts'] }).filter((file) => !file.path.endsWith('.d.ts'));
}

/** Every text file git knows. */
export function allTexts(): SourceFile[] {
  const endings = [
    '.ts',
    '.mjs',
    '.cjs',
    '.js',
    '.json',
    '.sh',
    '.py',
    '.yaml',
    '.yml',
    '.md',
    '.html',
    '.css',
    '.example',
  ];
  const named = listSourceFiles(projectDir, { endings: ['Dockerfile', '.ci/run', '.npmrc', '.dockerignore'] });
  return [...listSourceFiles(projectDir, { endings }), ...named].filter(
    (file) => !file.path.startsWith('test/fixtures/'),
  );
}

/** `path:line: text` of every line of code (comments blanked) that matches. */
export function linesMatching(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    withoutComments(file.text)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}: ${line.trim()}`] : [])),
  );
}
