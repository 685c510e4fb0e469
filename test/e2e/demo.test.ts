// The newcomer's proof, run as a newcomer runs it.

import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { run } from '../support/players.js';

describe('demo', () => {
  it('demo - prepares, seeks and plays a film on loopback, tells when, and cleans up in under a minute', async () => {
    const { code, output } = await run(process.execPath, [join(process.cwd(), 'dist', 'scripts', 'demo.js')]);
    expect(output).toMatch(/Ready to play[\s\S]*Seek to 70 %[\s\S]*Played[\s\S]*SHA-256 equals[\s\S]*cleaned up/);
    expect(code).toBe(0);
  });

  it('demo with Usenet - plays a film from inside an archive on a news server, and the second time at once', async () => {
    const script = join(process.cwd(), 'dist', 'scripts', 'demo.js');
    const { code, output } = await run(process.execPath, [script, '--usenet']);
    expect(output).toMatch(
      /RAR volumes[\s\S]*Ready to play[\s\S]*SHA-256 equals[\s\S]*submitted again[\s\S]*cleaned up/,
    );
    expect(code).toBe(0);
  });
});
