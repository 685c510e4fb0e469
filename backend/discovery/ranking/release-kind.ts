// By which way a source's bytes come: what a viewer calls a torrent or Usenet.

import type { Source } from '../../content/index.js';

export type ReleaseKind = 'torrent' | 'usenet' | 'http';

const KINDS = {
  torrent: 'torrent',
  'torrent-url': 'torrent',
  nzb: 'usenet',
  'nzb-url': 'usenet',
  http: 'http',
} as const;

export function kindOf(source: Source): ReleaseKind {
  return KINDS[source.kind];
}
