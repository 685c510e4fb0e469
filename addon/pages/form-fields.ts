// Controls of forms that a page script fills and reads: each has a label, its help is read out with it, and `data-field` and
// `data-read` tell the script which field it is and how its value is written in JSON. Pure.

import { html, type Html } from './html.js';

/** A value and what people call it. */
export type Choice = readonly [value: string, label: string];

export interface FieldOptions {
  readonly name: string;
  readonly label: string;
  /** One sentence, read out with the label. */
  readonly help?: string;
}

/** Boxes of which any number may be ticked. `shown`: all ticked is sent as an empty list; `chosen`: what is ticked is. */
export function boxes(
  { name, label, help }: FieldOptions,
  { choices, reads }: { readonly choices: readonly Choice[]; readonly reads: 'shown' | 'chosen' },
): Html {
  return html`<fieldset class="boxes" data-field="${name}" data-read="${reads}" ${describedBy(name, help)}>
    <legend>${label}</legend>
    <div class="chips">
      ${choices.map(
        ([value, text]) =>
          html`<label class="chip"><input type="checkbox" value="${value}" /><span>${text}</span></label>`,
      )}
    </div>
    ${helpLine(name, help)}
  </fieldset>`;
}

/** A number that may be left empty; sent as a multiple of `unitSize`, empty as null. */
export function amount({ name, label, help }: FieldOptions, { unitSize }: { readonly unitSize: number }): Html {
  return html`<div class="control">
    <label for="p-${name}">${label}</label>
    <input
      id="p-${name}"
      data-field="${name}"
      data-read="amount"
      data-unit="${unitSize}"
      type="number"
      min="0"
      step="any"
      inputmode="decimal"
      placeholder="no limit"
      ${describedBy(name, help)}
    />
    ${helpLine(name, help)}
  </div>`;
}

/** A whole number. */
export function count(
  { name, label, help }: FieldOptions,
  { min, max }: { readonly min: number; readonly max: number },
): Html {
  return html`<div class="control">
    <label for="p-${name}">${label}</label>
    <input
      id="p-${name}"
      data-field="${name}"
      data-read="count"
      type="number"
      min="${min}"
      max="${max}"
      step="1"
      required
      inputmode="numeric"
      ${describedBy(name, help)}
    />
    ${helpLine(name, help)}
  </div>`;
}

/** Several words in one line, separated by commas. `codes` are sent in lower case. */
export function words(
  { name, label, help }: FieldOptions,
  { reads, example }: { readonly reads: 'words' | 'codes'; readonly example: string },
): Html {
  return html`<div class="control">
    <label for="p-${name}">${label}</label>
    <input
      id="p-${name}"
      data-field="${name}"
      data-read="${reads}"
      type="text"
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      maxlength="3200"
      placeholder="${example}"
      ${describedBy(name, help)}
    />
    ${helpLine(name, help)}
  </div>`;
}

/** One of several. */
export function choice({ name, label, help }: FieldOptions, choices: readonly Choice[]): Html {
  return html`<div class="control">
    <label for="p-${name}">${label}</label>
    <select id="p-${name}" data-field="${name}" data-read="choice" ${describedBy(name, help)}>
      ${choices.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>
    ${helpLine(name, help)}
  </div>`;
}

/** Yes or no. */
export function flag({ name, label, help }: FieldOptions): Html {
  return html`<div class="control">
    <label class="flag"
      ><input data-field="${name}" data-read="flag" type="checkbox" ${describedBy(name, help)} /><span
        >${label}</span
      ></label
    >
    ${helpLine(name, help)}
  </div>`;
}

function describedBy(name: string, help: string | undefined): Html {
  return help === undefined ? html`` : html`aria-describedby="p-${name}-help"`;
}

function helpLine(name: string, help: string | undefined): Html {
  return help === undefined ? html`` : html`<p class="help" id="p-${name}-help">${help}</p>`;
}
