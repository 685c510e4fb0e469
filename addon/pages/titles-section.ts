// What there is to watch: the open films and the newest of the library, each with its play link. Pure.

import type { OpenFilm } from '../../backend/discovery/index.js';
import { formatSize } from '../stremio/stream-object.js';
import { html, type Html } from './html.js';

/** One line of a list. */
export interface TitleRow {
  readonly name: string;
  readonly detail: string;
  readonly description: string;
  readonly playUrl: string;
  /** Opens the title in Stremio; null for what Stremio has no page of. */
  readonly stremioUrl: string | null;
  readonly isReady: boolean;
}

export function filmRow(film: OpenFilm, playUrl: string, isReady: boolean): TitleRow {
  return {
    name: `${film.title} (${film.year})`,
    detail: [film.facts.resolution ?? '', formatSize(film.file.sizeBytes), film.license].filter(Boolean).join(' · '),
    description: film.description,
    playUrl,
    stremioUrl: `stremio:///detail/movie/${film.titleId}/${film.titleId}`,
    isReady,
  };
}

export function filmsSection(rows: readonly TitleRow[]): Html {
  return html`<section class="card" aria-labelledby="films-title">
    <h2 id="films-title">Open films</h2>
    <p class="muted">Free to watch, built in. Good for a first try.</p>
    <ul class="titles">
      ${rows.map(titleItem)}
    </ul>
  </section>`;
}

/** `total` counts the whole library, of which `rows` are the newest; `url` is the page of all of it. */
export function librarySection(rows: readonly TitleRow[], total: number, url: string): Html {
  const more = total > rows.length ? html`<p class="muted">The newest ${rows.length} of ${total}.</p>` : html``;
  const list =
    rows.length === 0
      ? html`<p class="empty">Nothing yet. What you play or prepare is kept here.</p>`
      : html`<ul class="titles">
          ${rows.map(titleItem)}
        </ul>`;
  return html`<section class="card" aria-labelledby="library-title">
    <div class="card-head">
      <h2 id="library-title">Library</h2>
      <a class="button small" href="${url}">Open the library</a>
    </div>
    ${list} ${more}
  </section>`;
}

function titleItem(row: TitleRow): Html {
  const mark = row.isReady ? html` <span class="ready">plays at once</span>` : html``;
  const inStremio =
    row.stremioUrl === null
      ? html``
      : html`<a class="button small" href="${row.stremioUrl}" aria-label="Open ${row.name} in Stremio">Stremio</a>`;
  return html`<li>
    <div class="title-text">
      <strong>${row.name}</strong>
      <span class="detail">${row.detail}${mark}</span>
      <span class="description">${row.description}</span>
    </div>
    <div class="title-buttons">
      <a
        class="button small"
        href="${row.playUrl}"
        target="_blank"
        rel="noopener"
        aria-label="Play ${row.name} in the browser"
        >Play</a
      >${inStremio}
    </div>
  </li>`;
}
