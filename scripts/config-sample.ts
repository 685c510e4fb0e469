// Prints the documentation of the settings from their one schema: `npm run config > headstart.env.example`, or with
// --table the README's table. A test fails when the committed sample differs.

import { formatConfigTable, formatEnvExample } from '../backend/platform/index.js';

if (process.argv.includes('--help')) {
  process.stdout.write(
    'usage: npm run -s config -- [--table]\nPrints headstart.env.example, or the table of settings.\n',
  );
} else {
  process.stdout.write(process.argv.includes('--table') ? formatConfigTable() : formatEnvExample());
}
