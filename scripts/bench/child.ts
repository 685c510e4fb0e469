// A script of this folder as a child process that answers messages one at a time. Ends with its parent.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A running child. */
export interface Child {
  readonly pid: number;
  /** Sends a message and resolves with the next answer. Not to be called again before that. Rejects when the child has ended. */
  ask<Answer>(message: object): Promise<Answer>;
  close(): Promise<void>;
}

/** Starts `scripts/bench/<name>.js`. */
export function startChild(name: string): Child {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), { execArgv: [] });
  const ended = once(child, 'close');
  return {
    pid: child.pid ?? 0,
    ask: async <Answer>(message: object): Promise<Answer> => {
      const answered = once(child, 'message') as Promise<[Answer]>;
      child.send(message);
      const ending = ended.then(() => Promise.reject(new Error(`${name} has ended.`)));
      const [answer] = await Promise.race([answered, ending]);
      return answer;
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
