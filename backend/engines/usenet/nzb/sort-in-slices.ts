// Sorts very many texts without holding up everybody else: pieces first, then merged pair by pair. Pure.

const PIECE = 8_192;

/** `texts` by code units, as `sort()` has them, in twice their memory. Each `yield` comes after a few milliseconds of work. */
export function* sortInSlices(texts: readonly string[]): Generator<void, string[]> {
  let from: string[] = [];
  for (let at = 0; at < texts.length; at += PIECE) {
    for (const text of texts.slice(at, at + PIECE).sort()) from.push(text);
    yield;
  }
  for (let width = PIECE; width < from.length; width *= 2) {
    const merged: string[] = [];
    for (let at = 0; at < from.length; at += 2 * width) yield* merge(from, merged, { at, width });
    from = merged;
  }
  return from;
}

/** Appends two neighbouring sorted runs of `from` to `merged`, as one. */
function* merge(
  from: readonly string[],
  merged: string[],
  { at, width }: { readonly at: number; readonly width: number },
): Generator<void, void> {
  const middle = Math.min(at + width, from.length);
  const end = Math.min(at + 2 * width, from.length);
  let [left, right] = [at, middle];
  while (left < middle || right < end) {
    const isLeft = right >= end || (left < middle && from[left]! <= from[right]!);
    merged.push(isLeft ? from[left++]! : from[right++]!);
    if (merged.length % PIECE === 0) yield;
  }
}
