// The project's own files, as the shape tests and the size table see them.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One text file; `path` is relative to the project, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Every file that git knows or would add, below any of `folders` (none: everywhere), whose name ends in one of `endings`.
 * Asks git, so that ignored folders never count.
 */
export function listSourceFiles(
  projectDir: string,
  o: { folders?: readonly string[]; endings: readonly string[] },
): SourceFile[] {
  const listing = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: projectDir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listing.split('\0'))]
    .filter((path) => o.endings.some((ending) => path.endsWith(ending)))
    .filter((path) => o.folders === undefined || o.folders.some((folder) => path.startsWith(`${folder}/`)))
    .filter((path) => existsSync(join(projectDir, path)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(projectDir, path), 'utf8') }));
}

/** The text with comments blanked out, lines kept: for rules about code that comments may mention. */
export function withoutComments(text: string): string {
  const blank = (match: string): string => match.replace(/[^\n]/g, ' ');
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|[\s;{}(,])\/\/.*$/gm, blank);
}
