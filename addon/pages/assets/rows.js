// Rows of a list that is shown again and again: each stays the element it is, so that neither focus nor what was said in
// it is lost.

/** `create` makes a row of an entry's id, `update` shows an entry in it. */
export class Rows {
  #list;
  #template;
  #create;
  #rows = new Map();

  constructor({ list, template, create }) {
    this.#list = list;
    this.#template = template;
    this.#create = create;
  }

  /** Shows exactly these entries (each with an `id`), in this order. */
  show(entries, update) {
    const ids = new Set(entries.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    entries.forEach((entry, at) => {
      const row = this.#rows.get(entry.id) ?? this.#add(entry.id);
      if (this.#list.children[at] !== row) this.#list.insertBefore(row, this.#list.children[at] ?? null);
      update(row, entry);
    });
  }

  get(id) {
    return this.#rows.get(id);
  }

  #add(id) {
    const row = this.#template.content.firstElementChild.cloneNode(true);
    this.#rows.set(id, row);
    this.#create(row, id);
    return row;
  }
}

/** The part of a row that a template names so. */
export function part(row, name) {
  return row.querySelector(`[data-part="${name}"]`);
}

/** Text, and whether the part is seen at all. What is read out is never hidden: nobody would hear it come back. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
  if (element.getAttribute('role') !== 'status') element.hidden = text === '';
}

/** What was found, as good or bad news. */
export function sayFinding(element, text, isGood) {
  setText(element, text);
  element.dataset.good = String(isGood);
}

/** Says that something is under way, and keeps its button from a second press. */
export async function whileBusy(button, element, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  setText(element, 'Asking …');
  delete element.dataset.good;
  try {
    await work();
  } catch (error) {
    sayFinding(element, error.message, false);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}
