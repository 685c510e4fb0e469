// The sample of all settings is the reference: it says exactly what the schema says.

import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatEnvExample, loadConfig } from '../../backend/platform/index.js';
import { projectDir } from './house.js';

describe('headstart.env.example', () => {
  const sample = readFileSync(join(projectDir, 'headstart.env.example'), 'utf8');

  it('sample - is what `npm run config:table` prints from the schema', () => {
    expect(sample).toBe(formatEnvExample());
  });

  it('sample - taken as it stands, with every line switched on, changes no setting', () => {
    const lines = [...sample.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=(.*)$/gm)];
    const env: Record<string, string | undefined> = Object.fromEntries(
      lines.map((line) => [line[1] ?? '', line[2]] as const),
    );
    expect(lines.length).toBeGreaterThan(20);
    expect(loadConfig(env)).toEqual(loadConfig({}));
  });
});
