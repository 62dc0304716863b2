// Dates as registries write them.
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Epoch seconds for the forms that registries use; where only a day is given, its start in UTC. */
export function parseDate(text: string): number | undefined {
  const value = text.trim();
  const time = /(\d{1,2}):(\d{2}):(\d{2})/.exec(value);
  const clock = time ? Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3]) : 0;
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)$/.test(value)
    ? Date.parse(value.replace(' ', 'T').replace(/\s/g, ''))
    : NaN;
  if (!Number.isNaN(iso)) return Math.floor(iso / 1000);
  const build = (year: string, month: number, day: string): number | undefined => {
    const date = Date.UTC(Number(year), month - 1, Number(day)) / 1000;
    // JavaScript takes the 30th of February for the 2nd of March.
    const valid = new Date(date * 1000).getUTCMonth() === month - 1 && Number(day) >= 1;
    return valid ? date + clock : undefined;
  };
  const monthOf = (name: string): number => months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
  let match = /^(\d{4})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})/.exec(value);
  if (match) return build(match[1] ?? '', Number(match[2]), match[3] ?? '');
  match = /^(\d{4})(\d\d)(\d\d)(?:\D|$)/.exec(value);
  if (match) return build(match[1] ?? '', Number(match[2]), match[3] ?? '');
  match = /^(\d{1,2})[-/. ]([A-Za-z]{3,9})[-/. ](\d{4})/.exec(value);
  if (match) return build(match[3] ?? '', monthOf(match[2] ?? ''), match[1] ?? '');
  match = /^(\d{4})[-/. ]([A-Za-z]{3,9})[-/. ](\d{1,2})/.exec(value);
  if (match) return build(match[1] ?? '', monthOf(match[2] ?? ''), match[3] ?? '');
  // Day before month, as in Europe and South America; no registry writes the month first.
  match = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})/.exec(value);
  if (match) return build(match[3] ?? '', Number(match[2]), match[1] ?? '');
  match = /^(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9}) (\d{1,2}),?(?: [\d:]+(?: [A-Z]{3,4})?)? (\d{4})/.exec(value);
  if (match) return build(match[3] ?? '', monthOf(match[1] ?? ''), match[2] ?? '');
  return undefined;
}
