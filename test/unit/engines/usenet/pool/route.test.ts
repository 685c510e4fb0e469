import { describe, expect, it } from '@jest/globals';
import { UpstreamError } from '../../../../../backend/content/index.js';
import { chooseRoute } from '../../../../../backend/engines/usenet/pool/route.js';
import type { Readiness, RouteStop } from '../../../../../backend/engines/usenet/pool/route.js';

interface Stop {
  readonly id: string;
  readonly readiness?: Readiness;
  readonly room?: boolean;
  readonly priority?: number;
  readonly isBackup?: boolean;
  readonly load?: number;
}

const fault = (id: string): UpstreamError => new UpstreamError(`${id} is down`, 'PROVIDER_UNREACHABLE');

function stop({ id, readiness = 'ready', room = true, priority = 0, isBackup = false, load = 0 }: Stop): RouteStop {
  return { id, priority, isBackup, load, readiness: () => readiness, hasRoom: () => room, fault: fault(id) };
}

function routed(stops: Stop[], lacking: string[] = [], failed: string[] = [], lost: string[] = []): string {
  const route = chooseRoute(stops.map(stop), {
    kind: 'body',
    isDoneWith: (id) => lacking.includes(id),
    faultOf: (id) => (failed.includes(id) ? fault(id) : undefined),
    wasLostAt: (id) => lost.includes(id),
  });
  if (route.kind === 'nobody') return `nobody, ${route.faults.length} faults`;
  return `${route.kind} ${route.provider.id}`;
}

describe('route of an article', () => {
  const a = { id: 'a' };
  const b = { id: 'b', priority: 1 };

  it.each<[string, Stop[], string]>([
    ['the first that is ready', [a, b], 'go a'],
    ['one that is busy is waited for', [{ ...a, room: false }, b], 'wait a'],
    [
      'its equal takes over',
      [
        { ...a, room: false },
        { ...b, priority: 0 },
      ],
      'go b',
    ],
    [
      'the idler of equals',
      [
        { ...a, load: 0.5 },
        { ...b, priority: 0, load: 0.1 },
      ],
      'go b',
    ],
    [
      'a backup is no equal',
      [
        { ...a, room: false },
        { ...b, priority: 0, isBackup: true },
      ],
      'wait a',
    ],
    ['one that is down is gone around', [{ ...a, readiness: 'off' }, b], 'go b'],
    ['one that may come back is gone around', [{ ...a, readiness: 'hopeful' }, b], 'go b'],
    ['one that may come back is better than none', [{ ...a, readiness: 'hopeful' }], 'wait a'],
    ['nobody left', [{ ...a, readiness: 'off' }], 'nobody, 1 faults'],
    ['nobody at all', [], 'nobody, 0 faults'],
  ])('%s', (_, stops, expected) => {
    expect(routed(stops)).toBe(expected);
  });

  it('providers that lack it - are left out and are no fault', () => {
    expect(routed([a, b], ['a'])).toBe('go b');
    expect(routed([a, b], ['a', 'b'])).toBe('nobody, 0 faults');
    expect(routed([a, b], ['a'], ['b'])).toBe('nobody, 1 faults');
  });

  it('one where the article was lost - comes again only when no other is ready', () => {
    expect(routed([a, { ...b, isBackup: true }], [], [], ['a'])).toBe('go b');
    expect(routed([a, { ...b, room: false }], [], [], ['a'])).toBe('wait b');
    expect(routed([a, { ...b, readiness: 'hopeful' }], [], [], ['a'])).toBe('go a');
    expect(routed([a, b], ['b'], [], ['a'])).toBe('go a');
  });
});
