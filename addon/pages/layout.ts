// The frame every page stands in. Pure.

import { html, type Html } from './html.js';

export interface LayoutOptions {
  /** Path prefix of the server as the browser sees it, no trailing slash. */
  readonly prefix: string;
  readonly title: string;
  readonly version: string;
  /** What stands at the right of the header. */
  readonly action?: Html;
  readonly main: Html;
  /** Names of scripts in `assets/` that this page needs beside its own. */
  readonly scripts?: readonly string[];
  /** Names of sheets in `assets/`, in the same way. */
  readonly styles?: readonly string[];
}

/** A whole document. */
export function layout({
  prefix,
  title,
  version,
  action = html``,
  main,
  scripts = [],
  styles = [],
}: LayoutOptions): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · Headstart</title>
        <link rel="icon" href="${prefix}/logo.svg" type="image/svg+xml" />
        ${['page', 'setup', ...styles].map((name) => html`<link rel="stylesheet" href="${prefix}/assets/${name}.css" />`)}
        ${['page', ...scripts].map((name) => html`<script type="module" src="${prefix}/assets/${name}.js"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="${prefix}/"
            ><img src="${prefix}/logo.svg" alt="" width="36" height="36" /><span>Headstart</span></a
          >
          <span class="version">${version}</span>
          <div class="top-action">${action}</div>
        </header>
        <main id="main">${main}</main>
        <p class="live" role="status" aria-live="polite" id="live"></p>
      </body>
    </html> `.text;
}
