// How addons write times, years and dates, and what that means. Pure; whatever does not fit is null.

const MAX_MINUTES = 1440;
const FIRST_YEAR = 1870;
const LAST_YEAR = 2200;
/** `1h 52min`, `2 h`, `112 min`, `112` */
const RUNTIME = /^\s*(?:(\d{1,2})\s*h(?:ours?|rs?)?\.?)?\s*(?:(\d{1,4})\s*(?:m(?:in(?:ute)?s?)?\.?)?)?\s*$/i;
/** `2008`, `2008-`, `2008–2013` */
const YEARS = /^\s*(\d{4})(?:\s*([-–—~])\s*(\d{4})?)?\s*$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:$|[T ])/;
/** A day without a time, as a moment. */
const MIDNIGHT = /T00:00(?::00(?:\.0+)?)?Z?$/;

/** Minutes from `45 min`, `1h 52min` or a plain number; null for anything else, nothing, and more than a day. */
export function parseRuntime(text: string): number | null {
  const [, hours, minutes] = RUNTIME.exec(text) ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return total >= 1 && total <= MAX_MINUTES ? total : null;
}

/** The years of a title; `last` is null where only one is told, which may mean anything. */
export function parseYears(text: string): { readonly first: number; readonly last: number | null } | null {
  const [, from, , to] = YEARS.exec(text) ?? [];
  const first = yearOf(from);
  if (first === null) return null;
  const last = yearOf(to);
  return { first, last: last !== null && last >= first ? last : null };
}

/**
 * The day (`YYYY-MM-DD`) that a show is named by. Addons tell moments in UTC; what is sent in the American evening is then
 * already tomorrow, so `isAmerican` ones get the date of their own east coast.
 */
export function parseAirDate(text: string, isAmerican: boolean): string | null {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (yearOf(year) === null || month === undefined || day === undefined) return null;
  const date = `${year}-${month}-${day}`;
  const moment = Date.parse(text);
  if (Number.isNaN(moment) || Number.isNaN(Date.parse(date))) return null;
  const isMoment = /[T ]/.test(text) && !MIDNIGHT.test(text);
  return isMoment && isAmerican ? eastCoast.format(moment) : date;
}

/** Writes `2024-02-29`. */
const eastCoast = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

function yearOf(text: string | undefined): number | null {
  const year = Number(text);
  return year >= FIRST_YEAR && year <= LAST_YEAR ? year : null;
}
