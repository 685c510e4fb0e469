// The page's forms and their JSON, in both directions. Which field is written how stands in the form itself (`data-field`,
// `data-read`).

const WAYS = {
  shown: {
    read: (field) => {
      const values = ticked(field);
      return values.length === boxesOf(field).length ? [] : values;
    },
    write: (field, values) => tick(field, (value) => values.length === 0 || values.includes(value)),
  },
  chosen: { read: ticked, write: (field, values) => tick(field, (value) => values.includes(value)) },
  amount: {
    read: (field) => (field.value === '' ? null : Math.round(Number(field.value) * Number(field.dataset.unit))),
    write: (field, number) => (field.value = number === null ? '' : String(number / Number(field.dataset.unit))),
  },
  count: {
    read: (field) => (field.value === '' ? null : Number(field.value)),
    write: (field, number) => (field.value = number === null ? '' : String(number)),
  },
  choice: { read: (field) => field.value, write: (field, value) => (field.value = value) },
  flag: { read: (field) => field.checked, write: (field, isOn) => (field.checked = isOn) },
  text: { read: (field) => field.value, write: (field, text) => (field.value = text) },
  secret: {
    read: (field) => field.value,
    write: (field, masked) => {
      field.value = '';
      field.placeholder = masked === null ? '' : `${masked} (empty: stays as it is)`;
    },
  },
  words: { read: (field) => listed(field.value), write: (field, words) => (field.value = words.join(', ')) },
  codes: {
    read: (field) => listed(field.value.toLowerCase()),
    write: (field, codes) => (field.value = codes.join(', ')),
  },
};

/** What the form says, whole. */
export function readFields(form) {
  return Object.fromEntries(fieldsOf(form).map((field) => [field.dataset.field, WAYS[field.dataset.read].read(field)]));
}

export function writeFields(form, values) {
  for (const field of fieldsOf(form)) WAYS[field.dataset.read].write(field, values[field.dataset.field]);
}

/** Marks the fields a message of the API names (`field.0: …; other: …`), and gives their labels. */
export function markWrong(form, message) {
  const named = new Set(message.split('; ').map((problem) => /^\w+/.exec(problem)?.[0]));
  const wrong = fieldsOf(form).filter((field) => named.has(field.dataset.field));
  for (const field of fieldsOf(form)) field.removeAttribute('aria-invalid');
  for (const field of wrong) field.setAttribute('aria-invalid', 'true');
  return wrong.map((field) => (field.labels?.[0] ?? field.querySelector('legend')).textContent.trim());
}

function fieldsOf(form) {
  return [...form.querySelectorAll('[data-field]')];
}

function boxesOf(field) {
  return [...field.querySelectorAll('input')];
}

function ticked(field) {
  return boxesOf(field)
    .filter(({ checked }) => checked)
    .map(({ value }) => value);
}

function tick(field, isTicked) {
  for (const box of boxesOf(field)) box.checked = isTicked(box.value);
}

function listed(text) {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
