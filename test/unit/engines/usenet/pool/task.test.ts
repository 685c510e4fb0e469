import { describe, expect, it } from '@jest/globals';
import { CorruptDataError, UpstreamError } from '../../../../../backend/content/index.js';
import { ArticleTask } from '../../../../../backend/engines/usenet/pool/task.js';
import type { TaskKind, TaskResult } from '../../../../../backend/engines/usenet/pool/task.js';
import { request, wanted } from '../../../../support/pool-lab.js';

function task(kind: TaskKind = 'body'): { task: ArticleTask; end: Promise<unknown> } {
  let made: ArticleTask | null = null;
  const end = new Promise<TaskResult>((resolve, reject) => {
    made = new ArticleTask({ kind, request: request('a'), options: wanted(), startedAt: 0, resolve, reject });
  }).catch((error: unknown) => error);
  return { task: made as unknown as ArticleTask, end };
}

const fault = (code: string): UpstreamError => new UpstreamError(code, code);

describe('article task', () => {
  it('nobody has it - it is missing, with the last bad copy as the cause', async () => {
    const { task: one, end } = task();
    const copy = new CorruptDataError('broken');
    one.lacks('a', copy);
    one.conclude([]);
    expect(await end).toMatchObject({ code: 'ARTICLE_MISSING', cause: copy });
  });

  it('somebody could not be asked - the worst reason is told', async () => {
    const { task: one, end } = task();
    one.conclude(['PROVIDER_UNREACHABLE', 'PROVIDER_AUTH', 'PROVIDER_LIMIT'].map(fault));
    expect(await end).toMatchObject({ code: 'PROVIDER_AUTH' });
  });

  it.each([
    [false, null],
    [true, false],
  ])('existence, where the only provider answers: %s - is %s', async (isAnswered, isThere) => {
    const { task: one, end } = task('stat');
    if (isAnswered) one.lacks('a');
    else one.staysSilent('a');
    one.conclude([]);
    expect(await end).toEqual({ isThere });
  });

  it('a connection lost - is borne once by the one to blame, longer by those in line', () => {
    const { task: one } = task();
    expect([one.lostAt('a', true), one.lostAt('b', true), one.lostAt('a', true)]).toEqual([false, false, true]);
    const inLine = Array.from({ length: 5 }, () => one.lostAt('a', false));
    expect(inLine).toEqual([false, false, false, false, true]);
  });

  it('the end - comes once, and gives up what is under way', async () => {
    const { task: one, end } = task();
    const undone: string[] = [];
    one.attempts.push({ providerId: 'a', connection: {}, cancel: () => undone.push('attempt') });
    one.onOver(() => undone.push('timer'));
    one.fail(new Error('left'));
    one.succeed({ isThere: true });
    expect(await end).toMatchObject({ message: 'left' });
    expect(undone).toEqual(['attempt', 'timer']);
  });
});
