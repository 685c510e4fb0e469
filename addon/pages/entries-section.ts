// A card with what is set up of a kind: a list, one form for adding and changing, a template of a row. Filled and served by
// assets/entry-list.js and entry-form.js. Pure; holds no entry itself, so no secret either.

import { html, type Html } from './html.js';
import { removalQuestion } from './removal-question.js';

export interface EntriesSectionOptions {
  /** Of its elements: `indexer` makes `indexer-form`, `indexers-title`. */
  readonly name: 'indexer' | 'provider';
  /** Of the card. */
  readonly id: string;
  readonly title: string;
  /** On the button, and over the form: "Add an indexer". */
  readonly addLabel: string;
  /** The API's. */
  readonly url: string;
  readonly intro: string;
  /** Said where nothing is set up. */
  readonly empty: string;
  readonly fields: Html;
  /** Of a row, between its head and where it is set. */
  readonly details: Html;
  /** Beside Test, Edit and Remove. */
  readonly canBeTurnedOff: boolean;
}

export function entriesSection(options: EntriesSectionOptions): Html {
  const { addLabel, empty, id, intro, name, title, url } = options;
  return html`<section class="card" id="${id}" aria-labelledby="${name}s-title" data-url="${url}">
    <div class="card-head">
      <h2 id="${name}s-title" tabindex="-1">${title}</h2>
      <button class="button small" type="button" id="${name}-add">${addLabel}</button>
    </div>
    <p class="muted">${intro}</p>
    <noscript><p class="hint warn">This part needs JavaScript.</p></noscript>
    ${form(options)}
    <p class="empty" id="${name}s-empty" hidden>${empty}</p>
    <p class="problem" role="alert" id="${name}s-problem" hidden></p>
    <ul class="rows" id="${name}-list"></ul>
    ${rowTemplate(options)}
  </section>`;
}

function form({ addLabel, fields, name }: EntriesSectionOptions): Html {
  return html`<form class="inset" id="${name}-form" aria-labelledby="${name}-form-title" hidden novalidate>
    <h3 id="${name}-form-title">${addLabel}</h3>
    ${fields}
    <p class="finding" role="status" id="${name}-form-said"></p>
    <div class="buttons">
      <button class="button primary" type="submit">Save</button>
      <button class="button" type="button" id="${name}-form-test">Test</button>
      <button class="button" type="button" id="${name}-form-cancel">Cancel</button>
    </div>
  </form>`;
}

function rowTemplate({ canBeTurnedOff, details, name }: EntriesSectionOptions): Html {
  const toggle = html`<button class="button small" type="button" data-act="toggle"></button>`;
  return html`<template id="${name}-row">
    <li class="row">
      <div class="row-head">
        <strong data-part="name"></strong><span class="tag" data-part="tag"></span
        ><span class="state" data-part="state"></span>
      </div>
      ${details}
      <p class="detail" data-part="origin" hidden></p>
      <p class="finding" role="status" data-part="said"></p>
      <div class="row-buttons" data-part="buttons">
        <button class="button small" type="button" data-act="test">Test</button>
        <button class="button small" type="button" data-act="edit">Edit</button>
        ${canBeTurnedOff ? toggle : html``}
        <button class="button small" type="button" data-act="remove">Remove</button>
      </div>
      ${removalQuestion()}
    </li>
  </template>`;
}
