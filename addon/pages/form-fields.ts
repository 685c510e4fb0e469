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
  /** It says so beside the label. */
  readonly isOptional?: boolean;
}

/** One line as it is written. `example` stands in it while it is empty. */
export interface TextOptions {
  readonly type?: 'text' | 'url';
  readonly maxLength: number;
  readonly example?: string;
  readonly isRequired?: boolean;
}

/** The controls of one form; `prefix` keeps their ids apart from those of other forms of the page. */
export class FormFields {
  constructor(private readonly prefix: string) {}

  /** Boxes of which any number may be ticked. `shown`: all ticked is sent as an empty list; `chosen`: what is ticked is. */
  boxes(
    options: FieldOptions,
    { choices, reads }: { readonly choices: readonly Choice[]; readonly reads: 'shown' | 'chosen' },
  ): Html {
    const { name, label } = options;
    return html`<fieldset class="boxes" data-field="${name}" data-read="${reads}" ${this.#describedBy(options)}>
      <legend>${label}</legend>
      <div class="chips">
        ${choices.map(
          ([value, text]) =>
            html`<label class="chip"><input type="checkbox" value="${value}" /><span>${text}</span></label>`,
        )}
      </div>
      ${this.#helpLine(options)}
    </fieldset>`;
  }

  /** A number that may be left empty; sent as a multiple of `unitSize`, empty as null. */
  amount(options: FieldOptions, { unitSize }: { readonly unitSize: number }): Html {
    const number = html`type="number" min="0" step="any" inputmode="decimal" placeholder="no limit"`;
    return this.#control(options, html`<input ${this.#field(options, 'amount')} data-unit="${unitSize}" ${number} />`);
  }

  /** A whole number; `whenEmpty` says what holds when it is left empty, which is sent as null. `value`: of a new form. */
  count(
    options: FieldOptions,
    bounds: { readonly min: number; readonly max: number; readonly value?: number; readonly whenEmpty?: string },
  ): Html {
    const { min, max, value, whenEmpty } = bounds;
    const empty = whenEmpty === undefined ? html`required` : html`placeholder="${whenEmpty}"`;
    const number = html`type="number" min="${min}" max="${max}" step="1" inputmode="numeric" ${empty}`;
    const first = value === undefined ? html`` : html`value="${value}"`;
    return this.#control(options, html`<input ${this.#field(options, 'count')} ${number} ${first} />`);
  }

  /** Several words in one line, separated by commas. `codes` are sent in lower case. */
  words(
    options: FieldOptions,
    { reads, example }: { readonly reads: 'words' | 'codes'; readonly example: string },
  ): Html {
    return this.#line(options, reads, { maxLength: 3200, example });
  }

  text(options: FieldOptions, text: TextOptions): Html {
    return this.#line(options, 'text', text);
  }

  /** What is kept and never shown again: empty leaves it as it is. Hidden while it is typed, unless `isSeen`. */
  secret(
    options: FieldOptions,
    { maxLength, isSeen = false }: { readonly maxLength: number; readonly isSeen?: boolean },
  ): Html {
    return this.#line(options, 'secret', { type: isSeen ? 'text' : 'password', maxLength });
  }

  /** One of several. */
  choice(options: FieldOptions, choices: readonly Choice[]): Html {
    return this.#control(
      options,
      html`<select ${this.#field(options, 'choice')}>
        ${choices.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
      </select>`,
    );
  }

  /** Yes or no. `isOn`: in a new form. */
  flag(options: FieldOptions, { isOn = false }: { readonly isOn?: boolean } = {}): Html {
    const checked = isOn ? html`checked` : html``;
    return html`<div class="control">
      <label class="flag" for="${this.#id(options)}"
        ><input ${this.#field(options, 'flag')} type="checkbox" ${checked} /><span>${options.label}</span></label
      >
      ${this.#helpLine(options)}
    </div>`;
  }

  #line(
    options: FieldOptions,
    reads: string,
    { type = 'text', maxLength, example, isRequired = false }: Omit<TextOptions, 'type'> & { readonly type?: string },
  ): Html {
    const asTyped = html`autocomplete="off" autocapitalize="none" spellcheck="false"`;
    const placeholder = example === undefined ? html`` : html`placeholder="${example}"`;
    const required = isRequired ? html`required` : html``;
    const line = html`type="${type}" maxlength="${maxLength}" ${asTyped} ${placeholder} ${required}`;
    return this.#control(options, html`<input ${this.#field(options, reads)} ${line} />`);
  }

  #control(options: FieldOptions, control: Html): Html {
    const optional = options.isOptional === true ? html` <span class="optional">(optional)</span>` : html``;
    return html`<div class="control">
      <label for="${this.#id(options)}">${options.label}${optional}</label>
      ${control} ${this.#helpLine(options)}
    </div>`;
  }

  #field(options: FieldOptions, reads: string): Html {
    const { name } = options;
    return html`id="${this.#id(options)}" name="${name}" data-field="${name}" data-read="${reads}"
    ${this.#describedBy(options)}`;
  }

  #describedBy(options: FieldOptions): Html {
    return options.help === undefined ? html`` : html`aria-describedby="${this.#id(options)}-help"`;
  }

  #helpLine(options: FieldOptions): Html {
    return options.help === undefined
      ? html``
      : html`<p class="help" id="${this.#id(options)}-help">${options.help}</p>`;
  }

  #id({ name }: FieldOptions): string {
    return `${this.prefix}-${name}`;
  }
}
