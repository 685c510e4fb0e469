// Which provider a waiting article is asked of: by priority, backups last, whoever lacks it left out; a provider that is down is
// gone around, one that is busy is waited for. Pure, over what providers say of themselves.

import type { UpstreamError } from '../../../content/index.js';
import type { TaskKind } from './task.js';

/** `ready`: connected, or about to be; `hopeful`: it failed, one more try is under way or due; `off`: not asked for now. */
export type Readiness = 'ready' | 'hopeful' | 'off';

/** What choosing needs to know of a provider. */
export interface RouteStop {
  readonly id: string;
  readonly priority: number;
  readonly isBackup: boolean;
  readiness(): Readiness;
  /** Why it is not `ready`. */
  readonly fault: UpstreamError | null;
  hasRoom(kind: TaskKind): boolean;
  /** Share of its connections at work, 0 to 1. */
  readonly load: number;
}

/** What choosing needs to know of an article. */
export interface RouteQuestion {
  readonly kind: TaskKind;
  isDoneWith(providerId: string): boolean;
  faultOf(providerId: string): UpstreamError | undefined;
  /** A connection there was lost under the article. */
  wasLostAt(providerId: string): boolean;
}

/** `go` now; `wait` for room or a connection there; or nobody is left, and these could not be asked. */
export type Route<P> =
  | { readonly kind: 'go'; readonly provider: P }
  | { readonly kind: 'wait'; readonly provider: P }
  | { readonly kind: 'nobody'; readonly faults: readonly UpstreamError[] };

/**
 * `stops` in the order in which they are to be asked; one where the article was lost comes again only when no other is ready:
 * a server that falls silent under one connection does so under the next. Proportional to their number.
 */
export function chooseRoute<P extends RouteStop>(stops: readonly P[], question: RouteQuestion): Route<P> {
  if (stops.some(({ id }) => question.wasLostAt(id))) {
    const fresh = stops.filter(({ id }) => !question.wasLostAt(id));
    const route = chooseAmong(fresh, question);
    if (route.kind !== 'nobody' && route.provider.readiness() === 'ready') return route;
  }
  return chooseAmong(stops, question);
}

function chooseAmong<P extends RouteStop>(stops: readonly P[], question: RouteQuestion): Route<P> {
  const faults: UpstreamError[] = [];
  let hopeful: P | null = null;
  let ready: P | null = null;
  for (const stop of stops) {
    if (question.isDoneWith(stop.id)) continue;
    if (ready !== null && !isPeer(stop, ready)) break;
    const fault = question.faultOf(stop.id);
    const readiness = fault === undefined ? stop.readiness() : 'off';
    if (readiness === 'ready') ready = better(ready, stop, question.kind);
    else if (readiness === 'hopeful') hopeful ??= stop;
    else if ((fault ?? stop.fault) !== null) faults.push((fault ?? stop.fault) as UpstreamError);
  }
  if (ready !== null) return { kind: ready.hasRoom(question.kind) ? 'go' : 'wait', provider: ready };
  if (hopeful !== null) return { kind: 'wait', provider: hopeful };
  return { kind: 'nobody', faults };
}

function isPeer(one: RouteStop, other: RouteStop): boolean {
  return one.priority === other.priority && one.isBackup === other.isBackup;
}

/** Of equals the one with room, and of those the idler one. */
function better<P extends RouteStop>(one: P | null, other: P, kind: TaskKind): P {
  if (one === null) return other;
  if (one.hasRoom(kind) !== other.hasRoom(kind)) return one.hasRoom(kind) ? one : other;
  return other.load < one.load ? other : one;
}
