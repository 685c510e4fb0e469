// The documentation of the settings from their one schema: writes headstart.env.example, renews the README's table between
// its two marks, and prints that table. A test fails when the committed sample differs.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { formatConfigTable, formatEnvExample } from '../backend/platform/index.js';

const sample = 'headstart.env.example';
const readme = 'README.md';
const [begin, end] = ['<!-- settings: npm run config:table -->', '<!-- /settings -->'];

const usage = `usage: npm run -s config:table
Writes ${sample}, renews the table in ${readme} between the lines
${begin} and ${end}, and prints the table of all settings.
`;

/** `text` with the table between the marks; unchanged where they are missing. */
function withTable(text: string): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return text;
  return `${text.slice(0, from + begin.length)}\n\n${formatConfigTable()}\n\n${text.slice(to)}`;
}

if (process.argv.includes('--help')) {
  process.stdout.write(usage);
} else {
  writeFileSync(sample, formatEnvExample());
  if (existsSync(readme)) writeFileSync(readme, withTable(readFileSync(readme, 'utf8')));
  process.stdout.write(`${formatConfigTable()}\n`);
}
