// The form for adding and changing an indexer: opens, tests, saves, closes, and gives the focus back to where it came from.
import { call } from './calls.js';
import { fieldOf, findingSentence, formSentence } from './indexer-words.js';
import { sayFinding, setText, whileBusy } from './rows.js';

const byId = (id) => document.getElementById(id);

export class IndexerForm {
  #url;
  #form = byId('indexer-form');
  #said = byId('indexer-form-said');
  #onSaved;
  /** Of the one that is being changed; null for a new one. */
  #id = null;
  #opener = null;

  /** `onSaved` is told the sentence to say. */
  constructor({ url, onSaved }) {
    this.#url = url;
    this.#onSaved = onSaved;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#save();
    });
    byId('indexer-form-test').addEventListener('click', () => void this.#test());
    byId('indexer-form-cancel').addEventListener('click', () => this.close());
    this.#form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
    });
    this.#form.addEventListener('input', (event) => event.target.removeAttribute('aria-invalid'));
  }

  /** For a new one, or to change `indexer`. */
  open(opener, indexer = null) {
    const { kind, url, apiKey, name } = this.#form.elements;
    this.#opener = opener;
    this.#id = indexer?.id ?? null;
    this.#form.reset();
    this.#clear();
    byId('indexer-form-title').textContent = indexer === null ? 'Add an indexer' : `Change ${indexer.name}`;
    kind.value = indexer?.kind ?? kind.options[0].value;
    url.value = indexer?.url ?? '';
    name.value = indexer?.name ?? '';
    apiKey.placeholder = indexer?.maskedKey ? `${indexer.maskedKey} (empty: stays as it is)` : '';
    this.#form.hidden = false;
    (indexer === null ? kind : apiKey).focus();
    this.#form.scrollIntoView({ block: 'nearest' });
  }

  close() {
    this.#form.reset();
    this.#form.hidden = true;
    this.#opener?.focus();
  }

  async #test() {
    await whileBusy(byId('indexer-form-test'), this.#said, async () => {
      this.#clear();
      setText(this.#said, 'Asking the indexer …');
      const path = this.#id === null ? '/test' : `/${this.#id}/test`;
      const findings = await this.#send(this.#url + path, 'POST');
      sayFinding(this.#said, findingSentence(findings), findings.ok);
    });
  }

  async #save() {
    await whileBusy(this.#form.querySelector('[type="submit"]'), this.#said, async () => {
      this.#clear();
      const isNew = this.#id === null;
      const saved = await this.#send(isNew ? this.#url : `${this.#url}/${this.#id}`, isNew ? 'POST' : 'PUT');
      this.close();
      await this.#onSaved(isNew ? `${saved.name} was added` : `${saved.name} was changed`);
    });
  }

  async #send(url, method) {
    const { kind, url: address, apiKey, name } = this.#form.elements;
    const body = { kind: kind.value, url: address.value, apiKey: apiKey.value, name: name.value };
    try {
      return await call(url, { method, body });
    } catch (error) {
      this.#markField(fieldOf(error.message));
      throw new Error(formSentence(error.message));
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
