// Spans of season and episode numbers, as names write them: `03`, `01-12`, `E01E02`, `1 & 2`, `1, 2, 3`.

/** Both ends inclusive. */
export interface NumberSpan {
  readonly from: number;
  readonly to: number;
}

const MAX_SPANS = 20;

/** `first`, and what `rest` adds to it: behind `-`, `~`, `to` a number ends the span, behind anything else it is one more. */
export function readSpans(first: number, rest: string): NumberSpan[] {
  const spans: NumberSpan[] = [{ from: first, to: first }];
  for (const [, between = '', digits = ''] of rest.matchAll(/(\D*)(\d{1,4})/g)) {
    const last = spans.at(-1) ?? { from: first, to: first };
    const next = Number(digits);
    const isSpan = /[-~]|(?<![\p{L}])(?:to|bis|al?)(?![\p{L}])/u.test(between);
    if (isSpan && next > last.to) spans[spans.length - 1] = { from: last.from, to: next };
    else if (!isSpan && spans.length < MAX_SPANS) spans.push({ from: next, to: next });
  }
  return spans;
}

/** True when `number` lies in one of them. */
export function isInSpans(spans: readonly NumberSpan[], number: number): boolean {
  return spans.some(({ from, to }) => from <= number && number <= to);
}

/** True when they hold more than one number. */
export function areSeveral(spans: readonly NumberSpan[]): boolean {
  return spans.length > 1 || spans.some(({ from, to }) => to > from);
}
