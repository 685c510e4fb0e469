// A provider tried out step by step, beyond its pool: what a settings page shows. Asks for an article that nobody has: any answer
// to that is as good as another.

import { HeadstartError } from '../../../content/index.js';
import type { Clock, NntpProvider } from '../../../platform/index.js';
import type { Connector } from '../nntp/wire.js';
import { refusalError, isMissing, isUnknownCommand } from '../nntp/refusal.js';
import { dialProvider } from './provider-dial.js';
import type { DialStage } from './provider-dial.js';

export type TestStage = DialStage | 'stat';

export interface ProviderTestStage {
  readonly stage: TestStage;
  readonly ok: boolean;
  /** Since the stage before. */
  readonly ms: number;
  readonly message?: string;
}

export interface ProviderTest {
  readonly ok: boolean;
  /** `OK`, or the code of what went wrong. */
  readonly code: string;
  readonly message: string;
  /** Those that were reached, the failed one last. */
  readonly stages: readonly ProviderTestStage[];
}

export interface ProviderTestOptions {
  readonly provider: NntpProvider;
  readonly connect: Connector;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const NOBODYS_ARTICLE = 'headstart-connection-test@invalid';
const THERE = 223;

/** Never rejects but with the signal's reason. */
export async function testProvider(options: ProviderTestOptions): Promise<ProviderTest> {
  const { provider, clock, signal } = options;
  const stages: ProviderTestStage[] = [];
  let since = clock.now();
  const done = (stage: TestStage, message?: string): void => {
    const now = clock.now();
    stages.push({ stage, ok: message === undefined, ms: now - since, ...(message !== undefined && { message }) });
    since = now;
  };
  try {
    await tryOut(options, done);
    return { ok: true, code: 'OK', message: `The Usenet provider ${provider.host} answers.`, stages };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof HeadstartError)) throw error;
    const next = stagesOf(provider)[stages.length];
    if (next !== undefined) done(next, error.message);
    return { ok: false, code: error.code, message: error.message, stages };
  }
}

async function tryOut(options: ProviderTestOptions, done: (stage: TestStage) => void): Promise<void> {
  const reached = new Set<TestStage>();
  const note = (stage: TestStage): void => {
    // Several addresses of a name may be tried.
    if (reached.has(stage)) return;
    reached.add(stage);
    done(stage);
  };
  const connection = await dialProvider({
    ...options,
    isReaderModeWanted: false,
    onChange: () => undefined,
    giveSlot: () => undefined,
    onStage: note,
  });
  try {
    const outcome = await connection.stat(NOBODYS_ARTICLE).outcome;
    if (outcome.kind === 'lost' || outcome.kind === 'bad') throw outcome.error;
    const isFine =
      outcome.kind === 'reply' &&
      (outcome.reply.code === THERE || isMissing(outcome.reply) || isUnknownCommand(outcome.reply));
    if (outcome.kind === 'reply' && !isFine) throw refusalError(options.provider, outcome.reply, 'command');
    done('stat');
  } finally {
    connection.close();
    await connection.gone;
  }
}

function stagesOf({ isTls, proxyUrl }: NntpProvider): readonly TestStage[] {
  const wire: TestStage[] = proxyUrl === undefined ? ['dns', 'connect'] : ['connect'];
  return [...wire, ...(isTls ? (['tls'] as const) : []), 'greeting', 'login', 'stat'];
}
