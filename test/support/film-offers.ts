// What the indexers of the tests of lists offer: the same films in several ways, remakes, episodes, and sizes that cannot be.

import type { MadeUpFilm } from './discovery-lab.js';
import { FAKE_KEY, type FakeIndexer } from './fake-indexer.js';
import { nzbItem, torrentItem } from './release-feed.js';
import { magnetOf } from './torrent-maker.js';

/** Who offers; each has more than it was asked for. */
export interface Offering {
  readonly lighthouse: FakeIndexer;
  readonly quayside: FakeIndexer;
  readonly slow: FakeIndexer;
  readonly liar: FakeIndexer;
}

/** Every indexer offers everything for whatever it is asked, as careless ones do. */
export function offerFilms(films: readonly MadeUpFilm[], { lighthouse, quayside, slow, liar }: Offering): void {
  const torrent = (film: MadeUpFilm): string => {
    const name = torrentName(film);
    return torrentItem({ name, url: magnetOf(hashFor(film), name), sizeBytes: 4_000_000_000, infoHash: hashFor(film) });
  };
  const episodes = ['S01E02.1080p', 'S01E03.1080p', 'S02E02.1080p', 'S01.720p'].map((part, at) => {
    const name = `Harbour.Lights.${part}.WEB.x264-PIER`;
    return torrentItem({ name, url: magnetOf(`${at}`.repeat(40), name), sizeBytes: 900_000_000 });
  });
  const remake = torrentItem({
    name: 'Quiet.Tide.D.1984.1080p.BluRay.x264-OLD',
    url: `${lighthouse.origin}/remake.torrent?key=${FAKE_KEY}`,
    sizeBytes: 4_000_000_000,
  });
  lighthouse.offer([...films.map(torrent), ...episodes, remake].join(''));
  quayside.offer(
    films
      .map((film) =>
        nzbItem({
          name: nzbName(film),
          url: `${quayside.origin}/get/${film.id}.nzb?apikey=${FAKE_KEY}`,
          sizeBytes: 9_000_000_000,
        }),
      )
      .join(''),
  );
  const late = (film: MadeUpFilm): string =>
    torrentItem({ name: lateName(film), url: `${slow.origin}/${film.id}.torrent`, sizeBytes: 2_000_000_000 });
  slow.offer(films.flatMap((film) => [torrent(film), late(film)]).join(''));
  const lies = [-5, 1e30, Number.NaN];
  liar.offer(
    films
      .flatMap((film) =>
        lies.map((sizeBytes, at) =>
          torrentItem({
            name: `${dotted(film.name)}.${film.year}.480p.DVDRip.x264-LIE${at}`,
            url: `${liar.origin}/${film.id}-${at}.torrent`,
            sizeBytes,
          }),
        ),
      )
      .join(''),
  );
}

/** As releases are named. */
export function dotted(name: string): string {
  return name.replaceAll(' ', '.');
}

/** Of the torrent, by Lighthouse and Slow. */
export function torrentName({ name, year }: MadeUpFilm): string {
  return `${dotted(name)}.${year}.1080p.WEB.h264-LAMP`;
}

/** Of the NZB, by Quayside. */
export function nzbName({ name, year }: MadeUpFilm): string {
  return `${dotted(name)}.${year}.2160p.WEB.h265-QUAY`;
}

/** Of the torrent that Slow alone has. */
export function lateName({ name, year }: MadeUpFilm): string {
  return `${dotted(name)}.${year}.720p.WEB.h264-LATE`;
}

function hashFor({ id }: MadeUpFilm): string {
  return id.slice(2).padStart(40, 'a');
}
