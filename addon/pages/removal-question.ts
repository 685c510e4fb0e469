// What a row asks before what it stands for is removed; shown and answered by the row's own script. Pure.

import { html, type Html } from './html.js';

/** Hidden until somebody presses Remove. */
export function removalQuestion(): Html {
  return html`<div class="row-buttons confirm" data-part="confirm" role="group" hidden>
    <span data-part="question"></span>
    <button class="button small danger" type="button" data-act="confirm">Yes, remove</button>
    <button class="button small" type="button" data-act="keep">Keep it</button>
  </div>`;
}
