// The library as a page: search, a list in pages, a template of one item. Filled and served by assets/library.js from
// `/api/library`. Pure; holds no item itself.

import { html, type Html } from './html.js';
import { removalQuestion } from './removal-question.js';

export interface LibraryPageOptions {
  /** Of the API. */
  readonly url: string;
  /** Where the page for settings is. */
  readonly configureUrl: string;
  /** Milliseconds after which an unused item goes; 0: never. */
  readonly ttlMs: number;
}

const DAY_MS = 86_400e3;

/** Everything between header and end of the page. */
export function libraryPage({ url, configureUrl, ttlMs }: LibraryPageOptions): Html {
  return html`<nav class="jumps" aria-label="Pages"><a href="${configureUrl}">← Configure</a></nav>
    <section class="card" id="library" aria-labelledby="library-title" data-url="${url}">
      <div class="card-head">
        <h1 id="library-title" tabindex="-1">Library</h1>
        <a class="button small" id="library-playlist" href="${url}/playlist.m3u8" download>Playlist (M3U8)</a>
      </div>
      <p class="muted">${keptSentence(ttlMs)}</p>
      <noscript><p class="hint warn">This page needs JavaScript.</p></noscript>
      ${filterForm()}
      <p class="problem" role="alert" id="library-problem" hidden></p>
      <p class="empty" id="library-empty" hidden></p>
      <ul class="rows" id="library-list" aria-label="Items"></ul>
      <nav class="pager" id="library-pager" aria-label="Pages of the library" hidden>
        <button class="button small" type="button" id="library-newer">Newer</button>
        <span id="library-range" role="status"></span>
        <button class="button small" type="button" id="library-older">Older</button>
      </nav>
      ${rowTemplate()} ${fileTemplate()}
    </section>`;
}

/** What is kept, and for how long. */
function keptSentence(ttlMs: number): string {
  const kept = 'What was played or prepared, newest first. ';
  const evicted = ' The bytes on disk make room when they must; what is listed plays all the same.';
  if (ttlMs === 0) return `${kept}Items stay until you remove them.${evicted}`;
  const time = ttlMs >= DAY_MS ? `${Math.round(ttlMs / (DAY_MS / 10)) / 10} days` : 'the time set by LIBRARY_TTL';
  return `${kept}An item that nobody uses for ${time} goes, favourites stay.${evicted}`;
}

function filterForm(): Html {
  return html`<form class="filter" id="library-filter" role="search">
    <div class="control">
      <label for="library-query">Search</label>
      <input id="library-query" name="query" type="search" maxlength="200" autocomplete="off" spellcheck="false" />
    </div>
    <div class="control">
      <label for="library-kind">Kind</label>
      <select id="library-kind" name="kind">
        <option value="">All</option>
        <option value="nzb">Usenet</option>
        <option value="torrent">Torrents</option>
        <option value="http">Files on the web</option>
      </select>
    </div>
    <div class="control">
      <label class="flag"
        ><input id="library-favourite" name="favourite" type="checkbox" value="true" /><span
          >Favourites only</span
        ></label
      >
    </div>
  </form>`;
}

function rowTemplate(): Html {
  return html`<template id="library-row">
    <li class="row">
      <div class="row-head">
        <strong data-part="name"></strong><span class="tag" data-part="kind"></span
        ><span class="state" data-part="health"></span>
      </div>
      <p class="detail" data-part="sizes"></p>
      <p class="detail" data-part="times"></p>
      <details class="files" data-part="files">
        <summary data-part="count"></summary>
        <ul class="file-list" data-part="list"></ul>
        <button class="button small" type="button" data-act="all" data-part="all" hidden>Show all files</button>
      </details>
      <p class="finding" role="status" data-part="said"></p>
      <div class="row-buttons" data-part="buttons">
        <a class="button small" data-part="play" target="_blank" rel="noopener">Play</a>
        <a class="button small" data-part="playlist" download>M3U8</a>
        <button class="button small" type="button" data-act="favourite" aria-pressed="false">Favourite</button>
        <button class="button small" type="button" data-act="remove">Remove</button>
      </div>
      ${removalQuestion()}
    </li>
  </template>`;
}

function fileTemplate(): Html {
  return html`<template id="library-file">
    <li>
      <div class="title-text"><span data-part="path"></span><span class="detail" data-part="facts"></span></div>
      <a class="button small" data-part="file-play" target="_blank" rel="noopener">Play</a>
    </li>
  </template>`;
}
