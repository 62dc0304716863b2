// Moments in words.

/** Seconds since → '12 s ago', '3 min ago', '5 h ago', '2 d ago'; 'now' within a second; `short` leaves 'ago' out. */
export function ageText(seconds: number, short = false): string {
  const s = Math.round(seconds);
  const span = spanText(Math.abs(s));
  if (Math.abs(s) < 1) return 'now';
  if (s < 0) return `in ${span}`;
  return short ? span : `${span} ago`;
}

function spanText(s: number): string {
  if (s < 90) return `${s} s`;
  if (s < 90 * 60) return `${Math.round(s / 60)} min`;
  if (s < 36 * 3600) return `${Math.round(s / 3600)} h`;
  return `${Math.round(s / 86_400)} d`;
}

/** '2026-03-01 04:12:05' in the reader's own zone, or in UTC (and saying so) while that is not known. */
export function dateText(at: number, local: boolean): string {
  const date = new Date(at * 1000);
  if (!local) return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `${date.toLocaleDateString('sv-SE')} ${date.toLocaleTimeString('sv-SE')}`;
}

/** A label of a time axis: the hour within two days, else the day. */
export function axisText(at: number, rangeSeconds: number, local: boolean): string {
  const zone = local ? undefined : 'UTC';
  const date = new Date(at * 1000);
  return rangeSeconds <= 2 * 86_400
    ? date.toLocaleTimeString('sv-SE', { hour: '2-digit', minute: '2-digit', timeZone: zone })
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: zone });
}
