// Where a sign-in leads: one of our own pages by its name. An address that was sent along leads nowhere. Pure.

const LANDINGS = ['configure', 'library'] as const;

/** Pages that only the admin sees, by their path. */
export type Landing = (typeof LANDINGS)[number];

/** Of a query or a form: the page it names in `to`, else `configure`. */
export function landingOf(sent: unknown): Landing {
  const to = typeof sent === 'object' && sent !== null && 'to' in sent ? sent.to : undefined;
  return LANDINGS.find((name) => name === to) ?? 'configure';
}
