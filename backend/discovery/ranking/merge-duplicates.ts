// One release that was found several times is one candidate. Pure. Two steps: candidates of the same content are copies of
// one thing, and what is known of any is true of all; contents of one name and size are the same release published
// twice: one of them is offered, and only how well it is attended is taken from the others.

import { mapInSteps, sortInSteps, type Steps } from '../../platform/index.js';
import { formatSourceIdentity, type Candidate } from '../candidate.js';
import { Groups } from './groups.js';
import { mergeContents, mergeCopies } from './merge-facts.js';
import { plainWords } from './plain-words.js';
import { kindOf } from './release-kind.js';
import { compareText, createWholeOrder } from './whole-order.js';

/** Indexers round sizes, and some count sidecar files or the overhead of posting. */
const SIZE_TOLERANCE = 0.01;

/** What a content is called and how large it is said to be. */
interface Label {
  readonly contentIndex: number;
  readonly name: string;
  readonly sizeBytes: number;
}

/**
 * The candidates without duplicates: the same content id or infohash; the same address; the same name (however spelled)
 * of torrents, or of Usenet releases, whose sizes are no more than 1 % from the next; the address of a torrent and one of the
 * infohash that it is told to be, which is offered, unless that is dead. What is told joins no others: it may be wrong. The result is the same in whatever
 * order they come (by name and source), and merging it again changes nothing. n log n; a candidate is a few steps.
 */
export function* mergeDuplicates(candidates: readonly Candidate[]): Steps<Candidate[]> {
  const compare = createWholeOrder();
  const copies = pick(candidates, yield* groupByContent(candidates));
  const contents: Candidate[] = [];
  for (const same of copies) contents.push(yield* mergeCopies(same, compare));
  const merged: Candidate[] = [];
  for (const same of pick(contents, yield* groupByLabel(copies))) merged.push(yield* mergeContents(same, compare));
  return yield* sortInSteps(merged, compare);
}

function* groupByContent(candidates: readonly Candidate[]): Steps<Groups> {
  const groups = new Groups(candidates.length);
  const firstWith = new Map<string, number>();
  for (const [index, candidate] of candidates.entries()) {
    for (const key of contentKeys(candidate)) {
      const first = firstWith.get(key);
      if (first === undefined) firstWith.set(key, index);
      else groups.join(first, index);
    }
    yield;
  }
  return groups;
}

function contentKeys({ source, contentId }: Candidate): readonly string[] {
  const kind = kindOf(source);
  const own = source.kind === 'torrent' ? `${kind} ${source.infoHash}` : formatSourceIdentity(source);
  return contentId === null ? [own] : [own, `${kind} ${contentId}`];
}

/** Joins neighbours in size: sizes that lie between two others never make a group depend on who came first. */
function* groupByLabel(copies: readonly (readonly Candidate[])[]): Steps<Groups> {
  const groups = new Groups(copies.length);
  const alive = aliveTorrents(copies);
  const all = copies.flatMap((same, contentIndex) => same.map((candidate) => ({ candidate, contentIndex })));
  const named = yield* mapInSteps(all, ({ candidate, contentIndex }) => {
    const same = candidate.contentId === null ? alive.get(candidate.toldInfoHash ?? '') : undefined;
    if (same === undefined) return labelsOf(candidate, contentIndex);
    groups.join(same, contentIndex);
    return [];
  });
  const byName = (a: Label, b: Label): number => compareText(a.name, b.name) || a.sizeBytes - b.sizeBytes;
  const labels = yield* sortInSteps(named.flat(), byName);
  for (const [index, label] of labels.entries()) {
    const next = labels[index + 1];
    if (next?.name !== label.name) continue;
    if (next.sizeBytes - label.sizeBytes > next.sizeBytes * SIZE_TOLERANCE) continue;
    groups.join(label.contentIndex, next.contentIndex);
  }
  return groups;
}

/** Torrents that are known by their infohash and may play: where among the contents. */
function aliveTorrents(copies: readonly (readonly Candidate[])[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [contentIndex, same] of copies.entries()) {
    for (const { source, health } of same) {
      if (source.kind === 'torrent' && health.state !== 'dead') found.set(source.infoHash, contentIndex);
    }
  }
  return found;
}

function labelsOf({ source, releaseName, sizeBytes }: Candidate, contentIndex: number): Label[] {
  const kind = kindOf(source);
  const words = plainWords(releaseName);
  if (kind === 'http' || words === '' || sizeBytes === null || sizeBytes <= 0) return [];
  return [{ contentIndex, name: `${kind} ${words}`, sizeBytes }];
}

function pick<T>(things: readonly T[], groups: Groups): readonly (readonly T[])[] {
  return groups.list().map((indexes) => indexes.flatMap((index) => things[index] ?? []));
}
