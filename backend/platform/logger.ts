// The log: pino, with everything redacted before it is written. Passed to whoever logs; nobody imports a global one.

import { pino } from 'pino';
import type { DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { LogLevel } from './settings.js';
import { redact, redactText } from './redaction.js';

/** What a component logs through. An object's fields are redacted; an Error stands in `err`. */
export interface Logger {
  debug(fields: object | string, message?: string): void;
  info(fields: object | string, message?: string): void;
  warn(fields: object | string, message?: string): void;
  error(fields: object | string, message?: string): void;
  /** A logger that adds `fields` to each line. */
  child(fields: object): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: 'pretty' | 'json';
  /** Where lines go; default standard output. */
  readonly destination?: DestinationStream;
}

/** A logger that writes one JSON object, or one readable line, per call. */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  const stream = options.format === 'pretty' ? prettyStream(destination) : destination;
  const root = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: asItIs } },
    stream,
  );
  return new RedactingLogger(root);
}

/** Formats in place, so that the last line before an exit is written too. */
function prettyStream(destination: DestinationStream): DestinationStream {
  const format = prettyFactory({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', errorLikeObjectKeys: [] });
  return { write: (line) => destination.write(format(line)) };
}

type Level = 'debug' | 'info' | 'warn' | 'error';

/** The part of pino that is used. */
interface Sink {
  isLevelEnabled(level: string): boolean;
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

class RedactingLogger implements Logger {
  readonly #sink: Sink;
  readonly #fields: object;

  constructor(sink: Sink, fields: object = {}) {
    this.#sink = sink;
    this.#fields = fields;
  }

  debug(fields: object | string, message?: string): void {
    this.#write('debug', fields, message);
  }

  info(fields: object | string, message?: string): void {
    this.#write('info', fields, message);
  }

  warn(fields: object | string, message?: string): void {
    this.#write('warn', fields, message);
  }

  error(fields: object | string, message?: string): void {
    this.#write('error', fields, message);
  }

  child(fields: object): Logger {
    return new RedactingLogger(this.#sink, { ...this.#fields, ...asFields(redact(fields)) });
  }

  #write(level: Level, fields: object | string, message: string | undefined): void {
    if (!this.#sink.isLevelEnabled(level)) return;
    if (typeof fields === 'string') {
      this.#sink[level](this.#fields, redactText(message === undefined ? fields : `${fields} ${message}`));
      return;
    }
    const own = fields instanceof Error ? { err: redact(fields) } : asFields(redact(fields));
    const text = message ?? (fields instanceof Error ? fields.message : '');
    this.#sink[level]({ ...this.#fields, ...own }, redactText(text));
  }
}

/** Errors are plain and redacted before pino sees them; its own form would take them for objects of class Object. */
function asItIs(value: unknown): unknown {
  return value;
}

function asFields(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : { value };
}
