// The documentation of the settings from their one schema: writes headstart.env.example and prints the README's table.
// A test fails when the committed sample differs.

import { writeFileSync } from 'node:fs';
import { formatConfigTable, formatEnvExample } from '../backend/platform/index.js';

const sample = 'headstart.env.example';

if (process.argv.includes('--help')) {
  process.stdout.write(`usage: npm run -s config:table\nWrites ${sample} and prints the table of all settings.\n`);
} else {
  writeFileSync(sample, formatEnvExample());
  process.stdout.write(`${formatConfigTable()}\n`);
}
