// What `npm ci` leaves behind: the parts that compile or come from elsewhere load on this machine.

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { projectDir } from './house.js';

function run(code: string): string {
  const options = { cwd: projectDir, encoding: 'utf8' as const };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], options);
  return `${stdout}${stderr}`.trim();
}

describe('the installation', () => {
  it('webtorrent - is importable, without WebRTC', () => {
    expect(run("console.log(typeof (await import('webtorrent')).default); process.exit()")).toBe('function');
  });

  it('better-sqlite3 - opens a database', () => {
    const code = "const { default: D } = await import('better-sqlite3'); console.log(new D(':memory:').open)";
    expect(run(code)).toBe('true');
  });
});
