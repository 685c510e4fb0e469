// The form for adding and changing what is set up (an indexer, a news server): opens, tests, saves, closes, and gives the
// focus back to where it came from.
import { call } from './calls.js';
import { readFields, writeFields } from './form-fields.js';
import { sayFinding, setText, whileBusy } from './rows.js';

const byId = (id) => document.getElementById(id);

export class EntryForm {
  #o;
  #form;
  #said;
  #title;
  /** Of the one that is being changed; null for a new one. */
  #id = null;
  #opener = null;

  /**
   * `name`: what its elements are called by. `nameOf` and `valuesOf` say what an entry is called and what stands in the
   * fields, of secrets their masked form or null. `words` are those of the kind. `onSaved` is told the sentence to say.
   */
  constructor(options) {
    this.#o = options;
    const { name } = options;
    this.#form = byId(`${name}-form`);
    this.#said = byId(`${name}-form-said`);
    this.#title = byId(`${name}-form-title`).textContent;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#save();
    });
    byId(`${name}-form-test`).addEventListener('click', () => void this.#test());
    byId(`${name}-form-cancel`).addEventListener('click', () => this.close());
    this.#form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.#form.addEventListener('input', (event) => event.target.removeAttribute('aria-invalid'));
  }

  /** For a new one, or to change `entry`. */
  open(opener, entry = null) {
    const { name, nameOf, valuesOf } = this.#o;
    this.#opener = opener;
    this.#id = entry?.id ?? null;
    this.#form.reset();
    for (const field of this.#form.querySelectorAll('[data-read="secret"]')) field.placeholder = '';
    if (entry !== null) writeFields(this.#form, valuesOf(entry));
    this.#clear();
    byId(`${name}-form-title`).textContent = entry === null ? this.#title : `Change ${nameOf(entry)}`;
    this.#form.hidden = false;
    this.#form.querySelector(entry === null ? '[data-field]' : '[type="password"]').focus();
    this.#form.scrollIntoView({ block: 'nearest' });
  }

  close() {
    this.#form.reset();
    this.#form.hidden = true;
    this.#opener?.focus();
  }

  async #test() {
    const { asking, name, url, words } = this.#o;
    await whileBusy(byId(`${name}-form-test`), this.#said, async () => {
      this.#clear();
      setText(this.#said, asking);
      const path = this.#id === null ? '/test' : `/${this.#id}/test`;
      const findings = await this.#send(url + path, 'POST');
      sayFinding(this.#said, words.findingSentence(findings), findings.ok);
    });
  }

  async #save() {
    const { nameOf, onSaved, url } = this.#o;
    await whileBusy(this.#form.querySelector('[type="submit"]'), this.#said, async () => {
      this.#clear();
      const isNew = this.#id === null;
      const saved = await this.#send(isNew ? url : `${url}/${this.#id}`, isNew ? 'POST' : 'PUT');
      this.close();
      await onSaved(isNew ? `${nameOf(saved)} was added` : `${nameOf(saved)} was changed`);
    });
  }

  async #send(url, method) {
    try {
      return await call(url, { method, body: readFields(this.#form) });
    } catch (error) {
      this.#markField(this.#o.words.fieldOf(error.message));
      throw new Error(this.#o.words.formSentence(error.message));
    }
  }

  #markField(name) {
    const field = name === null ? null : this.#form.elements[name];
    if (!field) return;
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  }

  #clear() {
    setText(this.#said, '');
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }
}
