// A line of the worker's log as one text: fields do not cross to the server's thread, what went wrong must.

/** The words of a line and, of its fields, those that say what went wrong: code and message, of an error in `err` too. */
export function lineOf(fields: object | string, text = ''): string {
  if (typeof fields === 'string') return [fields, text].filter(Boolean).join(' ');
  const { err, code, message } = fields as Readonly<Record<'err' | 'code' | 'message', unknown>>;
  const error = (err ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  const reasons = [code, message, error.code, error.message].filter((part) => typeof part === 'string' && part !== '');
  return [text, ...reasons].filter(Boolean).join(': ');
}
