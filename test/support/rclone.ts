// rclone as people set it up for us: a remote of type webdav, given in the environment, so that nothing is written.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** One line of `lsjson`. */
export interface RcloneEntry {
  readonly Path: string;
  readonly Size: number;
  readonly IsDir: boolean;
  readonly ModTime: string;
}

/** A remote called `headstart:`. */
export class Rclone {
  private constructor(
    /** Names the remote for every other command of rclone. */
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `url` ends in `/webdav/`. */
  static async open(o: { readonly url: string; readonly user: string; readonly password: string }): Promise<Rclone> {
    const { stdout } = await execute('rclone', ['obscure', '--', o.password]);
    return new Rclone({
      ...process.env,
      RCLONE_CONFIG: '/dev/null',
      RCLONE_CONFIG_HEADSTART_TYPE: 'webdav',
      RCLONE_CONFIG_HEADSTART_URL: o.url,
      RCLONE_CONFIG_HEADSTART_VENDOR: 'other',
      RCLONE_CONFIG_HEADSTART_USER: o.user,
      RCLONE_CONFIG_HEADSTART_PASS: stdout.trim(),
    });
  }

  /** What it prints. Rejects with what it says when it fails. */
  async run(...args: readonly string[]): Promise<Buffer> {
    const { stdout } = await execute('rclone', args, {
      env: this.env,
      encoding: 'buffer',
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return stdout;
  }

  async list(path: string): Promise<readonly RcloneEntry[]> {
    const output = await this.run('lsjson', '-R', `headstart:${path}`);
    return JSON.parse(output.toString('utf8')) as RcloneEntry[];
  }
}
