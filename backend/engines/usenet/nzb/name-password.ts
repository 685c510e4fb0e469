// A password in the name of an NZB's file: `Release{{password}}.nzb` or `Release password=….nzb`.

const ENDINGS = /(?:\.nzb)?(?:\.gz)?$/i;

/** The name without `.nzb`, `.gz` and passwords, and the passwords in their order, each once. Never throws. */
export function passwordsInName(fileName: string): { name: string; passwords: readonly string[] } {
  const passwords: string[] = [];
  const take = (_: string, password: string): string => {
    if (password.trim() !== '') passwords.push(password.trim());
    return ' ';
  };
  const stem = fileName.slice(-1_024).replace(ENDINGS, '');
  const name = stem
    .replace(/\{\{(.+?)\}\}(?!\})/g, take)
    .replace(/(?:^|[\s._([-])password=(.+)$/i, take)
    .replace(/\s+/g, ' ')
    .trim();
  return { name, passwords: [...new Set(passwords)] };
}
