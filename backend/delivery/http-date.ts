// Dates as HTTP writes them (RFC 9110 §5.6.7). Pure.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TIME = String.raw`(\d{2}):(\d{2}):(\d{2})`;
const IMF_FIXDATE = new RegExp(String.raw`^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(String.raw`^[A-Z][a-z]{5,8}, (\d{2})-([A-Z][a-z]{2})-(\d{2}) ${TIME} GMT$`);
const ASCTIME = new RegExp(String.raw`^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) ${TIME} (\d{4})$`);

/** Epoch ms of any of the three forms; null for everything else, impossible days and hours included. */
export function parseHttpDate(text: string): number | null {
  const fixed = IMF_FIXDATE.exec(text);
  if (fixed !== null) return toEpoch(Number(fixed[3]), fixed[2], fixed[1], fixed.slice(4, 7));
  const old = RFC_850.exec(text);
  if (old !== null) return toEpoch(fullYear(Number(old[3])), old[2], old[1], old.slice(4, 7));
  const asctime = ASCTIME.exec(text);
  if (asctime !== null) return toEpoch(Number(asctime[6]), asctime[1], asctime[2], asctime.slice(3, 6));
  return null;
}

/** IMF-fixdate, the only form that may be sent. */
export function formatHttpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}

/** Two digits: dates about films lie between 1970 and 2069 (the RFC's rule of "50 years from now" needs a clock). */
function fullYear(twoDigits: number): number {
  return twoDigits >= 70 ? 1900 + twoDigits : 2000 + twoDigits;
}

function toEpoch(year: number, monthName = '', dayText = '', time: readonly string[] = []): number | null {
  const month = MONTHS.indexOf(monthName);
  const day = Number(dayText);
  const [hour = 0, minute = 0, second = 0] = time.map(Number);
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return null;
  const epoch = Date.UTC(year, month, day, hour, minute, second);
  const isReal = new Date(Date.UTC(year, month, day)).getUTCDate() === day;
  return isReal ? epoch : null;
}
