// A log that is kept, to be read by tests.

import type { Logger } from '../../backend/platform/index.js';

export interface LogLine {
  readonly level: string;
  readonly fields: object;
  readonly message: string;
}

export class NotedLog implements Logger {
  readonly lines: LogLine[];

  constructor(lines: LogLine[] = []) {
    this.lines = lines;
  }

  debug = (fields: object | string, message?: string): void => this.#note('debug', fields, message);
  info = (fields: object | string, message?: string): void => this.#note('info', fields, message);
  warn = (fields: object | string, message?: string): void => this.#note('warn', fields, message);
  error = (fields: object | string, message?: string): void => this.#note('error', fields, message);

  child(): Logger {
    return this;
  }

  get messages(): string[] {
    return this.lines.map(({ message }) => message);
  }

  #note(level: string, fields: object | string, message: string | undefined): void {
    if (typeof fields === 'string') this.lines.push({ level, fields: {}, message: fields });
    else this.lines.push({ level, fields, message: message ?? '' });
  }
}
