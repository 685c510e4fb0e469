// Which idle connections stay: a few are kept warm and logged in, the others are closed after a while; a warm one is spoken to
// before its server's patience ends. Pure.

/** Servers cut idle connections after two to ten minutes; routers sooner than that. */
const ASK_AFTER_MS = 45_000;
const CLOSE_AFTER_MS = 60_000;
/** A provider that was not used for so long keeps none warm. */
const WARM_FOR_MS = 60 * 60_000;
const WARM = 2;

/** How often to look. */
export const KEEP_EVERY_MS = 15_000;

export interface IdleConnection<C> {
  readonly connection: C;
  /** Since its last command, epoch ms. */
  readonly idleSince: number;
  /** Since the last article on it, epoch ms. */
  readonly unusedSince: number;
}

export interface Keeping<C> {
  readonly close: readonly C[];
  readonly ask: readonly C[];
  /** How many to dial, so that one is warm. */
  readonly dial: number;
}

export interface KeepingQuestion<C> {
  /** Those with nothing under way. */
  readonly idle: readonly IdleConnection<C>[];
  /** All, busy and dialled ones too. */
  readonly total: number;
  readonly limit: number;
  readonly usedAt: number | null;
  readonly now: number;
}

/** Most recently used ones are the warm ones. Proportional to the connections of one provider, times their logarithm. */
export function chooseKeeping<C>({ idle, total, limit, usedAt, now }: KeepingQuestion<C>): Keeping<C> {
  const isWarm = usedAt !== null && now - usedAt < WARM_FOR_MS;
  const warm = isWarm ? Math.min(WARM, limit) : 0;
  const byUse = idle.toSorted((one, other) => other.unusedSince - one.unusedSince);
  const busy = total - idle.length;
  const spare = byUse.slice(Math.max(0, warm - busy));
  const surplus = Math.max(0, total - limit);
  const close = spare.filter(({ unusedSince }, position) => {
    return spare.length - position <= surplus || now - unusedSince >= CLOSE_AFTER_MS;
  });
  const ask = byUse.filter((each) => !close.includes(each) && now - each.idleSince >= ASK_AFTER_MS);
  return {
    close: close.map(({ connection }) => connection),
    ask: ask.map(({ connection }) => connection),
    dial: isWarm && total === 0 ? 1 : 0,
  };
}
