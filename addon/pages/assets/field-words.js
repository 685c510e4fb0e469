// What the API says of fields, in a form's own words. Pure.

/** `fields`: what each is called in the middle of a sentence. */
export function fieldWords(fields) {
  const names = Object.keys(fields).join('|');
  const told = new RegExp(`\\b(?:${names})\\b(?= (?:must|is|leads))`, 'g');
  const first = new RegExp(`^(${names})\\b`);
  return {
    formSentence: (message) =>
      message.replace(told, (field, at) => {
        const words = fields[field];
        const isFirst = at === 0 || message.slice(0, at).endsWith('. ');
        return isFirst ? words[0].toUpperCase() + words.slice(1) : words;
      }),
    /** The field of the form that a message is about, or null. */
    fieldOf: (message) => first.exec(message)?.[1] ?? null,
  };
}
