// A list of what is set up (indexers, news servers): shows how each is doing, tests, removes after a question; the form does
// the rest.
import { call, keepLooking } from './calls.js';
import { EntryForm } from './entry-form.js';
import { part, Rows, sayFinding, setText, whileBusy } from './rows.js';
import { say } from './say.js';

const byId = (id) => document.getElementById(id);

export class EntryList {
  #o;
  #url;
  #rows;
  #form;
  #known = new Map();
  #acts;

  /**
   * `section`: the card; `name`: what its elements are called by; `variable`: what sets those of the environment. `update`
   * shows an entry in a row beside its name; `acts` are what else the buttons of a row do. The rest is the form's.
   */
  constructor({ section, acts = {}, ...options }) {
    const { name } = options;
    this.#o = options;
    this.#url = byId(section).dataset.url;
    const create = (row, id) => this.#wire(row, id);
    this.#rows = new Rows({ list: byId(`${name}-list`), template: byId(`${name}-row`), create });
    this.#form = new EntryForm({ ...options, url: this.#url, onSaved: (sentence) => this.showAndSay(sentence) });
    this.#acts = {
      test: (row, entry, button) => this.#test(row, entry, button),
      edit: (_row, entry, button) => this.#form.open(button, entry),
      remove: (row, entry) => this.#askToRemove(row, entry),
      confirm: (row, entry, button) => this.#remove(row, entry, button),
      keep: (row) => keepIt(row),
      ...acts,
    };
    byId(`${name}-add`).addEventListener('click', (event) => this.#form.open(event.currentTarget));
  }

  /** Shows it now, and again every so often. */
  start(everyMs) {
    keepLooking(() => this.#show(), everyMs);
  }

  async showAndSay(sentence) {
    await this.#show();
    say(sentence);
  }

  /** Of one entry. */
  pathOf({ id }) {
    return `${this.#url}/${encodeURIComponent(id)}`;
  }

  async #show() {
    const { name } = this.#o;
    try {
      const { [`${name}s`]: entries } = await call(this.#url);
      this.#known.clear();
      for (const entry of entries) this.#known.set(entry.id, entry);
      this.#rows.show(entries, (row, entry) => this.#update(row, entry));
      byId(`${name}s-empty`).hidden = entries.length > 0;
      setText(byId(`${name}s-problem`), '');
    } catch (error) {
      setText(byId(`${name}s-problem`), error.message);
    }
  }

  #wire(row, id) {
    row.addEventListener('click', ({ target }) => {
      const button = target.closest('[data-act]');
      if (button !== null) void this.#acts[button.dataset.act](row, this.#known.get(id), button);
    });
  }

  #update(row, entry) {
    const { nameOf, update, variable } = this.#o;
    const name = nameOf(entry);
    setText(part(row, 'name'), name);
    update(row, entry);
    const isFixed = entry.origin === 'environment';
    setText(part(row, 'origin'), isFixed ? `Set by ${variable}: change it there and restart.` : '');
    for (const button of row.querySelectorAll('[data-act]')) {
      button.setAttribute('aria-label', `${button.textContent}: ${name}`);
      button.hidden = isFixed && button.dataset.act !== 'test';
    }
  }

  async #test(row, entry, button) {
    const said = part(row, 'said');
    await whileBusy(button, said, async () => {
      const findings = await call(`${this.pathOf(entry)}/test`, { method: 'POST', body: {} });
      sayFinding(said, this.#o.words.findingSentence(findings), findings.ok);
      await this.#show();
    });
  }

  #askToRemove(row, entry) {
    setText(part(row, 'question'), `Remove ${this.#o.nameOf(entry)}?`);
    setAsking(row, true);
    row.querySelector('[data-act="keep"]').focus();
  }

  async #remove(row, entry, button) {
    const { name, nameOf } = this.#o;
    await whileBusy(button, part(row, 'said'), async () => {
      await call(this.pathOf(entry), { method: 'DELETE' });
      await this.showAndSay(`${nameOf(entry)} was removed`);
      byId(`${name}s-title`).focus();
    });
  }
}

function keepIt(row) {
  setAsking(row, false);
  row.querySelector('[data-act="remove"]').focus();
}

function setAsking(row, isAsking) {
  part(row, 'buttons').hidden = isAsking;
  part(row, 'confirm').hidden = !isAsking;
}
