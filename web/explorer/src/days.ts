// What a day of a question can be, and which day is the next one to look at. It must not know what happened on it.

// While a year is being typed the browser tells the years 0002, 0020 and 0201.
export const FIRST_DAY = "1900-01-01";
export const LAST_DAY = "2200-12-31";

/** The nearest day of change; by one day where none is known, or may lie before those that are; null: there is none. */
export function dayFrom(asOf: string, by: 1 | -1, changes: readonly string[], earlier = false): string | null {
  const next = by > 0 ? changes.find((day) => day > asOf) : [...changes].reverse().find((day) => day < asOf);
  if (next || (changes.length && !(by < 0 && earlier))) return next ?? null;
  return new Date(Date.parse(asOf) + by * 86_400_000).toISOString().slice(0, 10);
}
