// The printed documentation of the settings.

import { describe, expect, it } from '@jest/globals';
import { variables } from '../../../backend/platform/config-schema.js';
import { formatConfigTable, formatEnvExample } from '../../../backend/platform/index.js';

const names = Object.values(variables).map(({ name }) => name);

describe('documentation of the settings', () => {
  it('table - has one row for each variable, of four cells', () => {
    const rows = formatConfigTable().split('\n').slice(2);
    expect(rows.map((row) => /^\| `([A-Z_]+)` \|/.exec(row)?.[1])).toEqual(names);
    expect(rows.every((row) => row.replaceAll('\\|', '').split('|').length === 6)).toBe(true);
  });

  it('sample - names each variable once, switched off', () => {
    const found = [...formatEnvExample().matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(found).toEqual(names);
    expect(formatEnvExample()).not.toMatch(/^[^#\n]/m);
  });

  it('secrets - have no default', () => {
    expect(variables.apiKey.default).toBeUndefined();
    expect(variables.secretKey.default).toBeUndefined();
  });
});
