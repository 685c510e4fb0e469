// The log.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../../backend/content/index.js';
import { createLogger } from '../../../backend/platform/index.js';
import type { Logger, LoggerOptions } from '../../../backend/platform/index.js';

let lines: string[] = [];

beforeEach(() => {
  lines = [];
});

function logger(options: Partial<LoggerOptions> = {}): Logger {
  return createLogger({
    level: 'info',
    format: 'json',
    destination: { write: (line: string) => void lines.push(line) },
    ...options,
  });
}

function parsed(): unknown[] {
  return lines.map((line): unknown => JSON.parse(line));
}

describe('logger', () => {
  it('json - is one object a line, with level, time, fields and message', () => {
    logger().info({ jobId: 'a' }, 'prepared');
    logger().warn('a short key');
    expect(parsed()).toEqual([
      { level: 30, time: expect.any(String), jobId: 'a', msg: 'prepared' },
      { level: 40, time: expect.any(String), msg: 'a short key' },
    ]);
  });

  it('level - keeps lesser lines out', () => {
    logger({ level: 'warn' }).info('not this');
    logger({ level: 'silent' }).error('nor this');
    logger({ level: 'debug' }).debug('but this');
    expect(parsed()).toEqual([expect.objectContaining({ msg: 'but this' })]);
  });

  it('child - adds its fields to each line, and its children to theirs', () => {
    logger().child({ room: 'jobs' }).child({ jobId: 'a' }).error({ code: 'TIMEOUT' }, 'failed');
    expect(parsed()).toEqual([expect.objectContaining({ room: 'jobs', jobId: 'a', code: 'TIMEOUT', msg: 'failed' })]);
  });

  it('errors - are written with their causes, alone or in a field', () => {
    const error = new Error('broke', { cause: new Error('the reason') });
    logger().error(error);
    logger().error({ err: error }, 'it broke');
    expect(parsed()).toEqual([
      expect.objectContaining({ msg: 'broke', err: expect.objectContaining({ message: 'broke' }) }),
      expect.objectContaining({
        msg: 'it broke',
        err: expect.objectContaining({ cause: expect.objectContaining({ message: 'the reason' }) }),
      }),
    ]);
  });

  it.each(['json', 'pretty'] as const)(
    '%s - an error keeps its class, code, stack and cause, without secrets',
    (format) => {
      const cause = Object.assign(new RangeError('token=hunter2'), { code: 'EINNER' });
      logger({ format }).error({ err: new UpstreamError('broke at apikey=hunter2', 'OUTER', { cause }) }, 'it broke');
      const line = lines.join('');
      for (const part of ['UpstreamError', 'OUTER', 'RangeError', 'EINNER', 'logger.test.ts', '[redacted]']) {
        expect(line).toContain(part);
      }
      expect(line).not.toMatch(/hunter2|"Object"/);
    },
  );

  it.each(['json', 'pretty'] as const)('%s - holds no secret, in message, field, child or error', (format) => {
    const log = logger({ format });
    log.info('GET /x?access=hunter2hunter2');
    log.info({ url: 'https://user:hunter2@example.org', headers: { authorization: 'hunter2' } }, 'apikey=hunter2');
    log.child({ apiKey: 'hunter2' }).warn('x');
    log.error(new Error('https://user:hunter2@example.org'));
    expect(lines.join('').length).toBeGreaterThan(100);
    expect(lines.join('')).not.toContain('hunter2');
  });

  it('pretty - is a line for people', () => {
    logger({ format: 'pretty' }).info({ jobId: 'a' }, 'prepared');
    expect(lines.join('')).toMatch(/INFO.*prepared/);
    expect(lines.join('')).toContain('jobId');
  });
});
