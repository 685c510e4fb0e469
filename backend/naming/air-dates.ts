// Days named in a text, as daily shows are called by. Pure arithmetic on what is written; knows no calendar of shows.

/** One day, where it stands. */
export interface NamedDate {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly index: number;
}

const YEAR_FIRST = /(?<![\p{L}\p{N}])((?:19|20)\d\d)([ ._/-]?)(\d\d)\2(\d\d)(?![\p{L}\p{N}])/gu;
const DAY_FIRST = /(?<![\p{L}\p{N}])(\d\d)([ ._/-])(\d\d)\2((?:19|20)\d\d)(?![\p{L}\p{N}])/gu;

/**
 * `2024.03.05`, `2024-03-05`, `20240305`, `05.03.2024`; of the last form, where the day cannot be a month (`03.25.2024`),
 * also with the month first.
 */
export function readDates(text: string): NamedDate[] {
  const found: NamedDate[] = [];
  const note = (year: string, month: string, day: string, index: number): void => {
    if (isMonth(month) && isDay(day)) found.push({ date: `${year}-${month}-${day}`, index });
  };
  for (const { index, 1: year = '', 3: month = '', 4: day = '' } of text.matchAll(YEAR_FIRST))
    note(year, month, day, index);
  for (const { index, 1: first = '', 3: second = '', 4: year = '' } of text.matchAll(DAY_FIRST)) {
    if (isMonth(second)) note(year, second, first, index);
    else note(year, first, second, index);
  }
  return found;
}

function isMonth(digits: string): boolean {
  return Number(digits) >= 1 && Number(digits) <= 12;
}

function isDay(digits: string): boolean {
  return Number(digits) >= 1 && Number(digits) <= 31;
}
